import type { Machine } from "../machine.js";
import { exp, FAINT } from "./exp.js";
import { log1pDecay } from "./softplus.js";
import { pick } from "./sums.js";

/** log(e^a + e^b) without overflow. */
export function logAddExp<V>(m: Machine<V>, a: V, b: V): V {
  const larger = m.max(a, b);
  const distance = m.abs(m.sub(a, b));
  const { whole, f, bend } = log1pDecay(m, distance);
  const sum = m.add(larger, m.add(whole, m.sub(f, bend)));
  // where both are infinite the distance is NaN
  const far = m.select(m.lt(m.abs(larger), m.num(Infinity)), m.add(larger, exp(m, m.neg(distance))), larger);
  return m.rarely(m.not(m.le(distance, m.num(pick(m, FAINT)))), far, sum);
}
