import { type Machine, polynomial } from "../machine.js";
import { atLeast, atMost, fastTwoSum, type Pair, pick } from "./sums.js";

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
  const power = m.nearest(m.mul(whole, m.num(Math.LOG2E)));
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

/** 2^n as a product of two, since 2^n alone may be out of range where the number it scales brings it back. */
function pow2Factors<V>(m: Machine<V>, n: V): readonly [V, V] {
  const half = m.floor(m.mul(n, m.num(0.5)));
  return [m.pow2(half), m.pow2(m.sub(n, half))];
}

/** x 2^n, rounded once. */
export function scale<V>(m: Machine<V>, x: V, n: V): V {
  const [a, b] = pow2Factors(m, n);
  return m.mul(m.mul(x, a), b);
}

/** e^x. Below 1 ulp everywhere, subnormal results included. */
export function exp<V>(m: Machine<V>, x: V): V {
  const { min, max } = pick(m, RANGE);
  const { power, head, rest } = expParts(m, atLeast(m, atMost(m, x, max), min));
  return scale(m, m.add(m.num(1), m.add(head, rest)), power);
}

/** e^-|x| with most of what its rounding cuts off. */
export function decay<V>(m: Machine<V>, x: V): Pair<V> {
  const { power, head, rest } = expParts(m, atLeast(m, m.neg(m.abs(x)), pick(m, RANGE).min));
  const { head: significand, tail } = fastTwoSum(m, m.num(1), m.add(head, rest));
  const [a, b] = pow2Factors(m, power);
  return { head: m.mul(m.mul(significand, a), b), tail: m.mul(m.mul(tail, a), b) };
}
