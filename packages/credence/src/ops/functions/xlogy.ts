import type { Machine } from "../machine.js";
import { log } from "./log.js";
import { log1p } from "./log1p.js";

/** x log y, and 0 where x is 0, unless y is NaN. */
export function xlogy<V>(m: Machine<V>, x: V, y: V): V {
  return product(m, x, y, log(m, y));
}

/** x log(1 + y), and 0 where x is 0, unless y is NaN. */
export function xlog1py<V>(m: Machine<V>, x: V, y: V): V {
  return product(m, x, y, log1p(m, y));
}

function product<V>(m: Machine<V>, x: V, y: V, logarithm: V): V {
  const zero = m.num(0);
  return m.select(m.and(m.eq(x, zero), m.eq(y, y)), zero, m.mul(x, logarithm));
}
