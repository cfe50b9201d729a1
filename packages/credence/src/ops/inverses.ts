import type { Tensor } from "../graph/tensor.js";
import { pullDiv, pullMul } from "./adjoint.js";
import * as beta from "./functions/betaQuantile.js";
import * as fn from "./functions/gammaQuantile.js";
import { betaDensity, gammaDensity } from "./incomplete.js";
import { elementwise } from "./op.js";
import { withPartials } from "./partials.js";

/**
 * Inverses of the incomplete gamma and beta functions as ops. Gradients are implicit: where F(a, x) = p is held, dx is
 * (dp - ∂F/∂a da) / density(x).
 */

const GAMMA_COST = 2000;

const gammaDrift = withPartials("gammaDrift", {
  inputs: ["a", "x"],
  cost: GAMMA_COST,
  lower: (m, { a, x }) => fn.gammaDrift(m, a, x),
});

const lowerOverDensity = withPartials("gammaLowerOverDensity", {
  inputs: ["a", "x"],
  cost: GAMMA_COST,
  lower: (m, { a, x }) => fn.gammaTailOverDensity(m, a, x, "lower"),
});

const upperOverDensity = withPartials("gammaUpperOverDensity", {
  inputs: ["a", "x"],
  cost: GAMMA_COST,
  lower: (m, { a, x }) => fn.gammaTailOverDensity(m, a, x, "upper"),
});

/**
 * The x with P(a, x) = p, the quantile of the gamma distribution of shape a.
 *
 * @shape  broadcast(a, p)
 * @domain a >= 0, 0 <= p <= 1; 0 and ∞ at the ends, NaN outside
 * @source DLMF 8.2.4; SciPy calls it gammaincinv
 */
export const gammaincInv = elementwise("gammaincInv", {
  inputs: ["a", "p"],
  cost: GAMMA_COST,
  outlined: true,
  lower: (m, { a, p }) => fn.gammaincInv(m, a, p),
  grad: ({ a, out, dy }): { a: Tensor; p: Tensor } => ({
    a: pullMul(dy, gammaDrift(a, out)),
    p: pullDiv(dy, gammaDensity(a, out)),
  }),
});

/**
 * The x with Q(a, x) = q, as exact for tiny q as elsewhere.
 *
 * @shape  broadcast(a, q)
 * @domain a >= 0, 0 <= q <= 1; ∞ and 0 at the ends, NaN outside
 * @source DLMF 8.2.4; SciPy calls it gammainccinv
 */
export const gammainccInv = elementwise("gammainccInv", {
  inputs: ["a", "q"],
  cost: GAMMA_COST,
  outlined: true,
  lower: (m, { a, q }) => fn.gammainccInv(m, a, q),
  grad: ({ a, out, dy }): { a: Tensor; q: Tensor } => ({
    a: pullMul(dy, gammaDrift(a, out)),
    q: pullDiv(dy, gammaDensity(a, out)).neg(),
  }),
});

/** The x with log P(a, x) = l, for probabilities that underflow. @shape broadcast(a, l) @domain a >= 0, l <= 0; NaN outside */
export const logGammaincInv = elementwise("logGammaincInv", {
  inputs: ["a", "l"],
  cost: GAMMA_COST,
  outlined: true,
  lower: (m, { a, l }) => fn.logGammaincInv(m, a, l),
  grad: ({ a, out, dy }): { a: Tensor; l: Tensor } => ({
    a: pullMul(dy, gammaDrift(a, out)),
    l: pullMul(dy, lowerOverDensity(a, out)),
  }),
});

/** The x with log Q(a, x) = l, for probabilities that underflow. @shape broadcast(a, l) @domain a >= 0, l <= 0; NaN outside */
export const logGammainccInv = elementwise("logGammainccInv", {
  inputs: ["a", "l"],
  cost: GAMMA_COST,
  outlined: true,
  lower: (m, { a, l }) => fn.logGammainccInv(m, a, l),
  grad: ({ a, out, dy }): { a: Tensor; l: Tensor } => ({
    a: pullMul(dy, gammaDrift(a, out)),
    l: pullMul(dy, upperOverDensity(a, out)).neg(),
  }),
});

const BETA_COST = 4000;

const betaDriftA = withPartials("betaDriftA", {
  inputs: ["a", "b", "x"],
  cost: BETA_COST,
  lower: (m, { a, b, x }) => beta.betaDrift(m, [a, b], x, "a"),
});

const betaDriftB = withPartials("betaDriftB", {
  inputs: ["a", "b", "x"],
  cost: BETA_COST,
  lower: (m, { a, b, x }) => beta.betaDrift(m, [a, b], x, "b"),
});

const betaLowerOverDensity = withPartials("betaLowerOverDensity", {
  inputs: ["a", "b", "x"],
  cost: BETA_COST,
  lower: (m, { a, b, x }) => beta.betaTailOverDensity(m, [a, b], x, "lower"),
});

const betaUpperOverDensity = withPartials("betaUpperOverDensity", {
  inputs: ["a", "b", "x"],
  cost: BETA_COST,
  lower: (m, { a, b, x }) => beta.betaTailOverDensity(m, [a, b], x, "upper"),
});

/** Gradients by the shapes of an x at which a beta distribution function is held. */
const byShapes = (a: Tensor, b: Tensor, x: Tensor, dy: Tensor): { a: Tensor; b: Tensor } => ({
  a: pullMul(dy, betaDriftA(a, b, x)),
  b: pullMul(dy, betaDriftB(a, b, x)),
});

/**
 * The x with I_x(a, b) = p, the quantile of the beta distribution. An x near 1 is had with the accuracy of 1 - x by swapping: that
 * is betainccInv(b, a, p).
 *
 * @shape  broadcast(a, b, p)
 * @domain a, b >= 0, not both 0 nor both infinite; 0 <= p <= 1; NaN outside
 * @source DLMF 8.17.2; SciPy calls it betaincinv
 */
export const betaincInv = elementwise("betaincInv", {
  inputs: ["a", "b", "p"],
  cost: BETA_COST,
  outlined: true,
  lower: (m, { a, b, p }) => beta.betaincInv(m, a, b, p),
  grad: ({ a, b, out, dy }): { a: Tensor; b: Tensor; p: Tensor } => ({
    ...byShapes(a, b, out, dy),
    p: pullDiv(dy, betaDensity(a, b, out)),
  }),
});

/**
 * The x with 1 - I_x(a, b) = q, as exact for tiny q as elsewhere.
 *
 * @shape  broadcast(a, b, q)
 * @domain as `betaincInv`
 * @source DLMF 8.17.4; SciPy calls it betainccinv
 */
export const betainccInv = elementwise("betainccInv", {
  inputs: ["a", "b", "q"],
  cost: BETA_COST,
  outlined: true,
  lower: (m, { a, b, q }) => beta.betainccInv(m, a, b, q),
  grad: ({ a, b, out, dy }): { a: Tensor; b: Tensor; q: Tensor } => ({
    ...byShapes(a, b, out, dy),
    q: pullDiv(dy, betaDensity(a, b, out)).neg(),
  }),
});

/** The x with log I_x(a, b) = l, for probabilities that underflow. @shape broadcast(a, b, l) @domain l <= 0; else as `betaincInv` */
export const logBetaincInv = elementwise("logBetaincInv", {
  inputs: ["a", "b", "l"],
  cost: BETA_COST,
  outlined: true,
  lower: (m, { a, b, l }) => beta.logBetaincInv(m, a, b, l),
  grad: ({ a, b, out, dy }): { a: Tensor; b: Tensor; l: Tensor } => ({
    ...byShapes(a, b, out, dy),
    l: pullMul(dy, betaLowerOverDensity(a, b, out)),
  }),
});

/** The x with log(1 - I_x(a, b)) = l, for probabilities that underflow. @shape broadcast(a, b, l) @domain l <= 0; else as `betaincInv` */
export const logBetainccInv = elementwise("logBetainccInv", {
  inputs: ["a", "b", "l"],
  cost: BETA_COST,
  outlined: true,
  lower: (m, { a, b, l }) => beta.logBetainccInv(m, a, b, l),
  grad: ({ a, b, out, dy }): { a: Tensor; b: Tensor; l: Tensor } => ({
    ...byShapes(a, b, out, dy),
    l: pullMul(dy, betaUpperOverDensity(a, b, out)).neg(),
  }),
});
