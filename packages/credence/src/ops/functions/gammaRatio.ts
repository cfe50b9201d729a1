import type { Machine } from "../machine.js";
import { log } from "./log.js";
import { log1p } from "./log1p.js";
import { log1pAndLess } from "./log1pmx.js";
import { digammaRestDrop, pointOf, stirlingRestDrop } from "./rests.js";
import { atMost, pick } from "./sums.js";

/**
 * lgamma(x + d) - lgamma(x) and digamma(x + d) - digamma(x) without the cancellation of two large numbers.
 *
 * With Stirling's formula for both, s = x + d and h = d / x:
 *
 *     lgamma(s) - lgamma(x) = d log(x) + x (log(1 + h) - h) + (d - 1/2) log(1 + h) + rest(s) - rest(x)
 *     digamma(s) - digamma(x) = log(1 + h) + d / (2 x s) + rest(x) - rest(s)
 *
 * It serves from 1 on; where x or s is below, x + 1 and the recurrence lead there.
 *
 * @source DLMF 5.11.1, 5.11.2, 5.5.1 and 5.5.2; the arrangement is that of algdiv in Didonato and Morris, Algorithm 708 (1992)
 */

/** From here on a step d makes lgamma infinite, and an x leaves nothing over. */
const VAST = { float32: 2 ** 125, float64: 2 ** 1021 };

/** Where the formula starts from, how far it goes, and whether the recurrence has to make up for that start. */
interface Way<V> {
  /** x, or x + 1 where x or x + d is below 1; NaN where one of them is not positive. */
  readonly start: V;
  readonly d: V;
  readonly shifted: V;
}

function wayOf<V>(m: Machine<V>, x: V, d: V): Way<V> {
  const one = m.num(1);
  const least = m.min(x, m.add(x, d));
  const shifted = m.not(m.ge(least, one));
  const next = m.select(m.gt(least, m.num(0)), m.add(x, one), m.num(Number.NaN));
  const vast = pick(m, VAST);
  return { start: atMost(m, m.select(shifted, next, x), vast), d: atMost(m, d, vast), shifted };
}

/** lgamma(x + d) - lgamma(x) - d log(x) for x and x + d from 1 on. */
function gain<V>(m: Machine<V>, x: V, d: V): V {
  const [half, one] = [m.num(0.5), m.num(1)];
  const s = m.add(x, d);
  const h = m.div(d, x);
  const { whole, less } = log1pAndLess(m, h);
  const rests = m.mul(d, stirlingRestDrop(m, pointOf(m, x), pointOf(m, s)));
  // x less is -d h / 2 (1 - 2h / 3) for small h, whose square might underflow
  const few = m.lt(m.abs(h), m.num(pick(m, { float32: 2 ** -14, float64: 2 ** -28 })));
  const series = m.mul(m.mul(d, h), m.add(m.num(-0.5), m.mul(h, m.num(1 / 3))));
  const near = m.add(m.select(few, series, m.mul(x, less)), m.mul(m.sub(d, half), whole));
  const far = m.sub(m.mul(m.sub(s, half), whole), d);
  return m.sub(m.select(m.le(h, one), near, far), rests);
}

/** log((x + d) / x), also where d / x is out of range. */
function logQuotient<V>(m: Machine<V>, x: V, d: V): V {
  const h = m.div(d, x);
  const apart = m.sub(log(m, m.add(x, d)), log(m, x));
  return m.rarely(m.eq(h, m.num(Infinity)), apart, log1p(m, h));
}

/** lgamma(x + d) - lgamma(x) for x > 0 and x + d > 0; NaN elsewhere. */
export function logGammaRatio<V>(m: Machine<V>, x: V, d: V): V {
  const way = wayOf(m, x, d);
  const ratio = m.add(m.mul(way.d, log(m, way.start)), gain(m, way.start, way.d));
  return m.rarely(way.shifted, m.sub(ratio, logQuotient(m, x, d)), ratio);
}

/** lgamma(x + d) - lgamma(x) - d log(x) for x > 0 and x + d > 0, 0 for infinite x; NaN elsewhere. */
export function logGammaRatioRest<V>(m: Machine<V>, x: V, d: V): V {
  const way = wayOf(m, x, d);
  const rest = gain(m, way.start, way.d);
  const step = m.sub(m.mul(way.d, logQuotient(m, x, m.num(1))), logQuotient(m, x, d));
  return m.rarely(way.shifted, m.add(rest, step), rest);
}

/** digamma(x + d) - digamma(x) less the logarithm's difference, for x and x + d from 1 on. */
function digammaRests<V>(m: Machine<V>, x: V, d: V): V {
  const [from, to] = [pointOf(m, x), pointOf(m, m.add(x, d))];
  const half = m.mul(m.mul(m.num(0.5), from.inverse), to.inverse);
  return m.mul(d, m.add(half, digammaRestDrop(m, from, to)));
}

/** digamma(x + d) - digamma(x) for x > 0 and x + d > 0; NaN elsewhere. */
export function digammaDifference<V>(m: Machine<V>, x: V, d: V): V {
  const way = wayOf(m, x, d);
  const { whole } = log1pAndLess(m, m.div(way.d, way.start));
  const difference = m.add(whole, digammaRests(m, way.start, way.d));
  const step = m.div(m.div(d, m.add(x, d)), x); // 1 / x - 1 / (x + d)
  return m.rarely(way.shifted, m.add(difference, step), difference);
}

/** digamma(x + d) - digamma(x) - d / x for x > 0 and x + d > 0; NaN elsewhere. */
export function digammaDifferenceRest<V>(m: Machine<V>, x: V, d: V): V {
  const way = wayOf(m, x, d);
  const h = m.div(way.d, way.start);
  const { less } = log1pAndLess(m, h);
  const rest = m.add(less, digammaRests(m, way.start, way.d));
  const s = m.add(x, d);
  const step = m.add(m.mul(m.div(d, x), m.div(m.sub(m.num(1), s), s)), h); // 1 / x - 1 / s - d / x + h
  return m.rarely(way.shifted, m.add(rest, step), rest);
}
