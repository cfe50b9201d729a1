import { type Machine, polynomial } from "../machine.js";
import { isExtreme, LN2 } from "./exp.js";
import { pick } from "./sums.js";

/** (log((1 + s) / (1 - s)) - 2s) / s³ in s², |s| <= 0.1717: minimax.py, "log". */
const CUBIC = {
  float32: [0.6666677594184875, 0.3997756540775299, 0.2987171411514282],
  float64: [
    0.6666666666666735, 0.39999999999409297, 0.2857142874364927, 0.2222219844200862, 0.18183571078825145,
    0.15313880829724483, 0.14797618870090642,
  ],
};

/**
 * f - log(1 + f) - correction, for f in [√½ - 1, √2 - 1] or as far as `cubic` reaches.
 *
 * Callers subtract this small part from f and add the largest term last: so only the final roundings show.
 *
 * @source the arrangement of fdlibm's e_log.c: s = f / (2 + f), log(1 + f) = f - (f²/2 - s (f²/2 + R(s²)))
 */
export function logBend<V>(m: Machine<V>, f: V, correction: V, cubic: readonly number[] = pick(m, CUBIC)): V {
  const s = m.div(f, m.add(f, m.num(2)));
  const z = m.mul(s, s);
  const halfSquare = m.mul(m.mul(f, f), m.num(0.5));
  const curve = m.mul(s, m.add(halfSquare, m.mul(z, polynomial(m, z, cubic))));
  return m.sub(halfSquare, m.add(curve, correction));
}

/** power log 2 + log(1 + f) + small, for f in [√½ - 1, √2 - 1] and a correction `small`, if any. */
export function logReduced<V>(m: Machine<V>, f: V, power: V, small: V | undefined): V {
  const { high, low } = pick(m, LN2);
  const powerLow = m.mul(power, m.num(low));
  const correction = small === undefined ? powerLow : m.add(powerLow, small);
  return m.add(m.mul(power, m.num(high)), m.sub(f, logBend(m, f, correction)));
}

/** x as 2^power (1 + f) with f in [√½ - 1, √2 - 1], for a normal x below a quarter of the largest number. */
export function splitPower<V>(m: Machine<V>, x: V): { readonly f: V; readonly power: V } {
  const power = m.exponent(m.mul(x, m.num(Math.SQRT2)));
  return { f: m.sub(m.mul(x, m.pow2(m.neg(power))), m.num(1)), power };
}

/** The result where x is positive and finite, and what the logarithm is elsewhere. */
export function logEnds<V>(m: Machine<V>, x: V, result: V): V {
  const zero = m.num(0);
  const outside = m.select(m.eq(x, zero), m.num(-Infinity), m.num(Number.NaN));
  const finite = m.select(m.lt(x, m.num(Infinity)), result, x); // infinity and NaN stay as they are
  return m.select(m.gt(x, zero), finite, outside);
}

/** log(x + tail) as below, for any x. `share` is tail / x. */
function logExtreme<V>(m: Machine<V>, x: V, share: V | undefined): V {
  // towards the middle of the range, so that subnormal x become normal and large ones have room
  const shift = pick(m, { float32: 30, float64: 60 });
  const small = m.lt(x, m.num(1));
  const { f, power } = splitPower(m, m.mul(x, m.select(small, m.num(2 ** shift), m.num(2 ** -shift))));
  const unshifted = m.sub(power, m.select(small, m.num(shift), m.num(-shift)));
  return logEnds(m, x, logReduced(m, f, unshifted, share));
}

/** log(x + tail) for a tail that is small beside x (omitted: none): -∞ where x is 0, NaN below. */
export function logOfSum<V>(m: Machine<V>, x: V, tail?: V): V {
  const { f, power } = splitPower(m, x);
  const share = tail === undefined ? undefined : m.div(tail, x);
  // what is no positive number has a sign bit or all exponent bits, and so looks as if its power were extreme
  return m.rarely(isExtreme(m, power), logExtreme(m, x, share), logReduced(m, f, power, share));
}

/** The natural logarithm: -∞ at 0, NaN below. Below 1 ulp everywhere. */
export function log<V>(m: Machine<V>, x: V): V {
  return logOfSum(m, x);
}
