import { unsettled } from "../dual.js";
import type { Machine } from "../machine.js";
import { continuedFraction } from "./continuedFraction.js";
import { curvature, lgammaSlope, poissonMass, type Scaled } from "./poisson.js";
import { decay, erfcx, exp, expm1, log, logGammaRatioRest, logProduct } from "./smooth.js";
import { atMost, pick, twoProduct, twoSum } from "./sums.js";
import { logarithmOf, type Tails, valuesOf } from "./tails.js";
import { UNIFORM, uniformRest } from "./uniform.js";

/** A point of a beta distribution. */
export interface Point<V> {
  readonly a: V;
  readonly b: V;
  readonly x: V;
  /** 1 - x. */
  readonly y: V;
  /** x b - y a: the distance of x from the mean, times a + b. */
  readonly gap: V;
}

export function betaPoint<V>(m: Machine<V>, a: V, b: V, x: V): Point<V> {
  const { head: y, tail } = twoSum(m, m.num(1), m.neg(x));
  const [right, left] = [twoProduct(m, x, b), twoProduct(m, y, a)];
  const small = m.sub(m.sub(right.tail, left.tail), m.mul(tail, a));
  return { a, b, x, y, gap: m.add(m.sub(right.head, left.head), small) };
}

/** x^a y^b / B(a, b) (a + b) / (a b), by Poisson masses of means that add up to a + b. */
export function binomialMass<V>(m: Machine<V>, { a, b, x, y, gap }: Point<V>): Scaled<V> {
  const n = m.add(a, b);
  const left = poissonMass(m, a, m.mul(n, x), gap);
  const right = poissonMass(m, b, m.mul(n, y), m.neg(gap));
  const whole = poissonMass(m, n, n, m.num(0));
  return {
    exponent: m.sub(m.add(left.exponent, right.exponent), whole.exponent),
    factor: m.div(m.mul(left.factor, right.factor), whole.factor),
  };
}

/** The series for a small shape serves where its variable times the other shape is below this. */
const NEAR = 1.5;

/**
 * The incomplete beta functions for a, b > 0 and 0 < x < 1, by regions:
 *
 * - both shapes large and x not too far from the mean: the uniform expansion about the normal distribution;
 * - one shape up to 1 and its variable small: the power series, from which both come without subtraction of near numbers;
 * - else the continued fraction, for the tail on the side of x.
 *
 * @source Didonato and Morris, Algorithm 708 (1992); DLMF 8.17.7 and 8.18.9
 */
export function betaTails<V>(m: Machine<V>, a: V, b: V, x: V): Tails<V> & { readonly mass: Scaled<V> } {
  const [zero, one] = [m.num(0), m.num(1)];
  const point = betaPoint(m, a, b, x);
  const { y, gap } = point;
  const n = m.add(a, b);
  const mass = binomialMass(m, point);

  const size = m.mul(a, m.div(b, n));
  const h = m.add(curvature(m, a, m.mul(n, x), gap), curvature(m, b, m.mul(n, y), m.neg(gap)));
  const square = m.div(m.mul(m.mul(gap, m.mul(gap, h)), m.num(2)), size);
  const reach = m.num(1.3); // how far `curvature` is exact
  const central = m.and(m.le(gap, m.mul(reach, a)), m.le(m.neg(gap), m.mul(reach, b)));
  const within = m.and(central, m.le(square, m.num(UNIFORM.reach ** 2)));
  const uniform = m.and(m.ge(size, m.num(pick(m, UNIFORM.least))), within);

  const [near, half] = [m.num(NEAR), m.num(0.5)];
  const leftSmall = m.and(m.and(m.le(a, one), m.le(x, half)), m.le(m.mul(b, x), near));
  const rightSmall = m.and(m.and(m.le(b, one), m.le(y, half)), m.le(m.mul(a, y), near));
  const both = m.or(leftSmall, rightSmall);

  // the fraction goes on well a little beyond the mean, where that of the other side would be slow
  const little = m.num(0.3);
  const above = m.gt(gap, zero);
  const stays = m.and(m.le(x, little), m.lt(m.mul(b, x), near));
  const crosses = m.and(m.le(y, little), m.lt(m.mul(a, y), near));
  const swapped = m.select(above, m.select(stays, zero, one), m.select(crosses, one, zero));
  const isSwapped = m.gt(swapped, zero);
  const apart = m.not(m.or(uniform, both));
  const upper = m.or(m.and(uniform, above), m.or(m.and(apart, isSwapped), m.and(both, m.not(leftSmall))));

  const middle = m.when(uniform, () => ({ factor: uniformFactor(m, point, size, h) }), { factor: zero });
  const [p, q] = [m.select(isSwapped, b, a), m.select(isSwapped, a, b)];
  const far = m.when(
    apart,
    () => {
      const [z, w] = [m.select(isSwapped, y, x), m.select(isSwapped, x, y)];
      const fraction = tailFraction(m, { a: p, b: q, x: z, y: w, gap: m.select(isSwapped, m.neg(gap), gap) }, apart);
      return { factor: m.mul(mass.factor, fraction) };
    },
    middle,
  );
  const outside = {
    exponent: mass.exponent,
    factor: far.factor,
    part: m.select(apart, q, one),
    whole: m.select(apart, m.div(n, m.add(p, one)), one),
    other: zero,
  };
  const series = (): typeof outside => {
    const [s, r] = [m.select(leftSmall, a, b), m.select(leftSmall, b, a)];
    return { ...smallTails(m, s, r, m.select(leftSmall, x, y), both), part: one, whole: one };
  };
  return { mass, upper, both, ...m.when(both, series, outside) };
}

/** The smaller tail by the uniform expansion, without exp(-exponent). */
function uniformFactor<V>(m: Machine<V>, { a, b, gap }: Point<V>, size: V, h: V): V {
  const v = m.mul(gap, m.sqrt(h)); // v² is the exponent
  const z = m.mul(v, m.sqrt(m.div(m.num(2), size)));
  const skew = m.div(m.sub(b, a), m.add(a, b));
  const rest = uniformRest(m, size, z, skew);
  const correction = m.div(rest, m.mul(m.sqrt(size), m.num(Math.sqrt(2 * Math.PI))));
  const above = m.gt(gap, m.num(0));
  const normal = m.mul(erfcx(m, m.select(above, v, m.neg(v))), m.num(0.5));
  return m.add(normal, m.select(above, correction, m.neg(correction)));
}

/**
 * a B(a, b) x^-a y^-b / (a + 1) times the incomplete beta function of x, for an x about the mean or below.
 *
 * @source Didonato and Morris (1992), equation 9
 */
function tailFraction<V>(m: Machine<V>, { a, b, x, y, gap }: Point<V>, active: V): V {
  const [zero, one, two] = [m.num(0), m.num(1), m.num(2)];
  const from = m.sub(one, gap);
  const beside = m.add(one, y);
  const reciprocal = m.div(one, m.add(a, one));
  const n = m.add(a, b);
  return continuedFraction(
    m,
    // k levels below; a + 2k + 1 and its reciprocal
    { active, denominator: from, start: { k: zero, s: m.add(a, one), r: reciprocal } },
    ({ k, s, r }) => {
      const next = m.add(k, one);
      const step = m.mul(m.mul(next, m.sub(b, next)), x);
      const ahead = m.add(s, two);
      const inverse = m.div(one, ahead);
      const shape = m.select(m.gt(k, zero), m.mul(m.add(a, k), r), one); // the first level is short of this factor
      const numerator = m.mul(shape, m.mul(m.mul(m.mul(m.add(n, k), x), r), step));
      const slope = m.mul(m.mul(m.add(a, next), inverse), m.add(from, m.mul(next, beside)));
      const level = m.add(m.add(next, m.mul(step, r)), slope);
      return { numerator, denominator: level, state: { k: next, s: ahead, r: inverse } };
    },
  );
}

const MOST_STEPS = 400;

/** Both for a shape s <= 1 and its small variable w, from w^s / (s B(s, r)) (1 + s Σ (1 - r)_n w^n / (n! (s + n))). */
function smallTails<V>(m: Machine<V>, s: V, r: V, w: V, active: V) {
  const one = m.num(1);
  const power = m.mul(m.sub(one, r), w);
  const first = m.div(power, m.add(s, one));
  const { sum } = m.iterate(
    { power, step: m.select(active, first, m.num(0)), sum: first, n: m.num(2) },
    ({ step, sum }) => unsettled(m, step, sum),
    ({ power, sum, n }) => {
      const next = m.mul(power, m.div(m.mul(m.sub(n, r), w), n));
      const step = m.div(next, m.add(s, n));
      return { power: next, step, sum: m.add(sum, step), n: m.add(n, one) };
    },
    MOST_STEPS,
  );
  const logMean = logProduct(m, w, r); // moderate where neither logarithm is
  const logPower = m.add(logGammaRatioRest(m, r, s), m.mul(s, m.sub(logMean, lgammaSlope(m, s))));
  const bend = m.mul(s, sum);
  // 1 - power (1 + bend)
  const other = m.neg(m.add(expm1(m, logPower), m.mul(exp(m, logPower), bend)));
  return { exponent: m.neg(logPower), factor: m.add(one, bend), other };
}

const LARGEST = { float32: 2 ** 120, float64: 2 ** 960 };

type Shape<V> = readonly [a: V, b: V, x: V];

/** What a function is on a, b >= 0 and 0 <= x <= 1: constants at the ends, and NaN where they contradict each other. */
function betweenEnds<V>(
  m: Machine<V>,
  [a, b, x]: Shape<V>,
  [low, high]: readonly [V, V],
  value: (...at: Shape<V>) => V,
): V {
  const [zero, one, infinity] = [m.num(0), m.num(1), m.num(Infinity)];
  const most = pick(m, LARGEST);
  const isLow = m.or(m.or(m.eq(x, zero), m.eq(b, zero)), m.eq(a, infinity));
  const isHigh = m.or(m.or(m.eq(x, one), m.eq(a, zero)), m.eq(b, infinity));
  const inside = m.and(m.and(m.ge(a, zero), m.ge(b, zero)), m.and(m.ge(x, zero), m.le(x, one)));
  const at = value(atMost(m, a, most), atMost(m, b, most), x);
  const ended = m.select(isLow, low, m.select(isHigh, high, at));
  return m.select(m.and(inside, m.not(m.and(isLow, isHigh))), ended, m.num(Number.NaN));
}

/** The regularised incomplete beta function I_x(a, b): the beta distribution's cdf. */
export const betainc = <V>(m: Machine<V>, a: V, b: V, x: V): V =>
  betweenEnds(m, [a, b, x], [m.num(0), m.num(1)], (...at) => valuesOf(m, betaTails(m, ...at)).lower);

/** Its complement 1 - I_x(a, b), with its full relative accuracy. */
export const betaincc = <V>(m: Machine<V>, a: V, b: V, x: V): V =>
  betweenEnds(m, [a, b, x], [m.num(1), m.num(0)], (...at) => valuesOf(m, betaTails(m, ...at)).upper);

/** log I_x(a, b), without underflow. */
export const logBetainc = <V>(m: Machine<V>, a: V, b: V, x: V): V =>
  betweenEnds(m, [a, b, x], [m.num(-Infinity), m.num(0)], (...at) => logarithmOf(m, betaTails(m, ...at), "lower"));

/** log(1 - I_x(a, b)), without underflow. */
export const logBetaincc = <V>(m: Machine<V>, a: V, b: V, x: V): V =>
  betweenEnds(m, [a, b, x], [m.num(0), m.num(-Infinity)], (...at) => logarithmOf(m, betaTails(m, ...at), "upper"));

/** I_x(a, b), or where `upper` holds its complement: for formulas that need now one, now the other. */
export function betaSide<V>(m: Machine<V>, a: V, b: V, x: V, upper: V): V {
  return betweenEnds(m, [a, b, x], endsOf(m, upper, [0, 1]), (...at) => {
    const values = valuesOf(m, betaTails(m, ...at));
    return m.select(upper, values.upper, values.lower);
  });
}

/** Its logarithm, without underflow. */
export function logBetaSide<V>(m: Machine<V>, a: V, b: V, x: V, upper: V): V {
  return betweenEnds(m, [a, b, x], endsOf(m, upper, [-Infinity, 0]), (...at) => {
    const tails = betaTails(m, ...at);
    return m.select(upper, logarithmOf(m, tails, "upper"), logarithmOf(m, tails, "lower"));
  });
}

function endsOf<V>(m: Machine<V>, upper: V, [low, high]: readonly [number, number]): readonly [V, V] {
  return [m.select(upper, m.num(high), m.num(low)), m.select(upper, m.num(low), m.num(high))];
}

/** x^(a-1) (1 - x)^(b-1) / B(a, b), the slope of I in x: the beta distribution's density. */
export function betaDensity<V>(m: Machine<V>, a: V, b: V, x: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const end = (own: V, other: V): V => m.select(m.lt(own, one), m.num(Infinity), m.select(m.gt(own, one), zero, other));
  return betweenEnds(m, [a, b, x], [end(a, b), end(b, a)], (p, q, z) => {
    const point = betaPoint(m, p, q, z);
    const { exponent, factor } = binomialMass(m, point);
    // far below the mass may underflow where the density does not
    const deep = m.gt(exponent, m.num(pick(m, { float32: 50, float64: 400 })));
    const variables = m.mul(z, point.y);
    const power = decay(m, m.add(exponent, log(m, m.select(deep, variables, one))));
    const scale = m.mul(p, m.div(q, m.add(p, q)));
    return m.div(m.mul(m.mul(power, factor), scale), m.select(deep, one, variables));
  });
}
