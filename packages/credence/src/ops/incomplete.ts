import * as fn from "./functions/incompleteGamma.js";
import { withPartials } from "./partials.js";

/** Incomplete gamma functions as ops: the formulas are in `functions/`. */

const GAMMA_COST = 700;

/** The density of the gamma distribution, x^(a-1) e^-x / Γ(a): the slope of P. @shape broadcast(a, x) */
const gammaDensity = withPartials("gammaDensity", {
  inputs: ["a", "x"],
  cost: 150,
  lower: (m, { a, x }) => fn.gammaDensity(m, a, x),
});

/**
 * Regularised lower incomplete gamma function: P(a, x) = 1/Γ(a) ∫₀ˣ t^(a-1) e^-t dt.
 *
 * @shape  broadcast(a, x)
 * @domain a >= 0, x >= 0; P(0, x) = 1, P(a, 0) = 0; NaN outside, and where both are 0 or infinite
 * @source DLMF 8.2.4
 */
export const gammainc = withPartials("gammainc", {
  inputs: ["a", "x"],
  cost: GAMMA_COST,
  lower: (m, { a, x }) => fn.gammainc(m, a, x),
  known: { x: ({ a, x }) => gammaDensity(a, x) },
});

/**
 * Regularised upper incomplete gamma function: Q(a, x) = 1 - P(a, x), with its full relative accuracy where it is small.
 *
 * @shape  broadcast(a, x)
 * @domain as `gammainc`
 * @source DLMF 8.2.4
 */
export const gammaincc = withPartials("gammaincc", {
  inputs: ["a", "x"],
  cost: GAMMA_COST,
  lower: (m, { a, x }) => fn.gammaincc(m, a, x),
  known: { x: ({ a, x }) => gammaDensity(a, x).neg() },
});

/** log P(a, x), without underflow. @shape broadcast(a, x) @domain as `gammainc` */
export const logGammainc = withPartials("logGammainc", {
  inputs: ["a", "x"],
  cost: GAMMA_COST,
  lower: (m, { a, x }) => fn.logGammainc(m, a, x),
});

/** log Q(a, x), without underflow. @shape broadcast(a, x) @domain as `gammainc` */
export const logGammaincc = withPartials("logGammaincc", {
  inputs: ["a", "x"],
  cost: GAMMA_COST,
  lower: (m, { a, x }) => fn.logGammaincc(m, a, x),
});
