import { smooth } from "../dual.js";
import type { Machine } from "../machine.js";
import * as erfcs from "./erfc.js";
import * as exps from "./exp.js";
import * as expm1s from "./expm1.js";
import * as logs from "./log.js";
import * as log1ps from "./log1p.js";
import { atLeast, atMost, pick } from "./sums.js";

/** Elementary functions for programs that also run on dual machines: there they take their slopes from formulas. */

export const exp = smooth(
  <V>(m: Machine<V>, x: V) => exps.exp(m, x),
  (_, y) => y,
);

export const expm1 = smooth(
  <V>(m: Machine<V>, x: V) => expm1s.expm1(m, x),
  (m, _, x) => exp(m, x), // y + 1 would lose what is left of y near -1
);

/** 1 / x, but finite where x is 0 or subnormal: an infinite slope would turn the 0 it is multiplied by into NaN. */
function inverse<V>(m: Machine<V>, x: V): V {
  return m.div(m.num(1), atLeast(m, x, pick(m, { float32: 2 ** -126, float64: 2 ** -1022 })));
}

export const log = smooth(
  <V>(m: Machine<V>, x: V) => logs.log(m, x),
  (m, _, x) => inverse(m, x),
);

export const log1p = smooth(
  <V>(m: Machine<V>, x: V) => log1ps.log1p(m, x),
  (m, _, x) => m.div(m.num(1), m.add(m.num(1), x)),
);

export const erfcx = smooth(
  <V>(m: Machine<V>, x: V) => erfcs.erfcx(m, x),
  (m, y, x) => m.sub(m.mul(m.mul(x, y), m.num(2)), m.num(2 / Math.sqrt(Math.PI))),
);

/** log(x / y) for positive x and y. */
export const logRatio = smooth(
  <V>(m: Machine<V>, x: V, y: V) => {
    const { least, shift } = pick(m, RATIO);
    const ratio = m.div(x, y);
    const tiny = m.lt(ratio, m.num(least)); // where it loses digits, or is 0 though x is not
    const shifted = m.div(m.mul(x, m.num(2 ** shift)), m.mul(y, m.num(2 ** -shift)));
    const whole = logs.log(m, m.select(tiny, shifted, ratio));
    return m.select(tiny, m.sub(whole, m.num(2 * shift * Math.LN2)), whole);
  },
  (m, _, x) => inverse(m, x),
  (m, _, __, y) => m.neg(inverse(m, y)),
);

const RATIO = { float32: { least: 2 ** -120, shift: 60 }, float64: { least: 2 ** -1000, shift: 500 } };

/** Where e^-x is 0 in the precision. */
const VANISHED = { float32: 110, float64: 760 };

/** e^-x; where it is 0 its slope is 0 as well, however steep x may be. */
export const decay = <V>(m: Machine<V>, x: V): V => exp(m, m.neg(atMost(m, x, pick(m, VANISHED))));
