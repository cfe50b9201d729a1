import type { Machine } from "../machine.js";
import { betaSide, logBetaSide } from "./incompleteBeta.js";
import { decay, log, log1p, logGammaRatioRest } from "./smooth.js";
import { atLeast, atMost, pick } from "./sums.js";

const HALF_LOG_TWO_PI = 0.9189385332046728;

/** Where 1 + r² is r² to rounding; its square is far from overflow. */
const FAR = { float32: 2 ** 20, float64: 2 ** 40 };

/** |z| / √df, which neither over- nor underflows where z² / df would. */
const ratioOf = <V>(m: Machine<V>, df: V, z: V): V => m.div(m.abs(z), m.sqrt(df));

/**
 * The logarithm of the standard Student's t density, as exact for any large df as for small ones.
 *
 *     lgamma((df + 1) / 2) - lgamma(df / 2) - log(df / 2) / 2 - log(2π) / 2 - (df + 1) / 2 log(1 + z² / df)
 */
export function logStudentT<V>(m: Machine<V>, df: V, z: V): V {
  const [half, one] = [m.num(0.5), m.num(1)];
  const [r, most] = [ratioOf(m, df, z), pick(m, FAR)];
  const near = atMost(m, r, most);
  const power = m.rarely(m.gt(r, m.num(most)), m.mul(m.num(2), log(m, r)), log1p(m, m.mul(near, near)));
  const constant = m.sub(logGammaRatioRest(m, m.mul(df, half), half), m.num(HALF_LOG_TWO_PI));
  return m.sub(constant, m.mul(m.mul(m.add(df, one), half), power));
}

/** The incomplete beta function that a tail is half of, as far out as it does not underflow; beyond it falls as e^-decline. */
function placeOf<V>(m: Machine<V>, df: V, z: V) {
  const [half, one] = [m.num(0.5), m.num(1)];
  const [r, most] = [ratioOf(m, df, z), pick(m, FAR)];
  const within = atMost(m, r, most);
  const isFar = m.gt(within, one);
  const inward = m.select(isFar, m.div(one, within), within);
  const square = m.mul(inward, inward);
  const degrees = m.mul(df, half);
  return {
    // z² / (df + z²) where that is the smaller, else df / (df + z²)
    x: m.div(square, m.add(one, square)),
    a: m.select(isFar, degrees, half),
    b: m.select(isFar, half, degrees),
    upper: m.not(isFar),
    decline: m.mul(df, log(m, m.div(atLeast(m, r, most), m.num(most)))),
  };
}

/** P(T > z) for z >= 0, with its full relative accuracy. */
export function studentTail<V>(m: Machine<V>, df: V, z: V): V {
  const { a, b, x, upper, decline } = placeOf(m, df, z);
  return m.mul(m.mul(betaSide(m, a, b, x, upper), m.num(0.5)), decay(m, decline));
}

/** log P(T > z) for z >= 0, without underflow. */
export function logStudentTail<V>(m: Machine<V>, df: V, z: V): V {
  const { a, b, x, upper, decline } = placeOf(m, df, z);
  return m.sub(m.sub(logBetaSide(m, a, b, x, upper), m.num(Math.LN2)), decline);
}
