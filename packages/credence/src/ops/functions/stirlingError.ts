import type { Machine } from "../machine.js";
import { digamma } from "./digamma.js";
import { aroundTwo } from "./lgamma.js";
import { log } from "./log.js";
import { digammaRestOf, pointOf, stirlingRestOf } from "./rests.js";

const HALF_LOG_TWO_PI = 0.9189385332046728;

/** lgamma(x) - (x - 1/2) log(x) + x - log(2π) / 2 for x > 0: what Stirling's formula leaves over. ∞ at 0, NaN below. */
export function stirlingError<V>(m: Machine<V>, x: V): V {
  const [half, one] = [m.num(0.5), m.num(1)];
  const usual = stirlingRestOf(m, pointOf(m, x));
  // log Γ(x + 1), by lgamma(2 + y) from 1/2 on
  const upper = m.ge(x, half);
  const around = aroundTwo(m, m.sub(x, m.select(upper, one, m.num(0))));
  const next = m.sub(around, m.select(upper, m.num(0), log(m, m.add(x, one))));
  const below = m.add(m.sub(m.sub(x, m.num(HALF_LOG_TWO_PI)), m.mul(m.add(x, half), log(m, x))), next);
  return m.rarely(m.not(m.ge(x, one)), below, usual);
}

/** The derivative of `stirlingError`: digamma(x) - log(x) + 1 / (2x). */
export function stirlingErrorSlope<V>(m: Machine<V>, x: V): V {
  const usual = m.neg(digammaRestOf(m, pointOf(m, x)));
  const one = m.num(1);
  const below = m.sub(m.sub(digamma(m, m.add(x, one)), log(m, x)), m.div(m.num(0.5), x));
  const pole = m.select(m.eq(x, m.num(0)), m.num(-Infinity), below);
  return m.rarely(m.not(m.ge(x, one)), pole, usual);
}
