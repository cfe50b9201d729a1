import type { Machine } from "../machine.js";
import { bd0, log1pmx } from "./log1pmx.js";
import { logRatio } from "./logRatio.js";
import { pointOf, stirlingRestRise } from "./rests.js";
import { stirlingError, stirlingErrorSlope } from "./stirlingError.js";

/** r - 1 - log r with r = x / y, given u = r - 1. */
function scaleTerm<V>(m: Machine<V>, x: V, y: V, u: V): V {
  const isSmall = m.lt(u, m.num(-0.5)); // there 1 + u has lost digits
  const near = m.neg(log1pmx(m, m.select(isSmall, m.num(0), u)));
  return m.rarely(isSmall, m.sub(u, logRatio(m, x, y)), near);
}

/** For shapes below 1: by those at x + 1 and y + 1 where the two are near each other, else by the four terms as they stand. */
function lowRise<V>(m: Machine<V>, x: V, y: V, rise: V): V {
  const one = m.num(1);
  const step = m.sub(x, y);
  const scale = scaleTerm(m, x, y, m.div(step, y));
  const near = m.add(m.add(rise, scale), m.sub(bd0(m, m.add(x, one), m.add(y, one)), bd0(m, x, y)));
  const rests = m.sub(m.sub(stirlingError(m, x), stirlingError(m, y)), m.mul(stirlingErrorSlope(m, y), step));
  const far = m.add(m.mul(m.num(0.5), scale), rests);
  return m.select(m.lt(m.abs(step), m.mul(y, m.num(0.25))), near, far);
}

/**
 * lgamma(x) - lgamma(y) - digamma(y) (x - y) - bd0(x, y) for x, y > 0, which is never below 0.
 *
 * By Stirling's formula it is (r - 1 - log r) / 2 with r = x / y and what the formula's rest gains beyond its tangent.
 *
 * @source DLMF 5.11.1 and 5.5.1
 */
export function stirlingRise<V>(m: Machine<V>, x: V, y: V): V {
  const [one, half] = [m.num(1), m.num(0.5)];
  const low = m.not(m.ge(m.min(x, y), one));
  const shift = m.select(low, one, m.num(0));
  const [p, q] = [m.add(x, shift), m.add(y, shift)];
  const step = m.sub(x, y);
  const u = m.div(step, q);
  const scale = scaleTerm(m, p, q, u);
  const rise = m.add(m.mul(half, scale), stirlingRestRise(m, pointOf(m, p), pointOf(m, q), q, u));
  return m.rarely(low, lowRise(m, x, y, rise), rise);
}

/** Two pairs x, y and x + d, y + e, and by how much the quotients differ. */
interface Pairs<V> {
  readonly x: V;
  readonly y: V;
  readonly p: V;
  readonly q: V;
  readonly e: V;
  /** x / y - 1 */
  readonly u: V;
  /** p / q - x / y, and the same in units of x / y. */
  readonly w: V;
  readonly v: V;
  /** log(1 + v) - v */
  readonly bend: V;
}

function pairsOf<V>(m: Machine<V>, x: V, y: V, d: V, e: V): Pairs<V> {
  const u = m.div(m.sub(x, y), y);
  const q = m.add(y, e);
  const w = m.div(m.sub(m.sub(d, e), m.mul(u, e)), q);
  const v = m.mul(w, m.div(y, x));
  const p = m.add(x, d);
  const isSmall = m.lt(v, m.num(-0.5)); // there 1 + v has lost digits
  const near = log1pmx(m, m.select(isSmall, m.num(0), v));
  const bend = m.rarely(isSmall, m.sub(logRatio(m, m.div(p, q), m.div(x, y)), v), near);
  return { x, y, p, q, e, u, w, v, bend };
}

/** What r - 1 - log r gains. */
const scaleGain = <V>(m: Machine<V>, { x, y, w, bend }: Pairs<V>): V => m.sub(m.mul(w, m.div(m.sub(x, y), x)), bend);

/** What bd0 gains, which is y ((1 + u) log(1 + u) - u). */
function deviationGain<V>(m: Machine<V>, { x, y, p, q, e, w, bend }: Pairs<V>): V {
  const moved = m.add(m.mul(x, bend), m.mul(m.mul(y, w), logRatio(m, p, q)));
  return m.add(moved, m.mul(e, m.div(bd0(m, p, q), q)));
}

/** What `stirlingRise` gains, for x and y from 1 on. */
function upperGain<V>(m: Machine<V>, pairs: Pairs<V>): V {
  const { x, y, p, q, u, w } = pairs;
  const end = stirlingRestRise(m, pointOf(m, p), pointOf(m, q), q, m.add(u, w));
  const start = stirlingRestRise(m, pointOf(m, x), pointOf(m, y), y, u);
  return m.add(m.mul(m.num(0.5), scaleGain(m, pairs)), m.sub(end, start));
}

/**
 * stirlingRise(x + d, y + e) - stirlingRise(x, y), which for small d and e is much less than either: what each part of it gains, as terms of
 * d and e.
 */
export function stirlingRiseGain<V>(m: Machine<V>, x: V, y: V, d: V, e: V): V {
  const one = m.num(1);
  const low = m.not(m.ge(m.min(x, y), one));
  const shift = m.select(low, one, m.num(0));
  const above = pairsOf(m, m.add(x, shift), m.add(y, shift), d, e);
  const usual = upperGain(m, above);
  return m.rarely(low, lowGain(m, [x, y, d, e], above, usual), usual);
}

/** For shapes below 1: by those one above, where the quotients do not differ much, else as the difference that it is. */
function lowGain<V>(m: Machine<V>, [x, y, d, e]: readonly [V, V, V, V], above: Pairs<V>, usual: V): V {
  const pairs = pairsOf(m, x, y, d, e);
  const moved = m.sub(deviationGain(m, above), deviationGain(m, pairs));
  const near = m.add(usual, m.add(scaleGain(m, pairs), moved));
  const half = m.num(0.5);
  const isNear = m.and(m.le(m.abs(pairs.v), half), m.le(m.abs(pairs.u), half));
  return m.select(isNear, near, m.sub(stirlingRise(m, pairs.p, pairs.q), stirlingRise(m, x, y)));
}
