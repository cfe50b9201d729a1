import { type Machine, polynomial } from "../machine.js";
import { exp } from "./exp.js";
import { gammaTails } from "./incompleteGamma.js";
import { log } from "./log.js";
import { ndtri } from "./ndtri.js";
import { poissonMass } from "./poisson.js";
import { decay } from "./smooth.js";
import { atLeast, pick } from "./sums.js";
import { valuesOf } from "./tails.js";

/** A level between 0 and 1 as its distance to the nearer end. */
interface Level<V> {
  readonly tail: V;
  readonly upper: V;
}

/** The least k whose distribution function reaches a level lies near `k`, where the law's mass is `p`, and the function less the level `over`. */
interface Start<V> {
  readonly k: V;
  readonly p: V;
  readonly over: V;
}

/** Elements that are `active` walk from a start to the least k with `over` >= 0, by the ratio of p(k + 1) to p(k). */
function walk<V>(m: Machine<V>, { k, p, over }: Start<V>, ratio: (k: V) => V, active: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const up = m.iterate(
    { k, p, over },
    (s) => m.and(active, m.lt(s.over, zero)),
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

/** Guesses are off by one or two, in far tails of skewed laws by some ten. */
const MOST_STEPS = 200;

/** Up to this mean masses are added up from 0 on; unless the upper tail is so small that the sum's rounding would show in it. */
const FEW = 10;
const COARSE = { float32: 2 ** -8, float64: 2 ** -20 };

/** From here on neighbouring whole numbers are hardly told apart by floats, nor their masses by a level. */
const VAST = { float32: 2 ** 22, float64: 2 ** 50 };

/** Normal quantile of a level. */
const normalQuantile = <V>(m: Machine<V>, { tail, upper }: Level<V>): V => {
  const below = ndtri(m, tail);
  return m.select(upper, m.neg(below), below);
};

/**
 * The least k with P(X <= k) >= level for a Poisson law: a level above 1/2 is given as level - 1.
 *
 * For small rates masses are added up. Else the expansion of the quantile about the normal one is rarely off by more than 1; from
 * there the exact distribution function leads to the answer.
 *
 * @source Giles, Algorithm 955: approximation of the inverse Poisson cumulative distribution function (2016), for the plan; the expansion
 *   is Cornish and Fisher's
 */
export function poissonInverse<V>(m: Machine<V>, rate: V, level: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const upper = m.lt(level, zero);
  const tail = m.abs(level);
  const fine = m.or(m.not(upper), m.ge(tail, m.num(pick(m, COARSE))));
  const few = m.or(m.and(m.lt(rate, m.num(FEW)), fine), m.eq(rate, zero));
  const counted = m.when(few, () => ({ k: countUp(m, rate, m.select(upper, m.sub(one, tail), tail), few) }), {
    k: zero,
  });
  const many = m.not(few);
  const { k } = m.when(many, () => ({ k: fromNormal(m, rate, { tail, upper }, many) }), counted);
  return m.select(m.eq(level, level), k, level);
}

function countUp<V>(m: Machine<V>, rate: V, level: V, active: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const p = exp(m, m.neg(m.select(active, rate, zero)));
  return m.iterate(
    { k: zero, p, left: m.select(active, m.sub(level, p), zero) },
    ({ left }) => m.gt(left, zero),
    ({ k, p, left }) => {
      const next = m.add(k, one);
      const mass = m.mul(p, m.div(rate, next));
      return { k: next, p: mass, left: m.sub(left, mass) };
    },
    MOST_STEPS,
  ).k;
}

/**
 * By the expansion about the normal quantile z, in units of which its rest is less than (1/50 + z⁴/60) rate^(-3/2) for z² <= rate;
 * from the exact distribution function where that, or rounding, might cross a whole number.
 */
function fromNormal<V>(m: Machine<V>, rate: V, level: Level<V>, active: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const z = normalQuantile(m, level);
  const square = m.mul(z, z);
  const root = atLeast(m, m.sqrt(rate), 1);
  const inverse = m.div(one, root);
  const bend = m.mul(z, polynomial(m, square, [-1 / 36, -1 / 72]));
  const third = m.add(bend, m.mul(inverse, polynomial(m, square, [-8 / 405, 7 / 810, 1 / 270])));
  const skew = m.add(m.mul(square, m.num(1 / 6)), m.num(1 / 3));
  const whole = m.floor(rate);
  const offset = m.add(m.mul(root, z), m.add(skew, m.mul(inverse, third)));
  const away = m.add(m.sub(rate, whole), offset);
  const guess = atLeast(m, m.add(whole, m.floor(away)), 0);

  const rest = m.mul(polynomial(m, m.mul(square, square), [1 / 50, 1 / 60]), m.mul(inverse, m.mul(inverse, inverse)));
  const blur = m.add(rest, m.mul(m.abs(away), m.num(pick(m, ROUNDING))));
  const doubtful = m.or(m.lt(m.abs(m.sub(away, m.nearest(away))), blur), m.gt(square, rate));
  const exact = m.and(active, m.and(doubtful, m.lt(rate, m.num(pick(m, VAST)))));
  return m.when(
    exact,
    () => {
      const first = m.min(guess, fewSteps(m, rate, level.tail));
      const start = m.select(m.lt(rate, one), first, guess);
      const a = m.add(m.select(exact, start, zero), one);
      const mass = poissonMass(m, a, rate, m.sub(rate, a));
      const next = m.mul(decay(m, mass.exponent), mass.factor);
      const { lower, upper } = valuesOf(m, gammaTails(m, a, rate));
      const over = m.select(level.upper, m.sub(level.tail, lower), m.sub(upper, level.tail));
      const from = { k: start, p: m.mul(next, m.div(a, rate)), over };
      return { k: walk(m, from, (k) => m.div(rate, m.add(k, one)), exact) };
    },
    { k: guess },
  ).k;
}

/** For a rate below 1, a number beyond which less than the tail lies: the mass there is less than rate^k, yet no subnormal number. */
function fewSteps<V>(m: Machine<V>, rate: V, tail: V): V {
  return m.ceil(m.div(log(m, tail), log(m, rate)));
}

/** Of a normal quantile and its multiples, with some room. */
const ROUNDING = { float32: 2 ** -20, float64: 2 ** -49 };
