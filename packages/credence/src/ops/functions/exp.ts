import { type Machine, polynomial, WHOLE } from "../machine.js";
import { atLeast, fastTwoSum, type Pair, pick } from "./sums.js";

/** log 2 in two parts: `high` has enough trailing zeros that k * high is exact for every exponent k. */
export const LN2 = {
  float32: { high: 0.693145751953125, low: 1.4286068202862268e-6 },
  float64: { high: 0.6931471803691238, low: 1.9082149292705877e-10 },
};

/** (e^r - 1 - r) / r², |r| <= log(2) / 2: minimax.py, "exp". */
const QUADRATIC = {
  float32: [0.4999999403953552, 0.16666516661643982, 0.04166828840970993, 0.008369282819330692, 0.0013820460299029946],
  float64: [
    0.5000000000000012, 0.1666666666666644, 0.04166666666651488, 0.008333333333466404, 0.0013888888947885555,
    0.00019841269579251887, 2.4801488544791947e-5, 2.75575153635501e-6, 2.7631911859852127e-7, 2.5023763117714892e-8,
  ],
};

/** Beyond these e^x is 0 or infinite in the precision, with room to spare. */
export const RANGE = { float32: { min: -104, max: 89 }, float64: { min: -746, max: 710 } };

/** e^x = 2^power (1 + head + rest): `head` is exact and at most 0.35 in size, `rest` is smaller by half or more. */
export interface ExpParts<V> {
  readonly power: V;
  readonly head: V;
  readonly rest: V;
}

/**
 * The parts of e^(x + tail), for |x| up to 1100 and a tail that is small beside 1. With a finer `quadratic` than the
 * usual the parts are good enough for e^x - 1.
 *
 * @source Cody and Waite, Software Manual for the Elementary Functions (1980), chapter 6
 */
export function expParts<V>(
  m: Machine<V>,
  x: V,
  { tail, quadratic }: { tail?: V; quadratic?: readonly number[] } = {},
): ExpParts<V> {
  const { high, low } = pick(m, LN2);
  const whole = tail === undefined ? x : m.add(x, tail);
  const offset = m.num(WHOLE[m.precision as "float32" | "float64"]);
  const power = m.sub(m.add(m.mul(whole, m.num(Math.LOG2E)), offset), offset); // rounds to the nearest whole number
  const head = m.sub(x, m.mul(power, m.num(high)));
  const product = m.mul(power, m.num(low));
  const cut = tail === undefined ? product : m.sub(product, tail);
  const r = m.sub(head, cut);
  const square = m.mul(r, r);
  if (quadratic === undefined) {
    return { power, head, rest: m.sub(m.mul(square, polynomial(m, r, pick(m, QUADRATIC))), cut) };
  }
  // what rounding took from r counts in r² / 2 as r times as much
  const lost = m.mul(r, m.sub(m.sub(head, r), cut));
  return { power, head, rest: m.add(m.mul(square, polynomial(m, r, quadratic)), m.sub(lost, cut)) };
}

/** Exponents n for which 2^n is a normal number, and so is 2^-n. */
const NORMAL = { float32: 126, float64: 1022 };

/** Is 2^n or 2^-n not a normal number? False for NaN. */
export function isExtreme<V>(m: Machine<V>, n: V): V {
  return m.gt(m.mul(n, n), m.num(pick(m, NORMAL) ** 2));
}

/** x 2^n, rounded once, in two steps: 2^n alone may be out of range where the number that it scales brings it back. */
function scaleFar<V>(m: Machine<V>, x: V, n: V): V {
  const half = m.floor(m.mul(n, m.num(0.5)));
  return m.mul(m.mul(x, m.pow2(half)), m.pow2(m.sub(n, half)));
}

/** x 2^n, rounded once, for n up to twice the exponents of normal numbers. */
export function scale<V>(m: Machine<V>, x: V, n: V): V {
  return m.rarely(isExtreme(m, n), scaleFar(m, x, n), m.mul(x, m.pow2(n)));
}

/** e^x. Below 1 ulp everywhere, subnormal results included. */
export function exp<V>(m: Machine<V>, x: V): V {
  const { min, max } = pick(m, RANGE);
  const { power, head, rest } = expParts(m, x);
  const significand = m.add(m.num(1), m.add(head, rest));
  const bounded = m.select(m.lt(x, m.num(min)), m.num(0), scaleFar(m, significand, power));
  const extreme = m.select(m.gt(x, m.num(max)), m.num(Infinity), bounded);
  return m.rarely(isExtreme(m, power), extreme, m.mul(significand, m.pow2(power)));
}

/** From here on what rounding cuts off e^-x is subnormal; a little before that for a simpler number. */
export const FAINT = { float32: 69, float64: 670 };

/** e^-|x| with most of what its rounding cuts off, for |x| up to FAINT; beyond, what it is there. */
export function decay<V>(m: Machine<V>, x: V): Pair<V> {
  const { power, head, rest } = expParts(m, atLeast(m, m.neg(m.abs(x)), -pick(m, FAINT)));
  const { head: significand, tail } = fastTwoSum(m, m.num(1), m.add(head, rest));
  const unit = m.pow2(power);
  return { head: m.mul(significand, unit), tail: m.mul(tail, unit) };
}
