import type { Machine } from "../machine.js";
import { logOfSum } from "./log.js";
import { twoSum } from "./sums.js";

/** log(1 + x), accurate near 0: -∞ at -1, NaN below. Below 1 ulp everywhere. */
export function log1p<V>(m: Machine<V>, x: V): V {
  const { head, tail } = twoSum(m, m.num(1), x); // 1 + x without loss
  return m.copysign(logOfSum(m, head, tail), x);
}
