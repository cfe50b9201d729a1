import type { Machine } from "../machine.js";
import type { Scaled } from "./poisson.js";
import { decay, log, log1p, logRatio } from "./smooth.js";

/**
 * A distribution function and its complement, which add up to 1. The tail, the one that may be small, is
 *
 *     part / whole · factor · exp(-exponent)
 *
 * with a moderate factor; the product may underflow where its logarithm does not.
 */
export interface Tails<V> extends Scaled<V> {
  readonly part: V;
  readonly whole: V;
  /** Is the tail the upper one, the complement? */
  readonly upper: V;
  /** Is the other one given, as `other`? Else it is 1 - tail. */
  readonly both: V;
  readonly other: V;
}

/** Both, the smaller with its full accuracy. */
export function valuesOf<V>(m: Machine<V>, tails: Tails<V>): { readonly lower: V; readonly upper: V } {
  const { part, whole, upper, both, exponent, factor, other } = tails;
  const tail = m.mul(m.mul(decay(m, exponent), factor), m.div(part, whole));
  const rest = m.select(both, other, m.sub(m.num(1), tail));
  return { lower: m.select(upper, rest, tail), upper: m.select(upper, tail, rest) };
}

/** A function's value and its logarithm, without underflow. */
export interface Tail<V> {
  readonly value: V;
  readonly log: V;
  /** The logarithm without the exponent of the tails, which may be so large that nothing would be left of the rest. */
  readonly bare: V;
}

/** One of them. */
export function tailOf<V>(m: Machine<V>, tails: Tails<V>, which: "lower" | "upper"): Tail<V> {
  const { lower, upper } = valuesOf(m, tails);
  return which === "lower"
    ? withLogarithm(m, tails, { value: lower, partner: upper, isTail: m.not(tails.upper) })
    : withLogarithm(m, tails, { value: upper, partner: lower, isTail: tails.upper });
}

/** The upper one where the mask holds, else the lower one. */
export function tailWhere<V>(m: Machine<V>, tails: Tails<V>, isUpper: V): Tail<V> {
  const { lower, upper } = valuesOf(m, tails);
  const isTail = m.or(m.and(isUpper, tails.upper), m.not(m.or(isUpper, tails.upper)));
  const [value, partner] = [m.select(isUpper, upper, lower), m.select(isUpper, lower, upper)];
  return withLogarithm(m, tails, { value, partner, isTail });
}

/** The logarithm of one of them. */
export const logarithmOf = <V>(m: Machine<V>, tails: Tails<V>, which: "lower" | "upper"): V =>
  tailOf(m, tails, which).log;

interface Choice<V> {
  readonly value: V;
  /** The other of the two. */
  readonly partner: V;
  readonly isTail: V;
}

function withLogarithm<V>(m: Machine<V>, tails: Tails<V>, { value, partner, isTail }: Choice<V>): Tail<V> {
  const [zero, one] = [m.num(0), m.num(1)];
  const { factor, part, whole, exponent } = tails;
  const small = m.le(value, m.num(0.5));
  const main = log(m, m.select(isTail, factor, m.select(small, value, one)));
  const ratio = logRatio(m, part, whole);
  const near = m.add(main, m.select(isTail, m.sub(ratio, exponent), zero));
  const logarithm = m.select(small, near, log1p(m, m.neg(m.select(small, zero, partner))));
  const bare = m.select(m.and(small, isTail), m.add(main, ratio), m.add(logarithm, exponent));
  return { value, log: logarithm, bare };
}
