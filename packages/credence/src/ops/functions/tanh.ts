import { type Machine, polynomial } from "../machine.js";
import { expParts } from "./exp.js";
import { atMost, pick } from "./sums.js";

/** (tanh(x) / x - 1) / x² in x², up to |x| = LIMIT: minimax.py, "tanh". */
const CUBIC = {
  float32: [
    -0.33333298563957214, 0.13332243263721466, -0.05385362729430199, 0.021306440234184265, -0.007414103019982576,
    0.0015871766954660416,
  ],
  float64: [
    -0.33333333333333065, 0.13333333333299627, -0.0539682539534386, 0.02186948820765432, -0.008863231223533975,
    0.0035920916318137913, -0.0014556253914078784, 0.0005891871553232579, -0.00023672408843007, 9.199122242042966e-5,
    -3.210284086256795e-5, 8.574111695748875e-6, -1.2395977607213187e-6,
  ],
};
const LIMIT = 0.8;

/** The hyperbolic tangent: an odd polynomial near 0, elsewhere 1 - 2 / (e^(2|x|) + 1). */
export function tanh<V>(m: Machine<V>, x: V): V {
  const [one, two] = [m.num(1), m.num(2)];
  const size = m.abs(x);
  const square = m.mul(x, x);
  const near = m.add(size, m.mul(size, m.mul(square, polynomial(m, square, pick(m, CUBIC)))));
  // the result is 1 long before the bound
  const { power, head, rest } = expParts(m, m.mul(atMost(m, size, pick(m, { float32: 10, float64: 20 })), two));
  const grown = m.mul(m.add(one, m.add(head, rest)), m.pow2(power));
  const far = m.sub(one, m.div(two, m.add(grown, one)));
  return m.copysign(m.select(m.lt(size, m.num(LIMIT)), near, far), x);
}
