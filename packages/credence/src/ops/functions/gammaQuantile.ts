import { dual } from "../dual.js";
import type { Machine, State } from "../machine.js";
import { gammaTails } from "./incompleteGamma.js";
import { lgamma } from "./lgamma.js";
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
import { exp, log } from "./smooth.js";
import { atLeast, atMost, pick } from "./sums.js";
import { type Tail, tailOf, tailWhere } from "./tails.js";

/** Inverses of the incomplete gamma functions in x. */

/** Where the estimate for small x is its own solution. */
const EXACT = { float32: 2 ** -26, float64: 2 ** -55 };

/** An estimate of x, with what is left to be found. */
export interface Estimate<V> extends State<V> {
  readonly x: V;
  readonly left: V;
}

/**
 * - small x: P is nearly x^a / Γ(a + 1), and a x / (a + 1) less in the logarithm;
 * - a from 1/2 on: a cube of a normal deviate (Wilson and Hilferty 1931);
 * - else, and far out, the upper tail: Q is nearly x^a e^-x / (Γ(a) (x + 1 - a)).
 *
 * @source Didonato and Morris, Computation of the incomplete gamma function ratios and their inverse (1986), section 5
 */
export function estimate<V>(m: Machine<V>, a: V, { logTail, logOther, upper }: Level<V>): Estimate<V> {
  const [half, one] = [m.num(0.5), m.num(1)];
  const next = m.add(a, one);
  const logLower = m.select(upper, logOther, logTail);
  const low = m.lt(a, m.num(2));
  const few = m.select(low, a, one);
  const rise = m.mul(few, lgammaSlope(m, few)); // lgamma(a + 1)
  const whole = m.select(low, rise, lgamma(m, next));
  const logPower = m.select(low, m.add(m.div(logLower, few), lgammaSlope(m, few)), m.div(m.add(logLower, whole), a));
  const power = exp(m, logPower);
  const share = m.div(power, next);
  const small = m.mul(power, m.add(one, share));

  const z = roughDeviate(m, logTail);
  const third = m.div(m.num(1 / 3), m.sqrt(a));
  const root = m.add(m.sub(one, m.mul(third, third)), m.mul(m.select(upper, z, m.neg(z)), third));
  const cube = m.mul(a, m.mul(root, m.mul(root, root)));

  const depth = m.sub(m.sub(log(m, a), whole), logTail);
  const from = atLeast(m, depth, 0.5);
  const beyond = m.sub(m.add(depth, m.mul(a, log(m, from))), log(m, m.sub(m.add(from, one), a)));

  const isLarge = m.and(m.ge(a, half), m.not(m.and(upper, m.gt(depth, m.mul(next, m.num(4))))));
  const isSmall = m.or(m.lt(share, m.num(0.2)), m.and(isLarge, m.lt(root, m.num(0.1))));
  const far = m.select(isLarge, cube, atLeast(m, beyond, 0.3));
  return {
    x: m.select(isSmall, small, far),
    left: m.select(m.le(power, m.num(pick(m, EXACT))), m.num(0), one),
  };
}

/** The x at which a gamma law of shape a has this level, for a > 0 and a level strictly between 0 and 1. */
function solve<V>(m: Machine<V>, a: V, level: Level<V>): V {
  const { x } = m.iterate(
    estimate(m, a, level),
    ({ left }) => isLeft(m, left),
    ({ x }) => {
      const tails = gammaTails(m, a, x);
      const at = tailWhere(m, tails, level.upper);
      const { step, left } = stepTowards(m, {
        excess: excessOf(m, level, at),
        rate: rateOf(m, logRate(m, a, tails, at), level.upper),
        bends: [m.sub(a, x), m.neg(x), m.neg(x)],
      });
      const next = m.mul(x, exp(m, step));
      return { x: next, left: m.select(m.eq(next, x), m.num(0), left) };
    },
    MOST_STEPS,
  );
  return x;
}

const LARGEST = { float32: 2 ** 127, float64: 2 ** 1023 };

/** 0 and ∞ at the ends of the levels, NaN outside; a law of shape 0 is all at 0, one of infinite shape at ∞. */
function onDomain<V>(m: Machine<V>, a: V, level: Level<V>): V {
  const [zero, infinity] = [m.num(0), m.num(Infinity)];
  const atEnd = m.eq(level.logTail, m.neg(infinity));
  const some = (logarithm: V): V => m.select(atEnd, m.num(-1), logarithm);
  const between = { ...level, logTail: some(level.logTail), logOther: some(level.logOther) };
  const inside = solve(m, atMost(m, a, pick(m, LARGEST)), between);
  const found = m.select(m.eq(a, zero), zero, m.select(m.eq(a, infinity), infinity, inside));
  const ended = m.select(atEnd, m.select(level.upper, infinity, zero), found);
  const isLevel = m.le(level.logTail, zero); // not NaN, as levels outside give
  return m.select(m.and(m.ge(a, zero), isLevel), ended, m.num(Number.NaN));
}

/** The x with P(a, x) = p. */
export const gammaincInv = <V>(m: Machine<V>, a: V, p: V): V => onDomain(m, a, levelOf(m, p, "lower"));

/** The x with Q(a, x) = q. */
export const gammainccInv = <V>(m: Machine<V>, a: V, q: V): V => onDomain(m, a, levelOf(m, q, "upper"));

/** The x with log P(a, x) = l. */
export const logGammaincInv = <V>(m: Machine<V>, a: V, l: V): V => onDomain(m, a, levelOfLog(m, l, "lower"));

/** The x with log Q(a, x) = l. */
export const logGammainccInv = <V>(m: Machine<V>, a: V, l: V): V => onDomain(m, a, levelOfLog(m, l, "upper"));

/** The logarithm of the density on the scale of log x, which is the mass times a, less that of a tail. */
function logRate<V>(m: Machine<V>, a: V, { mass, exponent }: Parts<V>, { bare }: Pick<Tail<V>, "bare">): V {
  const beyond = m.sub(mass.exponent, exponent);
  return m.sub(m.sub(log(m, m.mul(a, mass.factor)), beyond), bare);
}

/** A slope where x is positive and finite; at 0 and ∞ x stays where it is. */
function inside<V>(m: Machine<V>, x: V, slope: (x: V) => V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const moves = m.and(m.gt(x, zero), m.lt(x, m.num(Infinity)));
  const still = m.select(m.ge(x, zero), zero, m.num(Number.NaN));
  return m.select(moves, slope(m.select(moves, x, one)), still);
}

/** dx / da where P(a, x) is held: -(∂P / ∂a) / (∂P / ∂x), without what under- or overflows in both. */
export function gammaDrift<V>(m: Machine<V>, a: V, x: V): V {
  return inside(m, x, (at) => {
    const moving = dual(m);
    const tails = gammaTails(moving, { value: a, slope: m.num(1) }, { value: at, slope: undefined });
    const tail = tailWhere(moving, tails, tails.upper);
    const rate = exp(m, m.neg(logRate(m, a, partsOf(tails), { bare: tail.bare.value })));
    const drift = m.mul(m.mul(tail.log.slope ?? m.num(0), at), rate);
    return m.select(tails.upper.value, drift, m.neg(drift));
  });
}

/** P(a, x) or Q(a, x) over the density, dx / d log P and -dx / d log Q, without underflow of either. */
export function gammaTailOverDensity<V>(m: Machine<V>, a: V, x: V, side: "lower" | "upper"): V {
  return inside(m, x, (at) => {
    const tails = gammaTails(m, a, at);
    return m.mul(at, exp(m, m.neg(logRate(m, a, tails, tailOf(m, tails, side)))));
  });
}
