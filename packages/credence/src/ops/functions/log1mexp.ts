import type { Machine } from "../machine.js";
import { RANGE, scale } from "./exp.js";
import { expm1Parts, lessOne } from "./expm1.js";
import { logOfSum } from "./log.js";
import { atLeast, atMost, fastTwoSum, pick } from "./sums.js";

/**
 * log(1 - e^x) for x < 0: -∞ at 0, NaN above.
 *
 * @source Mächler, Accurately computing log(1 - exp(-|a|)) (2012): by e^x - 1 above and by e^x below some -1
 */
export function log1mexp<V>(m: Machine<V>, x: V): V {
  const one = m.num(1);
  const above = m.gt(x, m.num(-1.5));
  // above 0 any number does, as long as 1 less its power is negative
  const parts = expm1Parts(m, atLeast(m, atMost(m, x, 1), pick(m, RANGE).min));
  const significand = fastTwoSum(m, one, m.add(parts.head, parts.rest));
  const grown = scale(m, significand.head, parts.power);
  const upper = m.sub(one, grown);
  const lost = m.sub(m.sub(m.sub(one, upper), grown), scale(m, significand.tail, parts.power));
  const less = lessOne(m, parts);
  const head = m.add(less.head, less.tail);
  const tail = m.sub(less.tail, m.sub(head, less.head));
  return logOfSum(
    m,
    m.select(above, scale(m, m.neg(head), parts.power), upper),
    m.select(above, scale(m, m.neg(tail), parts.power), lost),
  );
}
