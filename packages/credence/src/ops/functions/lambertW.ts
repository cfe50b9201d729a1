import { type Machine, polynomial } from "../machine.js";
import { log } from "./log.js";
import { pick } from "./sums.js";

/** W(x) / x in p - 3/2, where p = √(2 (e x + 1)) <= 3: minimax.py, "lambert". */
const RATIO = {
  float32: [
    0.9569489359855652, -0.4840294122695923, 0.20073366165161133, -0.07763544470071793, 0.02901451662182808,
    -0.010644616559147835, 0.0038452306762337685, -0.0013405086938291788, 0.0004827846132684499, -0.0002136467956006527,
    7.148407166823745e-5, 4.3099623781017726e-7, 1.183018866868224e-6, -8.167137821146753e-6, 2.678632881725207e-6,
  ],
  float64: [
    0.956948951938836, -0.48402929220397856, 0.20073362992926053, -0.0776384315964221, 0.029014593827059107,
    -0.010628177304704719, 0.0038430736602227105, -0.0013772119765560354, 0.0004903207290685877,
    -0.00017370230719599068, 6.129841365199865e-5, -2.1564835364267176e-5, 7.567101014789531e-6, -2.649822119955786e-6,
    9.267785266605582e-7, -3.234573353972532e-7, 1.120173197177715e-7, -3.903404375234276e-8, 1.43424512125087e-8,
    -4.947354498914945e-9, 1.1294202749166478e-9, -4.222401594438582e-10, 4.803617931226506e-10,
    -1.4950433736665889e-10, -8.611942948001407e-11, 2.3353694181208853e-11, 3.2252096595177066e-11,
    -9.563311924148436e-12, -4.61002662382437e-12, 1.363486923061062e-12, 4.645203098048191e-13,
    -1.4572180979301774e-13,
  ],
};

/** W(x) / (log(x) + 2) in (log(x) - 8) / (log(x) + 8), for log(x) from 1/4 on; to a fourth of the digits: minimax.py, "lambert start". */
const START = {
  float32: [
    0.6179253458976746, 0.3888982832431793, -0.020178167149424553, -0.02955406717956066, 0.04050827398896217,
    -0.004753604996949434,
  ],
  float64: [
    0.6178592775329225, 0.3887688463079615, -0.017605061876568538, -0.030263070879736478, 0.0197630543320681,
    0.006008120439492062, 0.06432046371367553, -0.02817842755230897, -0.08807747162433874, 0.020978436111974887,
    0.04503407005489729,
  ],
};

/** 1 / e, to twice the precision. */
const LEAST = {
  float32: { high: 0.3678794503211975, low: -9.149755619830557e-9 },
  float64: { high: 0.36787944117144233, low: -1.2428753672788363e-17 },
};

/**
 * W(x) where log(x) >= 1/4: one step of an iteration of fourth order.
 *
 * @source Fritsch, Shafer and Crowley, Algorithm 443: Solution of the transcendental equation w e^w = x (1973)
 */
function refined<V>(m: Machine<V>, x: V): V {
  const [one, two] = [m.num(1), m.num(2)];
  const logarithm = log(m, x);
  const t = m.sub(one, m.div(m.num(16), m.add(logarithm, m.num(8))));
  const w = m.mul(m.add(logarithm, two), polynomial(m, t, pick(m, START)));
  const z = m.sub(m.sub(logarithm, w), log(m, w));
  const next = m.add(w, one);
  const q = m.mul(m.mul(two, next), m.add(next, m.mul(z, m.num(2 / 3))));
  const share = m.div(m.mul(z, m.sub(q, z)), m.mul(next, m.sub(q, m.mul(two, z))));
  return m.add(w, m.mul(w, share));
}

/** The principal branch W of w e^w = x: NaN below -1 / e, the number nearest to that among them. */
export function lambertW<V>(m: Machine<V>, x: V): V {
  const { high, low } = pick(m, LEAST);
  const above = m.add(m.add(x, m.num(high)), m.num(low)); // x + 1 / e: nothing is lost where it is small
  const p = m.sqrt(m.mul(above, m.num(2 * Math.E)));
  const near = m.mul(x, polynomial(m, m.sub(p, m.num(1.5)), pick(m, RATIO)));
  const far = m.select(m.eq(x, m.num(Infinity)), x, refined(m, x));
  return m.select(m.ge(p, m.num(3)), far, near);
}
