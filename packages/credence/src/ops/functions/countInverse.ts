import { type Machine, polynomial } from "../machine.js";
import { exp } from "./exp.js";
import { betaPoint, betaTails, binomialMass } from "./incompleteBeta.js";
import { gammaTails } from "./incompleteGamma.js";
import { log } from "./log.js";
import { log1p } from "./log1p.js";
import { ndtri } from "./ndtri.js";
import { poissonMass } from "./poisson.js";
import { decay } from "./smooth.js";
import { atLeast, pick } from "./sums.js";
import { valuesOf } from "./tails.js";

/** A law of the numbers from 0 on whose masses have a simple ratio. */
interface CountLaw<V> {
  readonly mean: V;
  readonly variance: V;
  /** Third central moment over the variance; 1 if omitted. */
  readonly skew?: V;
  /** The greatest number, if there is one. */
  readonly most?: V;
  /** p(0), where the mean is small. */
  readonly atZero: (mean: V) => V;
  /** p(k + 1) / p(k). */
  readonly ratio: (k: V) => V;
  /** For k below the greatest number: P(X <= k), P(X > k) and p(k). */
  readonly at: (k: V) => { readonly below: V; readonly above: V; readonly mass: V };
}

/** A level between 0 and 1 as its distance to the nearer end. */
interface Level<V> {
  readonly tail: V;
  readonly upper: V;
}

/** Up to this mean masses are added up from 0 on; unless the upper tail is so small that the sum's rounding would show in it. */
const FEW = 10;
const COARSE = { float32: 2 ** -8, float64: 2 ** -20 };

/** From here on neighbouring whole numbers are hardly told apart by floats, nor their masses by a level. */
const VAST = { float32: 2 ** 22, float64: 2 ** 50 };

/** Guesses are off by one or two, in far tails of skewed laws by some ten. */
const MOST_STEPS = 200;

/**
 * The least k with P(X <= k) >= level; a level above 1/2 is given as level - 1.
 *
 * For small means masses are added up. Else the expansion of the quantile about the normal one tells k unless its rest might cross a
 * whole number; then the exact distribution function decides.
 *
 * @source the plan is that of Giles, Algorithm 955: approximation of the inverse Poisson cumulative distribution function (2016)
 */
function countInverse<V>(m: Machine<V>, law: CountLaw<V>, signed: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const upper = m.lt(signed, zero);
  const tail = m.abs(signed);
  const level = { tail, upper };
  const fine = m.or(m.not(upper), m.ge(tail, m.num(pick(m, COARSE))));
  const few = m.or(m.and(m.lt(law.mean, m.num(FEW)), fine), m.eq(law.mean, zero));
  const counted = m.when(few, () => ({ k: countUp(m, law, m.select(upper, m.sub(one, tail), tail), few) }), {
    k: zero,
  });
  const many = m.not(few);
  const { k } = m.when(many, () => ({ k: fromNormal(m, law, level, many) }), counted);
  return m.select(m.eq(signed, signed), k, signed);
}

/** Is there a number above k? */
const goesOn = <V>(m: Machine<V>, { most }: CountLaw<V>, k: V, mask: V): V =>
  most === undefined ? mask : m.and(mask, m.lt(k, most));

function countUp<V>(m: Machine<V>, law: CountLaw<V>, level: V, active: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const p = law.atZero(m.select(active, law.mean, zero));
  return m.iterate(
    { k: zero, p, left: m.select(active, m.sub(level, p), zero) },
    ({ k, left }) => goesOn(m, law, k, m.gt(left, zero)),
    ({ k, p, left }) => {
      const mass = m.mul(p, law.ratio(k));
      return { k: m.add(k, one), p: mass, left: m.sub(left, mass) };
    },
    MOST_STEPS,
  ).k;
}

/**
 * Cornish and Fisher's expansion of the quantile by the normal one z, for a lattice: with s the standard deviation, c the skew, and
 * cumulants that depend on it as a binomial's do, the whole number is the floor of
 *
 *     mean + s z + c (z² - 1) / 6 + 1/2 + (third(z) + fourth(z) / s) / s
 *
 * whose rest is found to be less than (1/50 + z⁴/60) / s³ for z² <= s².
 *
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), equation 12.61, with the variance less 1/12
 */
function fromNormal<V>(m: Machine<V>, law: CountLaw<V>, level: Level<V>, active: V): V {
  const { mean, variance, skew, most } = law;
  const below = ndtri(m, level.tail);
  const z = m.select(level.upper, m.neg(below), below);
  const square = m.mul(z, z);
  const deviation = m.sqrt(variance);
  const inverse = m.div(m.num(1), atLeast(m, deviation, 1));

  // a + b c², whose product with c is meant where the term is odd in c
  const bent = skew === undefined ? undefined : m.mul(skew, skew);
  const row = (a: number, b: number): V => (bent === undefined ? m.num(a + b) : m.add(m.num(a), m.mul(bent, m.num(b))));
  const odd = (x: V): V => (skew === undefined ? x : m.mul(skew, x));
  const second = odd(m.mul(m.sub(square, m.num(1)), m.num(1 / 6)));
  const third = m.mul(z, m.add(row(1 / 48, -7 / 144), m.mul(square, row(-1 / 48, 1 / 144))));
  const inner = m.add(row(-1 / 45, 1 / 405), m.mul(square, row(7 / 720, -7 / 6480)));
  const fourth = odd(m.add(inner, m.mul(m.mul(square, square), row(1 / 240, -1 / 2160))));
  const bend = m.mul(inverse, m.add(third, m.mul(inverse, fourth)));

  const whole = m.floor(mean);
  const away = m.add(m.sub(mean, whole), m.add(m.mul(deviation, z), m.add(m.add(second, m.num(0.5)), bend)));
  const found = atLeast(m, m.add(whole, m.floor(away)), 0);
  const guess = most === undefined ? found : m.min(found, most);

  const rest = m.mul(polynomial(m, m.mul(square, square), [1 / 50, 1 / 60]), m.mul(inverse, m.mul(inverse, inverse)));
  const blur = m.add(rest, m.mul(m.abs(away), m.num(pick(m, ROUNDING))));
  const doubtful = m.or(m.lt(m.abs(m.sub(away, m.nearest(away))), blur), m.gt(square, variance));
  const exact = m.and(active, m.and(doubtful, m.lt(mean, m.num(pick(m, VAST)))));
  return m.when(exact, () => ({ k: byDistribution(m, law, level, guess, exact) }), { k: guess }).k;
}

/** Of a normal quantile and its multiples, with some room. */
const ROUNDING = { float32: 2 ** -20, float64: 2 ** -49 };

/** From a guess to the least k with P(X <= k) - level >= 0; in the upper half by the other tail. */
function byDistribution<V>(m: Machine<V>, law: CountLaw<V>, level: Level<V>, guess: V, active: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const { mean, most, ratio } = law;
  // for a mean below 1 less than the tail lies beyond this: the mass there is less than mean^k, yet no subnormal number
  const steps = m.ceil(m.div(log(m, level.tail), log(m, mean)));
  const start = m.select(m.lt(mean, one), m.min(guess, steps), guess);
  const inside = most === undefined ? start : atLeast(m, m.min(start, m.sub(most, one)), 0);
  const k = m.select(active, inside, zero);
  const { below, above, mass } = law.at(k);
  const over = m.select(level.upper, m.sub(level.tail, above), m.sub(below, level.tail));
  const up = m.iterate(
    { k, p: mass, over },
    (s) => goesOn(m, law, s.k, m.and(active, m.lt(s.over, zero))),
    (s) => {
      const next = m.mul(s.p, ratio(s.k));
      return { k: m.add(s.k, one), p: next, over: m.add(s.over, next) };
    },
    MOST_STEPS,
  );
  return m.iterate(
    up,
    (s) => m.and(m.and(active, m.gt(s.k, zero)), m.ge(m.sub(s.over, s.p), zero)),
    (s) => {
      const before = m.sub(s.k, one);
      return { k: before, p: m.div(s.p, ratio(before)), over: m.sub(s.over, s.p) };
    },
    MOST_STEPS,
  ).k;
}

/** The least k with P(X <= k) >= level for a Poisson law of this rate; levels above 1/2 are given as level - 1. */
export function poissonInverse<V>(m: Machine<V>, rate: V, level: V): V {
  const one = m.num(1);
  const law: CountLaw<V> = {
    mean: rate,
    variance: rate,
    atZero: (mean) => exp(m, m.neg(mean)),
    ratio: (k) => m.div(rate, m.add(k, one)),
    at: (k) => {
      const a = m.add(k, one);
      const next = poissonMass(m, a, rate, m.sub(rate, a));
      const { lower, upper } = valuesOf(m, gammaTails(m, a, rate));
      const mass = m.mul(m.mul(decay(m, next.exponent), next.factor), m.div(a, rate));
      return { below: upper, above: lower, mass };
    },
  };
  return countInverse(m, law, level);
}

/** The same for a binomial law of n trials that succeed with a probability p up to 1/2. */
export function binomialInverse<V>(m: Machine<V>, n: V, p: V, level: V): V {
  const one = m.num(1);
  const failure = m.sub(one, p);
  const odds = m.div(p, failure);
  const mean = m.mul(n, p);
  const law: CountLaw<V> = {
    mean,
    variance: m.mul(mean, failure),
    skew: m.sub(failure, p),
    most: n,
    atZero: () => exp(m, m.mul(n, log1p(m, m.neg(p)))),
    ratio: (k) => m.mul(m.div(m.sub(n, k), m.add(k, one)), odds),
    at: (k) => {
      const [a, b] = [m.add(k, one), m.sub(n, k)];
      const { exponent, factor } = binomialMass(m, betaPoint(m, a, b, p));
      const { lower, upper } = valuesOf(m, betaTails(m, a, b, p));
      const mass = m.mul(m.mul(decay(m, exponent), factor), m.div(a, m.mul(p, m.add(n, one))));
      return { below: upper, above: lower, mass };
    },
  };
  return countInverse(m, law, level);
}
