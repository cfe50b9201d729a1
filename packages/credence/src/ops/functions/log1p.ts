import type { Machine } from "../machine.js";
import { logEnds, logReduced } from "./log.js";
import { twoSum } from "./sums.js";

/** log(1 + x), accurate near 0: -∞ at -1, NaN below. Below 1 ulp everywhere. */
export function log1p<V>(m: Machine<V>, x: V): V {
  const one = m.num(1);
  const { head: sum, tail } = twoSum(m, one, x); // 1 + x = sum + tail exactly
  // of a quarter of the sum, so that the power of two that reduces it stays in range for the largest
  const power = m.exponent(m.mul(sum, m.num(Math.SQRT1_2)));
  const reduced = m.mul(m.mul(sum, m.num(0.25)), m.pow2(m.sub(one, power)));
  const f = m.sub(reduced, one);
  const result = logReduced(m, f, m.add(power, one), m.div(tail, sum));
  return m.copysign(logEnds(m, sum, result), x);
}
