import type { Machine } from "../machine.js";
import { logReduced, splitPower } from "./log.js";
import { pick, twoProduct } from "./sums.js";

/** Subnormal numbers become normal by this power of two. */
const SHIFT = { float32: 30, float64: 60 };

/** A positive finite x as 2^power significand, with the significand in [1, 2). */
function halves<V>(m: Machine<V>, x: V): { readonly significand: V; readonly power: V } {
  const shift = pick(m, SHIFT);
  const isSmall = m.lt(x, m.num(1));
  const normal = m.mul(x, m.select(isSmall, m.num(2 ** shift), m.num(1)));
  return {
    significand: m.significand(normal),
    power: m.sub(m.exponent(normal), m.select(isSmall, m.num(shift), m.num(0))),
  };
}

/**
 * log(x / y) for x, y > 0, also where the quotient is no normal number or near 1: -∞ at x = 0, ∞ at y = 0, NaN below. Below 1 ulp.
 *
 * The quotient of the significands is rounded once; what that took from it joins the logarithm as a correction.
 */
export function logRatio<V>(m: Machine<V>, x: V, y: V): V {
  const [zero, infinity] = [m.num(0), m.num(Infinity)];
  const above = halves(m, x);
  const below = halves(m, y);
  const quotient = m.div(above.significand, below.significand);
  const product = twoProduct(m, quotient, below.significand);
  const rest = m.sub(m.sub(above.significand, product.head), product.tail);
  const { f, power } = splitPower(m, quotient);
  const whole = m.add(power, m.sub(above.power, below.power));
  const inside = logReduced(m, f, whole, m.div(rest, above.significand));
  const plain = m.div(x, y); // 0, infinite or NaN where one of the two is 0 or infinite
  const atEnd = m.select(m.eq(plain, zero), m.neg(infinity), plain);
  const outside = m.select(m.or(m.lt(x, zero), m.lt(y, zero)), m.num(Number.NaN), atEnd);
  const isUsual = m.and(m.and(m.gt(x, zero), m.lt(x, infinity)), m.and(m.gt(y, zero), m.lt(y, infinity)));
  return m.rarely(m.not(isUsual), outside, inside);
}
