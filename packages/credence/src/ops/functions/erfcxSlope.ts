import { type Machine, polynomial } from "../machine.js";
import { erfcx } from "./erfc.js";

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** Where the asymptotic series holds to rounding. */
const FAR = 7;

/** (-1)^k (2k + 1)!!: 1, -3, 15, -105, ... */
const DOUBLE_FACTORIALS = Array.from({ length: 26 }, (_, k) => k).map((k) => {
  let product = 1;
  for (let i = 1; i <= k; i++) product *= -(2 * i + 1);
  return product;
});

/**
 * -d/dx erfcx(x) = 2/√π - 2x erfcx(x): above 7 by its asymptotic series, since the difference loses all digits.
 *
 * @source DLMF 7.12.1, less its first term
 */
export function erfcxSlope<V>(m: Machine<V>, x: V): V {
  const isFar = m.gt(x, m.num(FAR));
  const bounded = m.select(isFar, x, m.num(FAR));
  const inverse = m.div(m.num(1), bounded);
  const u = m.mul(m.mul(inverse, inverse), m.num(0.5));
  const far = m.mul(m.mul(u, m.num(TWO_OVER_SQRT_PI)), polynomial(m, u, DOUBLE_FACTORIALS));
  const near = m.sub(m.num(TWO_OVER_SQRT_PI), m.mul(m.add(x, x), erfcx(m, x)));
  return m.select(isFar, far, near);
}
