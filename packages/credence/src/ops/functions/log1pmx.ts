import type { Machine } from "../machine.js";
import { LN2 } from "./exp.js";
import { log, logBend, splitPower } from "./log.js";
import { WIDE_CUBIC } from "./softplus.js";
import { pick, twoSum } from "./sums.js";

/** log(1 + x) is nothing beside an x from here on, in either precision. */
const HUGE = 2 ** 60;

/** Quotients from here to 1 over it are normal numbers in either precision. */
const LEAST = 2 ** -120;

/**
 * log(y + tail) for y + tail = 1 + x: itself, and less x to a few units of that number's own size, which near 0 is that of x².
 *
 * Around 0 the difference is the bend of the logarithm's own polynomial. Elsewhere power log 2 - x and f come together first:
 * nearly without loss, though their sum is smaller than either.
 */
function wholeAndLess<V>(m: Machine<V>, x: V, y: V, tail: V): { readonly whole: V; readonly less: V } {
  const zero = m.num(0);
  const { high, low } = pick(m, LN2);
  const near = m.and(m.ge(x, m.num(-0.33)), m.le(x, m.num(0.5)));
  const split = splitPower(m, y);
  const f = m.select(near, x, split.f);
  const power = m.select(near, zero, split.power);
  const correction = m.select(near, zero, m.add(m.mul(power, m.num(low)), m.div(tail, y)));
  const bend = logBend(m, f, correction, pick(m, WIDE_CUBIC));
  const coarse = m.mul(power, m.num(high));
  return { whole: m.add(coarse, m.sub(f, bend)), less: m.sub(m.add(m.sub(coarse, x), f), bend) };
}

/** log(1 + x) and log(1 + x) - x, for x from -1 to a quarter of the largest number. */
export function log1pAndLess<V>(m: Machine<V>, x: V): { readonly whole: V; readonly less: V } {
  const { head, tail } = twoSum(m, m.num(1), x);
  return wholeAndLess(m, x, head, tail);
}

/** log(1 + x) - x, with its full relative accuracy around 0: -∞ at -1, NaN below. */
export function log1pmx<V>(m: Machine<V>, x: V): V {
  const usual = m.and(m.gt(x, m.num(-1)), m.lt(x, m.num(HUGE)));
  const end = m.select(m.eq(x, m.num(-1)), m.num(-Infinity), m.num(Number.NaN));
  return m.rarely(m.not(usual), m.select(m.gt(x, m.num(-1)), m.neg(x), end), log1pAndLess(m, x).less);
}

/**
 * Half the deviance of a Poisson law of mean y at x: x log(x / y) + y - x, never negative; x and y may be 0, NaN below.
 *
 * @source Loader, Fast and accurate computation of binomial probabilities (2000), section 3
 */
export function bd0<V>(m: Machine<V>, x: V, y: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const q = m.div(m.sub(y, x), x);
  const ratio = m.div(y, x);
  const small = m.lt(q, m.num(-0.5)); // 1 + q would magnify the rounding of q
  const sum = twoSum(m, one, q);
  const { less } = wholeAndLess(m, q, m.select(small, ratio, sum.head), m.select(small, zero, sum.tail));
  const usual = m.mul(m.neg(x), less);

  // log(y / x), of the quotient where it has all its digits
  const whole = m.and(m.gt(ratio, m.num(LEAST)), m.lt(ratio, m.num(1 / LEAST)));
  const apart = m.select(whole, log(m, ratio), m.sub(log(m, y), log(m, x)));
  const extreme = m.sub(y, m.mul(x, m.add(apart, one)));
  const edge = m.or(m.eq(x, zero), m.and(m.ge(x, zero), m.eq(y, m.num(Infinity))));
  const end = m.select(m.lt(m.min(x, y), zero), m.num(Number.NaN), m.select(edge, y, extreme));
  const near = m.and(m.gt(ratio, m.num(1 / HUGE)), m.lt(ratio, m.num(HUGE)));
  return m.rarely(m.not(m.and(near, m.gt(x, zero))), end, usual);
}
