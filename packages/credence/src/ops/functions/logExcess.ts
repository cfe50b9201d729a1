import type { Machine } from "../machine.js";
import { LN2 } from "./exp.js";
import { log, logBend, splitPower } from "./log.js";
import { pick, twoSum } from "./sums.js";

/**
 * log(x) - y, with nearly its full relative accuracy where the two are close: -∞ at x = 0, NaN below.
 *
 * The parts of the logarithm that are exact meet y before the one that is rounded, which is at most 0.09.
 */
export function logExcess<V>(m: Machine<V>, x: V, y: V): V {
  const { high, low } = pick(m, LN2);
  const shift = pick(m, { float32: 30, float64: 60 });
  // towards the middle of the range, so that subnormal x become normal and large ones have room
  const isSmall = m.lt(x, m.num(1));
  const { f, power } = splitPower(m, m.mul(x, m.select(isSmall, m.num(2 ** shift), m.num(2 ** -shift))));
  const whole = m.sub(power, m.select(isSmall, m.num(shift), m.num(-shift)));
  const first = twoSum(m, m.mul(whole, m.num(high)), m.neg(y));
  const second = twoSum(m, first.head, f);
  const bend = logBend(m, f, m.mul(whole, m.num(low)));
  const inside = m.add(second.head, m.add(second.tail, m.sub(first.tail, bend)));
  const far = m.num(pick(m, { float32: 1e30, float64: 1e300 })); // where the sums might overflow
  const isUsual = m.and(m.and(m.gt(x, m.num(0)), m.lt(x, m.num(Infinity))), m.lt(m.abs(y), far));
  return m.rarely(m.not(isUsual), m.sub(log(m, x), y), inside);
}
