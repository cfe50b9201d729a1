import type { Machine } from "../machine.js";
import { type ExpParts, expParts, scale } from "./exp.js";
import { atLeast, atMost, fastTwoSum, type Pair, pick } from "./sums.js";

/** (e^r - 1 - r) / r², as exp's but one term longer: here the error counts relative to r. minimax.py, "expm1". */
const QUADRATIC = {
  float32: [
    0.5, 0.1666666716337204, 0.041666481643915176, 0.008333208039402962, 0.0013933589216321707, 0.00019944245286751539,
  ],
  float64: [
    0.5, 0.16666666666666677, 0.04166666666666669, 0.008333333333321147, 0.0013888888888868754, 0.00019841269887847427,
    2.4801587359175388e-5, 2.755724208283752e-6, 2.7557242807982025e-7, 2.5109892297845855e-8, 2.0924643758698493e-9,
  ],
};

/** Below `min` the result rounds to -1, above `max` it is infinite; 2^-`faint` no longer shows beside 1. */
const RANGE = {
  float32: { min: -17.4, max: 89, faint: 40 },
  float64: { min: -37.5, max: 710, faint: 80 },
};

/** The parts of e^x, accurate enough that e^x - 1 can be had from them. */
export function expm1Parts<V>(m: Machine<V>, x: V): ExpParts<V> {
  return expParts(m, x, { quadratic: pick(m, QUADRATIC) });
}

/** e^x - 1 = 2^power (head + tail) from the parts of e^x, where the power is at least expm1's for `min`. */
export function lessOne<V>(m: Machine<V>, { power, head, rest }: ExpParts<V>): Pair<V> {
  const one = m.num(1);
  const unit = m.pow2(m.neg(atMost(m, power, pick(m, RANGE).faint)));
  // e^x - 1 = 2^power ((1 - unit) + head + rest); the first two sums carry their rounding errors along
  const less = m.sub(one, unit);
  const lessTail = m.sub(m.sub(one, less), unit);
  const sum = fastTwoSum(m, less, head);
  return { head: sum.head, tail: m.add(sum.tail, m.add(lessTail, rest)) };
}

/** e^x - 1, accurate near 0. Below 1 ulp everywhere. */
export function expm1<V>(m: Machine<V>, x: V): V {
  const { min, max } = pick(m, RANGE);
  const parts = expm1Parts(m, atLeast(m, atMost(m, x, max), min));
  const { head, tail } = lessOne(m, parts);
  return m.copysign(scale(m, m.add(head, tail), parts.power), x);
}
