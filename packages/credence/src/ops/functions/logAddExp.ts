import type { Machine } from "../machine.js";
import { log1pDecay } from "./softplus.js";

/** log(e^a + e^b) without overflow. */
export function logAddExp<V>(m: Machine<V>, a: V, b: V): V {
  const larger = m.max(a, b);
  const { whole, f, bend } = log1pDecay(m, m.sub(a, b));
  const sum = m.add(larger, m.add(whole, m.sub(f, bend)));
  return m.select(m.lt(m.abs(larger), m.num(Infinity)), sum, larger); // where both are infinite, a - b is NaN
}
