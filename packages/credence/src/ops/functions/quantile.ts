import type { Dual } from "../dual.js";
import type { Machine } from "../machine.js";
import { exp } from "./exp.js";
import { log } from "./log.js";
import { log1mexp } from "./log1mexp.js";
import { log1p } from "./log1p.js";
import { log1pRatio } from "./log1pRatio.js";
import type { Scaled } from "./poisson.js";
import { atLeast, pick } from "./sums.js";

/** What quantiles of continuous laws have in common: where to look for them, and how to get nearer. */

/** A level of a distribution function, by the logarithm of the smaller of its two sides. */
export interface Level<V> {
  readonly tail: V;
  /** log(tail) <= -log 2. */
  readonly logTail: V;
  /** log(1 - tail). */
  readonly logOther: V;
  /** Is the tail the upper one? */
  readonly upper: V;
}

type Side = "lower" | "upper";

/** The level at which the function on this side is p. */
export function levelOf<V>(m: Machine<V>, p: V, side: Side): Level<V> {
  const small = m.le(p, m.num(0.5));
  const tail = m.select(small, p, m.sub(m.num(1), p)); // exact
  const upper = side === "lower" ? m.not(small) : small;
  return { tail, logTail: log(m, tail), logOther: log1p(m, m.neg(tail)), upper };
}

/** The level at which the logarithm of the function on this side is l. */
export function levelOfLog<V>(m: Machine<V>, l: V, side: Side): Level<V> {
  const small = m.le(l, m.num(-Math.LN2));
  const rest = log1mexp(m, l);
  const upper = side === "lower" ? m.not(small) : small;
  const logTail = m.select(small, l, rest);
  return { tail: exp(m, logTail), logTail, logOther: m.select(small, rest, l), upper };
}

/**
 * The standard normal deviate z >= 0 whose upper tail has this logarithm, to 5e-4.
 *
 * @source Abramowitz and Stegun (1964), 26.2.23
 */
export function roughDeviate<V>(m: Machine<V>, logTail: V): V {
  const h = m.sqrt(m.mul(logTail, m.num(-2)));
  const above = m.add(m.num(2.515517), m.mul(h, m.add(m.num(0.802853), m.mul(h, m.num(0.010328)))));
  const cubic = m.add(m.num(0.189269), m.mul(h, m.num(0.001308)));
  const below = m.add(m.num(1), m.mul(h, m.add(m.num(1.432788), m.mul(h, cubic))));
  return m.sub(h, m.div(above, below));
}

/** The logarithm G of a tail at v, as far as it is needed to reach its target. */
export interface Local<V> {
  /** The target, less G. */
  readonly excess: V;
  /** G' = ± D / tail, with the density D on the scale of v. */
  readonly rate: V;
  /** The first three derivatives of log D. */
  readonly bends: readonly [V, V, V];
}

const NORMAL = { float32: 2 ** -126, float64: 2 ** -1022 };

/** The logarithm of the level's tail, less that of a tail at hand; where they are near each other, of their quotient. */
export function excessOf<V>(m: Machine<V>, level: Level<V>, at: { readonly value: V; readonly log: V }): V {
  const apart = m.sub(level.logTail, at.log);
  const share = m.div(m.sub(level.tail, at.value), at.value);
  const near = m.and(m.lt(m.abs(share), m.num(0.5)), m.gt(at.value, m.num(pick(m, NORMAL))));
  return m.select(near, log1p(m, m.select(near, share, m.num(0))), apart);
}

/** What the density and the tails are made of. */
export interface Parts<V> {
  readonly mass: Scaled<V>;
  readonly exponent: V;
}

/** The values of parts with slopes. */
export function partsOf<V>({ mass, exponent }: Parts<Dual<V>>): Parts<V> {
  return { mass: { factor: mass.factor.value, exponent: mass.exponent.value }, exponent: exponent.value };
}

/** G' from log |G'|, no nearer to 0 than a step needs to be finite. */
export function rateOf<V>(m: Machine<V>, logRate: V, upper: V): V {
  const size = atLeast(m, exp(m, logRate), 1e-30);
  return m.select(upper, m.neg(size), size);
}

/** The longest steps: where the tail grows steadily, and where it is about to, so that its slope says little. */
const [FAR, NEAR] = [30, 3];

/**
 * A step of v towards G = target, of fourth order, with an estimate of what is then left.
 *
 * With ρ = excess / G' and c = G'' / G', which is (log D)' - G', it is log(1 + c ρ) / c, the whole way if c were constant, and two
 * terms for its change. Tails of laws whose density is log-concave in v are that too; their chords and tangents do not leave the
 * region where the method converges.
 *
 * @source the reversion of Taylor's series; Traub, Iterative Methods for the Solution of Equations (1964), section 5.1
 */
export function stepTowards<V>(
  m: Machine<V>,
  { excess, rate, bends }: Local<V>,
): { readonly step: V; readonly left: V } {
  const [zero, one] = [m.num(0), m.num(1)];
  const rho = m.div(excess, rate);
  const square = m.mul(rho, rho);
  // all times powers of ρ, so that nothing overflows
  // the rate is good to a few bits less than the precision
  const bend = m.sub(bends[0], rate);
  const noise = m.mul(m.abs(rate), m.num(pick(m, { float32: 2 ** -16, float64: 2 ** -44 })));
  const first = m.mul(m.select(m.gt(m.abs(bend), noise), bend, zero), rho);
  const second = m.sub(m.mul(bends[1], square), m.mul(excess, first));
  const third = m.sub(m.mul(bends[2], m.mul(square, rho)), m.mul(excess, m.add(m.mul(first, first), second)));
  const change = m.add(
    m.mul(second, m.num(-1 / 6)),
    m.mul(m.sub(m.mul(m.mul(first, second), m.num(7)), third), m.num(1 / 24)),
  );
  const trusted = m.le(m.abs(change), m.num(0.25));
  const main = log1pRatio(m, atLeast(m, first, -0.9));
  const whole = m.mul(rho, m.add(main, m.select(trusted, change, zero)));
  const longest = m.select(m.gt(first, m.num(2)), m.num(NEAR), m.num(FAR));
  const bounded = m.max(m.min(whole, longest), m.neg(longest));
  const ratio = m.add(m.mul(first, first), m.abs(second));
  const order = m.select(m.lt(ratio, one), m.mul(ratio, ratio), one);
  const within = m.lt(m.abs(whole), m.num(pick(m, { float32: 2 ** -23, float64: 2 ** -52 })));
  const left = m.select(within, zero, m.mul(m.abs(rho), order));
  return { step: m.select(m.eq(excess, zero), zero, bounded), left };
}

/** What is left after a step no longer counts below this. */
export function isLeft<V>(m: Machine<V>, left: V): V {
  return m.gt(left, m.num(pick(m, { float32: 2 ** -26, float64: 2 ** -55 })));
}

/** Six or seven steps are the most that were seen. */
export const MOST_STEPS = 40;
