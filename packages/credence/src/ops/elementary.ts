import type { Tensor } from "../graph/tensor.js";
import { pullDiv, pullMul } from "./adjoint.js";
import * as fn from "./functions/index.js";
import { elementwise } from "./op.js";

/** Elementary functions as ops: the formula is in `functions/`, the gradient here. */

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);
const SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

/** e^x. */
export const exp = elementwise("exp", {
  inputs: ["x"],
  cost: 20,
  lower: (m, { x }) => fn.exp(m, x),
  grad: ({ out, dy }) => ({ x: pullMul(dy, out) }),
});

/** e^x - 1, exact for small x. */
export const expm1 = elementwise("expm1", {
  inputs: ["x"],
  cost: 25,
  lower: (m, { x }) => fn.expm1(m, x),
  grad: ({ out, dy }) => ({ x: pullMul(dy, out.add(1)) }),
});

/** Natural logarithm. @domain x > 0; -∞ at 0, NaN below */
export const log = elementwise("log", {
  inputs: ["x"],
  cost: 25,
  lower: (m, { x }) => fn.log(m, x),
  grad: ({ x, dy }) => ({ x: pullDiv(dy, x) }),
});

/** log(1 + x), exact for small x. @domain x > -1; -∞ at -1, NaN below */
export const log1p = elementwise("log1p", {
  inputs: ["x"],
  cost: 30,
  lower: (m, { x }) => fn.log1p(m, x),
  grad: ({ x, dy }) => ({ x: pullDiv(dy, x.add(1)) }),
});

/** Hyperbolic tangent. */
export const tanh = elementwise("tanh", {
  inputs: ["x"],
  cost: 25,
  lower: (m, { x }) => fn.tanh(m, x),
  grad: ({ out, dy }) => ({ x: pullMul(dy, out.square().neg().add(1)) }),
});

/** 1 / (1 + e^-x). */
export const sigmoid = elementwise("sigmoid", {
  inputs: ["x"],
  cost: 25,
  lower: (m, { x }) => fn.sigmoid(m, x),
  // σ(x) · σ(-x): 1 - σ(x) would lose everything where σ(x) is near 1
  grad: ({ x, out, dy }) => ({ x: pullMul(dy, out.mul(x.neg().sigmoid())) }),
});

/** log(1 + e^x), without overflow. */
export const softplus = elementwise("softplus", {
  inputs: ["x"],
  cost: 45,
  lower: (m, { x }) => fn.softplus(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, x.sigmoid()) }),
});

/** Error function: 2/√π ∫₀ˣ e^(-t²) dt. @source DLMF 7.2.1 */
export const erf = elementwise("erf", {
  inputs: ["x"],
  cost: 40,
  lower: (m, { x }) => fn.erf(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, x.square().neg().exp().mul(TWO_OVER_SQRT_PI)) }),
});

/** The inverse of the error function. @domain -1 to 1; ∓∞ there, NaN outside */
export const erfinv = elementwise("erfinv", {
  inputs: ["y"],
  cost: 90,
  lower: (m, { y }) => fn.erfinv(m, y),
  grad: ({ out, dy }) => ({ y: pullMul(dy, out.square().exp().div(TWO_OVER_SQRT_PI)) }),
});

/** 1 - erf(x), with its full relative accuracy where it is small. @source DLMF 7.2.2 */
export const erfc = elementwise("erfc", {
  inputs: ["x"],
  cost: 80,
  lower: (m, { x }) => fn.erfc(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, x.square().neg().exp().mul(-TWO_OVER_SQRT_PI)) }),
});

/** e^(x²) erfc(x), the tail of the error function without its fast decay. @source DLMF 7.2.3 */
export const erfcx = elementwise("erfcx", {
  inputs: ["x"],
  cost: 60,
  lower: (m, { x }) => fn.erfcx(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, erfcxSlope(x)).neg() }),
});

/** -erfcx'(x) = 2/√π - 2x erfcx(x), without the loss of that difference for large x. */
export const erfcxSlope = elementwise("erfcxSlope", {
  inputs: ["x"],
  cost: 90,
  lower: (m, { x }) => fn.erfcxSlope(m, x),
  grad: ({ x, out, dy }): { x: Tensor } => ({ x: pullMul(dy, x.mul(out).sub(erfcx(x)).mul(2)) }),
});

/** Standard normal distribution function Φ, with its full relative accuracy in the lower tail. */
export const ndtr = elementwise("ndtr", {
  inputs: ["x"],
  cost: 60,
  lower: (m, { x }) => fn.ndtr(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, x.square().mul(-0.5).exp().div(SQRT_TWO_PI)) }),
});

/** log Φ(x), without underflow. */
export const logNdtr = elementwise("logNdtr", {
  inputs: ["x"],
  cost: 90,
  lower: (m, { x }) => fn.logNdtr(m, x),
  // φ(x) / Φ(x), a quotient that neither under- nor overflows once e^(-x²/2) is taken out of both
  grad: ({ x, dy }) => ({ x: pullDiv(dy.mul(SQRT_TWO_OVER_PI), erfcx(x.mul(-Math.SQRT1_2))) }),
});

/** Standard normal quantile, the inverse of Φ. @domain 0 to 1; -∞ and ∞ there, NaN outside */
export const ndtri = elementwise("ndtri", {
  inputs: ["p"],
  cost: 90,
  lower: (m, { p }) => fn.ndtri(m, p),
  grad: ({ out, dy }) => ({ p: pullMul(dy, out.square().mul(0.5).exp().mul(SQRT_TWO_PI)) }),
});

/** The inverse of the complementary error function, as exact near 0 as elsewhere. @domain 0 to 2; ±∞ there, NaN outside */
export const erfcinv = elementwise("erfcinv", {
  inputs: ["y"],
  cost: 90,
  lower: (m, { y }) => fn.erfcinv(m, y),
  grad: ({ out, dy }) => ({ y: pullMul(dy, out.square().exp().div(-TWO_OVER_SQRT_PI)) }),
});

/**
 * Owen's T: the probability that X > h and 0 < Y < a X, for independent standard normal X and Y.
 *
 * @shape  broadcast(h, a)
 * @source Owen, Tables for computing bivariate normal probabilities (1956)
 */
export const owensT = elementwise("owensT", {
  inputs: ["h", "a"],
  cost: 900,
  outlined: true,
  lower: (m, { h, a }) => fn.owensT(m, h, a),
  grad: ({ h, a, dy }) => {
    const density = h.square().mul(-0.5).exp();
    const along = h.square().add(h.mul(a).square()).mul(-0.5).exp();
    return {
      h: pullMul(dy, density.mul(a.mul(h).mul(Math.SQRT1_2).erf()).div(-2 * SQRT_TWO_PI)),
      a: pullMul(
        dy,
        along.div(
          a
            .square()
            .add(1)
            .mul(2 * Math.PI),
        ),
      ),
    };
  },
});
