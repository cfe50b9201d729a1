import type { Machine } from "../machine.js";
import { exp, expParts, FAINT } from "./exp.js";
import { atMost, fastTwoSum, pick, twoSum } from "./sums.js";

/**
 * The logistic function 1 / (1 + e^-x), with its full relative accuracy for large negative x, where it is e^x.
 *
 * What rounding cuts off e^-x and 1 + e^-x is put back.
 */
export function sigmoid<V>(m: Machine<V>, x: V): V {
  const [one, faint] = [m.num(1), pick(m, FAINT)];
  const { power, head, rest } = expParts(m, m.neg(atMost(m, x, faint)));
  const unit = m.pow2(power);
  const significand = fastTwoSum(m, one, m.add(head, rest));
  const sum = twoSum(m, one, m.mul(significand.head, unit));
  const quotient = m.div(one, sum.head);
  const lost = m.mul(quotient, m.add(sum.tail, m.mul(significand.tail, unit)));
  return m.rarely(m.lt(x, m.num(-faint)), exp(m, x), m.sub(quotient, m.mul(quotient, lost)));
}
