import { smooth } from "../dual.js";
import type { Machine } from "../machine.js";
import { digamma } from "./digamma.js";
import * as erfcs from "./erfc.js";
import * as exps from "./exp.js";
import * as expm1s from "./expm1.js";
import * as gammas from "./gammaRatio.js";
import * as logs from "./log.js";
import * as log1ps from "./log1p.js";
import * as ratios from "./logRatio.js";
import * as polygammas from "./polygamma.js";
import { atLeast, atMost, pick } from "./sums.js";
import { trigamma } from "./trigamma.js";

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
  <V>(m: Machine<V>, x: V, y: V) => ratios.logRatio(m, x, y),
  (m, _, x) => inverse(m, x),
  (m, _, __, y) => m.neg(inverse(m, y)),
);

/** log(x y) for positive x and a y with a finite inverse, also where the product is out of range. The slope of 1 / y might overflow. */
export const logProduct = smooth(
  <V>(m: Machine<V>, x: V, y: V) => ratios.logRatio(m, x, m.div(m.num(1), y)),
  (m, _, x) => inverse(m, x),
  (m, _, __, y) => inverse(m, y),
);

/** lgamma(x + d) - lgamma(x) - d log(x). */
export const logGammaRatioRest = smooth(
  <V>(m: Machine<V>, x: V, d: V) => gammas.logGammaRatioRest(m, x, d),
  (m, _, x, d) => digammaDifferenceRest(m, x, d),
  (m, _, x, d) => m.sub(polygamma(0)(m, m.add(x, d)), log(m, x)),
);

/** digamma(x + d) - digamma(x) - d / x. */
const digammaDifferenceRest = smooth(
  <V>(m: Machine<V>, x: V, d: V) => gammas.digammaDifferenceRest(m, x, d),
  (m, _, x, d) => {
    const slope = m.sub(polygamma(1)(m, m.add(x, d)), polygamma(1)(m, x));
    return m.add(slope, m.div(m.div(d, x), x));
  },
  (m, _, x, d) => m.sub(polygamma(1)(m, m.add(x, d)), inverse(m, x)),
);

/** The derivative of this order of digamma. */
function polygamma(order: number): <V>(m: Machine<V>, x: V) => V {
  return smooth(
    <V>(m: Machine<V>, x: V) =>
      order === 0 ? digamma(m, x) : order === 1 ? trigamma(m, x) : polygammas.polygamma(m, order, x),
    (m, _, x) => polygamma(order + 1)(m, x),
  );
}

/** Where e^-x is 0 in the precision. */
const VANISHED = { float32: 110, float64: 760 };

/** e^-x; where it is 0 its slope is 0 as well, however steep x may be. */
export const decay = <V>(m: Machine<V>, x: V): V => exp(m, m.neg(atMost(m, x, pick(m, VANISHED))));
