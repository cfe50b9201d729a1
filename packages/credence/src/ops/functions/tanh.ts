import { type Machine, polynomial } from "../machine.js";
import { expParts } from "./exp.js";
import { atMost, pick } from "./sums.js";

/** (tanh(x) / x - 1) / x² in x², up to `limit`: minimax.py, "tanh". */
const NEAR = {
  float32: {
    limit: 0.8,
    cubic: [
      -0.33333298563957214, 0.13332243263721466, -0.053853631019592285, 0.02130616270005703, -0.007412815932184458,
      0.0015858275583013892,
    ],
  },
  float64: {
    limit: 0.8,
    cubic: [
      -0.33333333333333065, 0.13333333333299635, -0.053968253953442576, 0.021869488207733108, -0.008863231224004281,
      0.003592091629567353, -0.0014556253484364486, 0.0005891869104473756, -0.00023672332825811558,
      9.198979595524039e-5, -3.2101216778573936e-5, 8.57307277739963e-6, -1.2393099294774766e-6,
    ],
  },
};

/** The hyperbolic tangent: an odd polynomial near 0, elsewhere 1 - 2 / (e^(2|x|) + 1). */
export function tanh<V>(m: Machine<V>, x: V): V {
  const [one, two] = [m.num(1), m.num(2)];
  const { limit, cubic } = pick(m, NEAR);
  const size = m.abs(x);
  const square = m.mul(x, x);
  const near = m.add(size, m.mul(size, m.mul(square, polynomial(m, square, cubic))));
  // the result is 1 long before the bound
  const { power, head, rest } = expParts(m, m.mul(atMost(m, size, pick(m, { float32: 10, float64: 20 })), two));
  const grown = m.mul(m.add(one, m.add(head, rest)), m.pow2(power));
  const far = m.sub(one, m.div(two, m.add(grown, one)));
  return m.copysign(m.select(m.lt(size, m.num(limit)), near, far), x);
}
