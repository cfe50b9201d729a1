import * as slopes from "./functions/gammaSlope.js";
import * as beta from "./functions/incompleteBeta.js";
import * as fn from "./functions/incompleteGamma.js";
import { withPartials } from "./partials.js";

/** Incomplete gamma and beta functions as ops: the formulas are in `functions/`. */

const GAMMA_COST = 700;

/** The density of the gamma distribution, x^(a-1) e^-x / Γ(a): the slope of P. @shape broadcast(a, x) */
export const gammaDensity = withPartials("gammaDensity", {
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

/** How a draw x from the gamma distribution of rate 1 moves with a where its level is kept. @shape broadcast(a, x) */
export const gammaDrawSlope = withPartials("gammaDrawSlope", {
  inputs: ["a", "x"],
  cost: 250,
  lower: (m, { a, x }) => slopes.gammaDrawSlope(m, a, x),
});

/** The same of the logarithm y of a draw. @shape broadcast(a, y) */
export const logGammaDrawSlope = withPartials("logGammaDrawSlope", {
  inputs: ["a", "y"],
  cost: 270,
  lower: (m, { a, y }) => slopes.logGammaDrawSlope(m, a, y),
});

const BETA_COST = 1500;

/** The density of the beta distribution: the slope of I. @shape broadcast(a, b, x) */
export const betaDensity = withPartials("betaDensity", {
  inputs: ["a", "b", "x"],
  cost: 350,
  lower: (m, { a, b, x }) => beta.betaDensity(m, a, b, x),
});

/**
 * Regularised incomplete beta function: I_x(a, b) = 1/B(a, b) ∫₀ˣ t^(a-1) (1 - t)^(b-1) dt.
 *
 * @shape  broadcast(a, b, x)
 * @domain a, b >= 0, 0 <= x <= 1; NaN outside, and where 0 and 1 are both limits
 * @source DLMF 8.17.2
 */
export const betainc = withPartials("betainc", {
  inputs: ["a", "b", "x"],
  cost: BETA_COST,
  lower: (m, { a, b, x }) => beta.betainc(m, a, b, x),
  known: { x: ({ a, b, x }) => betaDensity(a, b, x) },
});

/**
 * The complement 1 - I_x(a, b), with its full relative accuracy where it is small.
 *
 * @shape  broadcast(a, b, x)
 * @domain as `betainc`
 * @source DLMF 8.17.4: it is I_(1-x)(b, a)
 */
export const betaincc = withPartials("betaincc", {
  inputs: ["a", "b", "x"],
  cost: BETA_COST,
  lower: (m, { a, b, x }) => beta.betaincc(m, a, b, x),
  known: { x: ({ a, b, x }) => betaDensity(a, b, x).neg() },
});

/** log I_x(a, b), without underflow. @shape broadcast(a, b, x) @domain as `betainc` */
export const logBetainc = withPartials("logBetainc", {
  inputs: ["a", "b", "x"],
  cost: BETA_COST,
  lower: (m, { a, b, x }) => beta.logBetainc(m, a, b, x),
});

/** log(1 - I_x(a, b)), without underflow. @shape broadcast(a, b, x) @domain as `betainc` */
export const logBetaincc = withPartials("logBetaincc", {
  inputs: ["a", "b", "x"],
  cost: BETA_COST,
  lower: (m, { a, b, x }) => beta.logBetaincc(m, a, b, x),
});
