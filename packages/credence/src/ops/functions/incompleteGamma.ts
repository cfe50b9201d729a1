import { unsettled } from "../dual.js";
import type { Machine } from "../machine.js";
import { continuedFraction } from "./continuedFraction.js";
import { curvature, lgammaSlope, poissonMass, type Scaled } from "./poisson.js";
import { decay, erfcx, exp, expm1, log } from "./smooth.js";
import { atMost, pick } from "./sums.js";
import { logarithmOf, type Tails, valuesOf } from "./tails.js";
import { UNIFORM, uniformRest } from "./uniform.js";

const MOST_STEPS = 400;

/**
 * The incomplete gamma functions for a > 0 and x >= 0, by regions:
 *
 * - a large and x not too far from it: the uniform expansion about the normal distribution;
 * - a <= 1 and x small: the power series in -x, from which P and Q come without subtraction of near numbers;
 * - else, below a: the series of positive terms for P; above: the continued fraction for Q.
 *
 * @source DLMF 8.7.1, 8.11.4, 8.9.2 and 8.12; Gil, Segura and Temme (2012), section 2, for the regions
 */
export function gammaTails<V>(m: Machine<V>, a: V, x: V): Tails<V> & { readonly mass: Scaled<V> } {
  const [zero, one] = [m.num(0), m.num(1)];
  const gap = m.sub(x, a);
  const mass = poissonMass(m, a, x, gap);
  const both = m.and(m.le(a, one), m.lt(x, m.num(NEAR)));
  const h = curvature(m, a, x, gap);
  // z²/2 up to 0.405, of which this h keeps clear where it is not exact, far from a
  const square = m.div(m.mul(m.mul(gap, m.mul(gap, h)), m.num(2)), a);
  const within = m.and(m.le(gap, m.mul(m.num(1.3), a)), m.le(square, m.num(UNIFORM.reach ** 2)));
  const uniform = m.and(m.ge(a, m.num(pick(m, UNIFORM.least))), within);
  const above = m.and(m.gt(gap, zero), m.or(uniform, m.ge(x, m.num(NEAR))));
  const upper = m.and(above, m.not(both));
  const rest = m.not(m.or(uniform, both));

  const middle = m.when(uniform, () => ({ factor: uniformFactor(m, a, gap, h) }), { factor: zero });
  const below = m.and(rest, m.not(upper));
  const lower = m.when(below, () => ({ factor: m.mul(mass.factor, lowerSeries(m, a, x, below)) }), middle);
  const beyond = m.and(rest, upper);
  const tiny = m.and(beyond, m.lt(a, one)); // then a alone may underflow the product
  const far = m.when(
    beyond,
    () => {
      const fraction = m.mul(upperFraction(m, a, gap, beyond), m.select(tiny, one, a));
      return { factor: m.mul(mass.factor, fraction) };
    },
    lower,
  );
  const apart = { exponent: mass.exponent, factor: far.factor, part: m.select(tiny, a, one), other: zero };
  return { mass, upper, both, whole: one, ...m.when(both, () => ({ ...smallTails(m, a, x, both), part: one }), apart) };
}

/** Where series and continued fraction meet, for a below it. */
const NEAR = 1.5;

/** The smaller tail by the uniform expansion, without exp(-exponent). */
function uniformFactor<V>(m: Machine<V>, a: V, gap: V, h: V): V {
  const v = m.mul(gap, m.sqrt(h)); // v² is the exponent
  const z = m.mul(v, m.sqrt(m.div(m.num(2), a)));
  const correction = m.div(uniformRest(m, a, z), m.mul(m.sqrt(a), m.num(Math.sqrt(2 * Math.PI))));
  const above = m.gt(gap, m.num(0));
  const normal = m.mul(erfcx(m, m.select(above, v, m.neg(v))), m.num(0.5));
  return m.add(normal, m.select(above, correction, m.neg(correction)));
}

/** 1 + x / (a + 1) + x² / ((a + 1) (a + 2)) + ... */
function lowerSeries<V>(m: Machine<V>, a: V, x: V, active: V): V {
  const one = m.num(1);
  const start = m.select(active, one, m.num(0));
  return m.iterate(
    { term: start, sum: start, n: m.add(a, one) },
    ({ term, sum }) => unsettled(m, term, sum),
    ({ term, sum, n }) => {
      const next = m.mul(term, m.div(x, n));
      return { term: next, sum: m.add(sum, next), n: m.add(n, one) };
    },
    MOST_STEPS,
  ).sum;
}

/** 1 / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (x + 5 - a - ...))). */
export function upperFraction<V>(m: Machine<V>, a: V, gap: V, active: V): V {
  const [one, two] = [m.num(1), m.num(2)];
  const denominator = m.add(gap, one);
  return continuedFraction(m, { active, denominator, start: { n: one, d: denominator } }, ({ n, d }) => {
    const next = m.add(d, two);
    return { numerator: m.mul(n, m.sub(a, n)), denominator: next, state: { n: m.add(n, one), d: next } };
  });
}

/** P and Q for a <= 1 and x < 1.5, from x^a / Γ(a + 1) (1 + a Σ (-x)^n / (n! (a + n))). */
function smallTails<V>(m: Machine<V>, a: V, x: V, active: V) {
  const one = m.num(1);
  const power = m.neg(x);
  const first = m.div(power, m.add(a, one));
  const { sum } = m.iterate(
    { power, step: m.select(active, first, m.num(0)), sum: first, n: m.num(2) },
    ({ step, sum }) => unsettled(m, step, sum),
    ({ power, sum, n }) => {
      const next = m.neg(m.mul(power, m.div(x, n)));
      const step = m.div(next, m.add(a, n));
      return { power: next, step, sum: m.add(sum, step), n: m.add(n, one) };
    },
    MOST_STEPS,
  );
  const logPower = m.mul(a, m.sub(log(m, x), lgammaSlope(m, a)));
  const bend = m.mul(a, sum);
  // 1 - power (1 + bend)
  const other = m.neg(m.add(expm1(m, logPower), m.mul(exp(m, logPower), bend)));
  return { exponent: m.neg(logPower), factor: m.add(one, bend), other };
}

const LARGEST = { float32: 2 ** 127, float64: 2 ** 1023 };

/** What a function is where it is defined: a >= 0 and x >= 0, not both 0 nor both infinite. */
function onDomain<V>(m: Machine<V>, a: V, x: V, value: (a: V, x: V) => V): V {
  const [zero, infinity] = [m.num(0), m.num(Infinity)];
  const most = pick(m, LARGEST);
  const sum = m.add(a, x);
  const inside = m.and(m.and(m.ge(a, zero), m.ge(x, zero)), m.gt(sum, zero));
  const undecided = m.and(m.eq(a, infinity), m.eq(x, infinity));
  const defined = m.and(inside, m.not(undecided));
  return m.select(defined, value(atMost(m, a, most), atMost(m, x, most)), m.num(Number.NaN));
}

/** As `onDomain`, with constants for x = 0 and x = ∞, where no slope has to be found as a product of 0 and ∞. */
function betweenEnds<V>(m: Machine<V>, a: V, x: V, ends: readonly [V, V], value: (a: V, x: V) => V): V {
  return onDomain(m, a, x, (b, y) => {
    const above = m.select(m.eq(x, m.num(Infinity)), ends[1], value(b, y));
    return m.select(m.eq(x, m.num(0)), ends[0], above);
  });
}

/** The regularised lower incomplete gamma function P(a, x): the gamma distribution's cdf. */
export const gammainc = <V>(m: Machine<V>, a: V, x: V): V =>
  betweenEnds(m, a, x, [m.num(0), m.num(1)], (b, y) => valuesOf(m, gammaTails(m, b, y)).lower);

/** The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), with its full relative accuracy. */
export const gammaincc = <V>(m: Machine<V>, a: V, x: V): V =>
  betweenEnds(m, a, x, [m.num(1), m.num(0)], (b, y) => valuesOf(m, gammaTails(m, b, y)).upper);

/** log P(a, x), without underflow. */
export const logGammainc = <V>(m: Machine<V>, a: V, x: V): V =>
  onDomain(m, a, x, (b, y) => logarithmOf(m, gammaTails(m, b, y), "lower"));

/** log Q(a, x), without underflow. */
export const logGammaincc = <V>(m: Machine<V>, a: V, x: V): V =>
  onDomain(m, a, x, (b, y) => {
    const infinity = m.num(Infinity);
    return m.select(m.eq(x, infinity), m.neg(infinity), logarithmOf(m, gammaTails(m, b, y), "upper"));
  });

/** x^(a-1) e^-x / Γ(a), the slope of P in x: the gamma distribution's density. */
export function gammaDensity<V>(m: Machine<V>, a: V, x: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const atZero = m.select(m.lt(a, one), m.num(Infinity), m.select(m.gt(a, one), zero, one));
  return betweenEnds(m, a, x, [atZero, zero], (b, y) => {
    const { exponent, factor } = poissonMass(m, b, y, m.sub(y, b));
    // far below the mass may underflow where the density does not
    const deep = m.gt(exponent, m.num(pick(m, { float32: 50, float64: 400 })));
    const power = decay(m, m.add(exponent, log(m, m.select(deep, y, one))));
    return m.div(m.mul(m.mul(power, factor), b), m.select(deep, one, y));
  });
}
