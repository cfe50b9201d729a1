import type { Machine } from "../machine.js";
import { aroundTwo } from "./lgamma.js";
import { log } from "./log.js";
import { log1p } from "./log1p.js";
import { log1pAndLess } from "./log1pmx.js";
import { pointOf, stirlingRestDrop, stirlingRestOf } from "./rests.js";
import { pick } from "./sums.js";

const HALF_LOG_TWO_PI = 0.9189385332046728;

/** For a from here down B(a, b) rounds to 1 / a + 1 / b. */
const TINY = { float32: 2 ** -120, float64: 2 ** -1000 };

/** log B(a, b) for a <= b outside the usual range. */
function atEnds<V>(m: Machine<V>, a: V, b: V): V {
  const tiny = m.sub(log1p(m, m.div(a, b)), log(m, a));
  const end = m.select(m.eq(a, m.num(0)), m.num(Infinity), m.select(m.eq(b, m.num(Infinity)), m.num(-Infinity), tiny));
  return m.select(m.lt(a, m.num(0)), m.num(Number.NaN), end);
}

/**
 * log B(p, q) = lgamma(p) + lgamma(q) - lgamma(p + q), for p and q > 0: ∞ where one is 0, NaN below.
 *
 * With a <= b, s = a + b, h = a / b and all of Stirling's formulas written out, the large terms combine:
 *
 *     from a = 1 on  a log(a / s) - b log(1 + h) - log(a b / s) / 2 + log(2π) / 2 + rest(a) + rest(b) - rest(s)
 *     below          lgamma(a) - a log(s) - b (log(1 + h) - h) + log(1 + h) / 2 + rest(b) - rest(s)
 *
 * where b below 1 is first moved up by one: B(a, b) = B(a, b + 1) (a + b) / b. Both need three logarithms.
 *
 * @source Didonato and Morris, Algorithm 708 (1992), betaln; DLMF 5.11.1 and 5.5.1
 */
export function lbeta<V>(m: Machine<V>, p: V, q: V): V {
  const [zero, half, one] = [m.num(0), m.num(0.5), m.num(1)];
  const [a, given] = [m.min(p, q), m.max(p, q)];
  const [below, low] = [m.lt(a, one), m.lt(given, one)];
  const b = m.add(given, m.select(low, one, zero));
  const s = m.add(a, b);
  const h = m.div(a, b);
  const above = m.add(one, h);
  const { whole, less } = log1pAndLess(m, h);
  const at = pointOf(m, b);
  const drop = m.mul(a, stirlingRestDrop(m, at, pointOf(m, s)));

  // the one logarithm's argument: s, or a / s; the other's: the factors between a and 2, or a b / s
  const power = m.mul(a, log(m, m.select(below, s, m.div(h, above))));
  const upper = m.ge(a, half);
  const recurrence = m.mul(
    m.select(upper, a, m.add(a, m.mul(a, a))),
    m.select(low, m.div(given, m.add(a, given)), one),
  );
  const factors = log(m, m.select(below, recurrence, m.div(a, above)));

  const around = aroundTwo(m, m.sub(a, m.select(upper, one, zero)));
  const rest = m.add(m.sub(m.mul(half, whole), m.mul(b, less)), drop);
  const small = m.sub(m.sub(m.add(around, rest), power), factors);
  const main = m.sub(power, m.add(m.mul(b, less), a));
  const others = m.add(
    m.sub(m.num(HALF_LOG_TWO_PI), m.mul(half, factors)),
    m.add(stirlingRestOf(m, pointOf(m, a)), drop),
  );
  const usual = m.and(m.gt(a, m.num(pick(m, TINY))), m.lt(given, m.num(Infinity)));
  return m.rarely(m.not(usual), atEnds(m, a, given), m.select(below, small, m.add(main, others)));
}
