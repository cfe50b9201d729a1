import { type Machine, polynomial } from "../machine.js";
import { cscSquarePi, offWhole } from "./reflection.js";
import { pick } from "./sums.js";

/** trigamma(x) in x - 3/2, 1 <= x <= 2: minimax.py, "trigamma". */
const MIDDLE = {
  float32: [
    0.9348021745681763, -0.8287966251373291, 0.7045518159866333, -0.5790467858314514, 0.46281930804252625,
    -0.36194899678230286, 0.28151562809944153, -0.21307025849819183, 0.13588760793209076, -0.09944454580545425,
    0.14158888161182404, -0.1046687662601471,
  ],
  float64: [
    0.9348022005446793, -0.82879664423432, 0.7045455170012047, -0.5790416377778642, 0.46306452510302054,
    -0.3621493650265307, 0.27808081327521494, -0.2103098729500243, 0.15705320221806013, -0.11604072806756713,
    0.08496881560953223, -0.061740344215613654, 0.04456588871010475, -0.03198627424870382, 0.0228520550598132,
    -0.016245287653728843, 0.011433961033098893, -0.008086712922528633, 0.006046650206092892, -0.004194373408679993,
    0.001868509908882287, -0.001388404632867167, 0.0027580059367971555, -0.001857428946676279,
  ],
};

/** (trigamma(x) - 1 / x - 1 / (2x²)) x³ in 1 / x², x >= 2: minimax.py, "trigamma tail". */
const TAIL = {
  float32: [0.1666659414768219, -0.03328735753893852, 0.022828007116913795, -0.023305615410208702, 0.01685687154531479],
  float64: [
    0.16666666666662333, -0.033333333308292724, 0.023809518688567382, -0.03333279452601926, 0.07572304339247439,
    -0.25162380120455136, 1.1202838070672876, -5.988999995062351, 33.78914470045062, -179.31484331136463,
    823.4459875311578, -3087.035146365022, 9015.430062873616, -19529.749741306765, 29344.485146472667,
    -27193.93153298305, 11678.56748134603,
  ],
};

/** 1 / x + 1 / (2x²) + 1 / (6x³) - ..., x >= 2, given 1 / x; DLMF 5.15.8. */
function tail<V>(m: Machine<V>, inverse: V): V {
  const square = m.mul(inverse, inverse);
  const rest = m.add(m.num(0.5), m.mul(inverse, polynomial(m, square, pick(m, TAIL))));
  return m.add(inverse, m.mul(square, rest));
}

/**
 * The derivative of digamma: ∞ at the poles 0, -1, -2, ...
 *
 * A polynomial between 1 and 2, below 1 by the recurrence, and beyond 2 asymptotic.
 *
 * @source DLMF 5.15.5, 5.15.6 and 5.15.8
 */
export function trigamma<V>(m: Machine<V>, x: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const z = m.abs(x);
  const [below, far] = [m.lt(z, one), m.ge(z, m.num(2))];
  const inverse = m.div(one, z);
  const first = m.mul(inverse, inverse);
  const middle = polynomial(m, m.sub(z, m.select(below, m.num(0.5), m.num(1.5))), pick(m, MIDDLE));
  const usual = m.select(far, tail(m, inverse), middle); // at z, or where that is below 1 at z + 1

  const reflected = (): V => {
    const next = m.sub(usual, m.select(below, zero, first)); // trigamma(z + 1)
    return m.sub(cscSquarePi(m, offWhole(m, z)), next);
  };
  return m.rarely(m.lt(x, zero), reflected(), m.add(usual, m.select(below, first, zero)));
}
