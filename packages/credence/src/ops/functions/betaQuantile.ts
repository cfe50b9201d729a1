import { dual } from "../dual.js";
import type { Machine, State } from "../machine.js";
import { estimate as gammaEstimate } from "./gammaQuantile.js";
import { betaTails } from "./incompleteBeta.js";
import { lbeta } from "./lbeta.js";
import { lgammaSlope } from "./poisson.js";
import {
  excessOf,
  isLeft,
  type Level,
  levelOf,
  levelOfLog,
  MOST_STEPS,
  type Parts,
  partsOf,
  rateOf,
  roughDeviate,
  stepTowards,
} from "./quantile.js";
import { exp, expm1, log, logGammaRatioRest } from "./smooth.js";
import { atLeast, atMost, pick } from "./sums.js";
import { type Tail, tailOf, tailWhere } from "./tails.js";

/** Inverses of the incomplete beta functions in x. */

/** Where the estimate for small x is its own solution. */
const EXACT = { float32: 2 ** -26, float64: 2 ** -55 };

/** The largest number below 1. */
const NEAREST_ONE = { float32: 1 - 2 ** -24, float64: 1 - 2 ** -53 };

/** An estimate of the smaller of x and 1 - x, with what is left to be found. */
interface Estimate<V> extends State<V> {
  readonly z: V;
  readonly left: V;
  /** 1 where z is 1 - x, else 0. */
  readonly swapped: V;
}

/** log(s B(s, r)), over s. */
function logLeading<V>(m: Machine<V>, s: V, r: V, logBeta: V): V {
  const one = m.num(1);
  const little = m.lt(s, m.num(0.3));
  const plain = m.div(m.add(log(m, s), logBeta), s);
  return m.when(
    little,
    () => {
      // for tiny s a difference of numbers near each other
      const few = m.select(little, s, one);
      const rest = m.div(logGammaRatioRest(m, r, few), few);
      return { value: m.sub(m.sub(lgammaSlope(m, few), rest), log(m, r)) };
    },
    { value: plain },
  ).value;
}

/** x where I_x(s, r) is small: x^s / (s B(s, r)), and (r - 1) / (s + 1) x less in the logarithm of x. */
function fromPower<V>(m: Machine<V>, [s, r]: readonly [V, V], logLower: V, logBeta: V) {
  const one = m.num(1);
  const next = m.add(s, one);
  const power = exp(m, m.add(m.div(logLower, s), logLeading(m, s, r, logBeta)));
  const share = m.div(m.mul(m.sub(r, one), power), next);
  // what the next term adds to the logarithm of I counts
  const few = m.and(m.lt(m.mul(m.mul(share, share), next), m.num(0.04)), m.lt(power, m.num(0.4)));
  const exact = m.le(m.mul(power, m.add(m.abs(share), one)), m.num(pick(m, EXACT)));
  return { z: m.mul(power, m.add(one, share)), few, exact };
}

/**
 * a X / (b (1 - X)) is a ratio of two gamma variables over their means, whose cube roots are nearly normal.
 *
 * @source Paulson, An approximate normalization of the analysis of variance distribution (1942)
 */
function ratioOf<V>(m: Machine<V>, a: V, b: V, { logTail, upper }: Level<V>) {
  const one = m.num(1);
  const deviate = roughDeviate(m, logTail);
  const z = m.select(upper, deviate, m.neg(deviate));
  const [s, t] = [m.div(m.num(1 / 9), a), m.div(m.num(1 / 9), b)];
  const [p, q] = [m.sub(one, s), m.sub(one, t)];
  const square = m.mul(z, z);
  const spread = m.sub(m.add(m.mul(s, m.mul(q, q)), m.mul(t, m.mul(p, p))), m.mul(square, m.mul(s, t)));
  const above = m.add(m.mul(p, q), m.mul(z, m.sqrt(atLeast(m, spread, 0))));
  const below = m.sub(m.mul(q, q), m.mul(square, t));
  const root = m.div(above, below);
  const least = m.num(0.1);
  const valid = m.and(m.ge(spread, m.num(0)), m.and(m.ge(above, least), m.ge(below, least)));
  return { ratio: m.mul(root, m.mul(root, root)), valid };
}

/**
 * Near the ends by the leading power of I. Between them by `ratioOf`; where that does not hold, by a gamma variable of the smaller
 * shape s, which (r + (s - 1) / 2) times -log(1 - X) nearly is for a larger r (Wise 1950); between two small shapes in the middle.
 *
 * @source DLMF 8.17.7
 */
function estimate<V>(m: Machine<V>, a: V, b: V, level: Level<V>): Estimate<V> {
  const { logTail, logOther, upper } = level;
  const [zero, half, one] = [m.num(0), m.num(0.5), m.num(1)];
  const logBeta = lbeta(m, a, b);
  const low = fromPower(m, [a, b], m.select(upper, logOther, logTail), logBeta);
  const high = fromPower(m, [b, a], m.select(upper, logTail, logOther), logBeta);
  const atLow = m.and(low.few, m.not(m.and(high.few, upper)));
  const atHigh = m.and(high.few, m.not(atLow));

  const { ratio, valid } = ratioOf(m, a, b, level);
  const [left, right] = [m.mul(a, ratio), b];
  const middle = m.div(m.min(left, right), m.add(left, right));
  const isLeft = m.le(a, b);
  const [s, r] = [m.min(a, b), m.max(a, b)];
  const rough = m.or(m.lt(s, half), m.not(valid));
  const lopsided = m.and(rough, m.not(m.or(atLow, atHigh)));
  const between = m.when(
    lopsided,
    () => {
      const turned = m.or(m.and(upper, isLeft), m.not(m.or(upper, isLeft)));
      const { x } = gammaEstimate(m, s, { ...level, upper: turned });
      const z = m.neg(expm1(m, m.neg(m.div(x, m.add(r, m.mul(half, m.sub(s, one)))))));
      return { z: m.select(m.ge(r, one), atMost(m, z, 0.9), half), swapped: m.select(isLeft, zero, one) };
    },
    { z: middle, swapped: m.select(m.gt(left, right), one, zero) },
  );
  const exact = m.or(m.and(atLow, low.exact), m.and(atHigh, high.exact));
  return {
    z: m.select(atLow, low.z, m.select(atHigh, high.z, between.z)),
    left: m.select(exact, zero, one),
    swapped: m.select(atLow, zero, m.select(atHigh, one, between.swapped)),
  };
}

/** The logarithm of the density on the scale of logit x, which is the mass times a b / (a + b), less that of a tail. */
function logRate<V>(m: Machine<V>, a: V, b: V, { mass, exponent }: Parts<V>, { bare }: Pick<Tail<V>, "bare">): V {
  const scale = m.mul(a, m.div(b, m.add(a, b)));
  const beyond = m.sub(mass.exponent, exponent);
  return m.sub(m.sub(log(m, m.mul(scale, mass.factor)), beyond), bare);
}

/** The x at which a beta law has this level, for positive shapes and a level strictly between 0 and 1. */
function solve<V>(m: Machine<V>, a: V, b: V, level: Level<V>): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const start = estimate(m, a, b, level);
  const swapped = m.gt(start.swapped, zero);
  const [s, r] = [m.select(swapped, b, a), m.select(swapped, a, b)];
  const upper = m.or(m.and(level.upper, m.not(swapped)), m.and(swapped, m.not(level.upper)));
  const { z } = m.iterate(
    { z: start.z, left: start.left },
    ({ left }) => isLeft(m, left),
    ({ z }) => {
      const tails = betaTails(m, s, r, z);
      const at = tailWhere(m, tails, upper);
      const rest = m.sub(one, z);
      const bend = m.neg(m.mul(m.mul(m.add(s, r), z), rest));
      const { step, left } = stepTowards(m, {
        excess: excessOf(m, level, at),
        rate: rateOf(m, logRate(m, s, r, tails, at), upper),
        bends: [m.sub(m.mul(s, rest), m.mul(r, z)), bend, m.mul(bend, m.sub(rest, z))],
      });
      const moved = m.div(z, m.add(z, m.mul(rest, exp(m, m.neg(step)))));
      const next = atMost(m, moved, pick(m, NEAREST_ONE));
      return { z: next, left: m.select(m.eq(next, z), zero, left) };
    },
    MOST_STEPS,
  );
  return m.select(swapped, m.sub(one, z), z);
}

const LARGEST = { float32: 2 ** 120, float64: 2 ** 960 };

/** 0 and 1 at the ends of the levels, NaN outside; a law with a shape of 0 or ∞ is all at one end, with two such undefined. */
function onDomain<V>(m: Machine<V>, a: V, b: V, level: Level<V>): V {
  const [zero, one, infinity] = [m.num(0), m.num(1), m.num(Infinity)];
  const atEnd = m.eq(level.logTail, m.neg(infinity));
  const some = (logarithm: V): V => m.select(atEnd, m.num(-1), logarithm);
  const between = { ...level, logTail: some(level.logTail), logOther: some(level.logOther) };
  const most = pick(m, LARGEST);
  const inside = solve(m, atMost(m, a, most), atMost(m, b, most), between);
  const isLow = m.or(m.eq(a, zero), m.eq(b, infinity));
  const isHigh = m.or(m.eq(b, zero), m.eq(a, infinity));
  const found = m.select(isLow, zero, m.select(isHigh, one, inside));
  const ended = m.select(atEnd, m.select(level.upper, one, zero), found);
  const isLaw = m.and(m.and(m.ge(a, zero), m.ge(b, zero)), m.not(m.and(isLow, isHigh)));
  const isLevel = m.le(level.logTail, zero); // not NaN, as levels outside give
  return m.select(m.and(isLaw, isLevel), ended, m.num(Number.NaN));
}

/** The x with I_x(a, b) = p. */
export const betaincInv = <V>(m: Machine<V>, a: V, b: V, p: V): V => onDomain(m, a, b, levelOf(m, p, "lower"));

/** The x with 1 - I_x(a, b) = q. */
export const betainccInv = <V>(m: Machine<V>, a: V, b: V, q: V): V => onDomain(m, a, b, levelOf(m, q, "upper"));

/** The x with log I_x(a, b) = l. */
export const logBetaincInv = <V>(m: Machine<V>, a: V, b: V, l: V): V => onDomain(m, a, b, levelOfLog(m, l, "lower"));

/** The x with log(1 - I_x(a, b)) = l. */
export const logBetainccInv = <V>(m: Machine<V>, a: V, b: V, l: V): V => onDomain(m, a, b, levelOfLog(m, l, "upper"));

/** A slope where x lies between its ends; there it stays. */
function inside<V>(m: Machine<V>, x: V, slope: (x: V) => V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const moves = m.and(m.gt(x, zero), m.lt(x, one));
  const still = m.select(m.and(m.ge(x, zero), m.le(x, one)), zero, m.num(Number.NaN));
  return m.select(moves, slope(m.select(moves, x, m.num(0.5))), still);
}

/** dx / da or dx / db where I_x(a, b) is held: -(∂I / ∂a) / (∂I / ∂x), without what under- or overflows in both. */
export function betaDrift<V>(m: Machine<V>, [a, b]: readonly [V, V], x: V, by: "a" | "b"): V {
  return inside(m, x, (at) => {
    const moving = dual(m);
    const shape = (value: V, name: string) => ({ value, slope: name === by ? m.num(1) : undefined });
    const tails = betaTails(moving, shape(a, "a"), shape(b, "b"), { value: at, slope: undefined });
    const tail = tailWhere(moving, tails, tails.upper);
    const rate = exp(m, m.neg(logRate(m, a, b, partsOf(tails), { bare: tail.bare.value })));
    const scale = m.mul(at, m.sub(m.num(1), at));
    const drift = m.mul(m.mul(tail.log.slope ?? m.num(0), scale), rate);
    return m.select(tails.upper.value, drift, m.neg(drift));
  });
}

/** I_x(a, b) or its complement over the density, dx / d log I and -dx / d log(1 - I), without underflow of either. */
export function betaTailOverDensity<V>(m: Machine<V>, [a, b]: readonly [V, V], x: V, side: "lower" | "upper"): V {
  return inside(m, x, (at) => {
    const tails = betaTails(m, a, b, at);
    const scale = m.mul(at, m.sub(m.num(1), at));
    return m.mul(scale, exp(m, m.neg(logRate(m, a, b, tails, tailOf(m, tails, side)))));
  });
}
