import type { Machine } from "../machine.js";
import { decay } from "./exp.js";
import { fastTwoSum } from "./sums.js";

/**
 * The logistic function 1 / (1 + e^-x), with its full relative accuracy for large negative x.
 *
 * Both signs share e = e^-|x|: 1 / (1 + e) above 0, e / (1 + e) below. What rounding cuts off e and 1 + e is put back.
 */
export function sigmoid<V>(m: Machine<V>, x: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const negative = m.lt(x, zero);
  const e = decay(m, x);
  const sum = fastTwoSum(m, one, e.head);
  const quotient = m.div(m.select(negative, e.head, one), sum.head);
  const residual = m.sub(m.select(negative, e.tail, zero), m.mul(quotient, m.add(sum.tail, e.tail)));
  // 1 / (1 + e) is the quotient itself above 0 and its complement below
  const inverse = m.select(negative, m.sub(one, quotient), quotient);
  return m.add(quotient, m.mul(residual, inverse));
}
