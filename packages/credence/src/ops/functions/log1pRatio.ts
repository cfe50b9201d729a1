import { type Machine, polynomial } from "../machine.js";
import { log1p } from "./log1p.js";

/** log(1 + u) / u, which is 1 at 0: ∞ at -1, NaN below, 0 at ∞. */
export function log1pRatio<V>(m: Machine<V>, u: V): V {
  const one = m.num(1);
  const inside = m.select(m.eq(u, m.num(0)), one, m.div(log1p(m, u), u));
  return m.select(m.eq(u, m.num(Infinity)), m.num(0), inside);
}

/** From 0 to here the difference of the plain formula would lose digits. */
const NEAR = 0.15;

/** -(k + 1) / (k + 2) with alternating signs. */
const SERIES = Array.from({ length: 20 }, (_, k) => ((k % 2 === 0 ? -1 : 1) * (k + 1)) / (k + 2));

/** The derivative of log(1 + u) / u: (1 / (1 + u) - log(1 + u) / u) / u, by its series near 0, where it is -1/2. */
export function log1pRatioSlope<V>(m: Machine<V>, u: V): V {
  const one = m.num(1);
  const isNear = m.lt(m.abs(u), m.num(NEAR));
  const far = m.div(m.sub(m.div(one, m.add(one, u)), log1pRatio(m, u)), u);
  const series = polynomial(m, m.select(isNear, u, m.num(0)), SERIES);
  const atEnd = m.select(m.eq(u, m.num(-1)), m.num(-Infinity), far);
  return m.select(isNear, series, m.select(m.eq(u, m.num(Infinity)), m.num(0), atEnd));
}
