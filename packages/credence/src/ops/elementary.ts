import type { Tensor } from "../graph/tensor.js";
import * as fn from "./functions/index.js";
import { elementwise } from "./op.js";
import { where } from "./where.js";

/** Elementary functions as ops: the formula is in `functions/`, the gradient here. */

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** e^x. */
export const exp = elementwise("exp", {
  inputs: ["x"],
  cost: 20,
  lower: (m, { x }) => fn.exp(m, x),
  grad: ({ out, dy }) => ({ x: dy.mul(out) }),
});

/** e^x - 1, exact for small x. */
export const expm1 = elementwise("expm1", {
  inputs: ["x"],
  cost: 25,
  lower: (m, { x }) => fn.expm1(m, x),
  grad: ({ out, dy }) => ({ x: dy.mul(out.add(1)) }),
});

/** Natural logarithm. @domain x > 0; -∞ at 0, NaN below */
export const log = elementwise("log", {
  inputs: ["x"],
  cost: 25,
  lower: (m, { x }) => fn.log(m, x),
  grad: ({ x, dy }) => ({ x: quotient(dy, x) }),
});

/** log(1 + x), exact for small x. @domain x > -1; -∞ at -1, NaN below */
export const log1p = elementwise("log1p", {
  inputs: ["x"],
  cost: 30,
  lower: (m, { x }) => fn.log1p(m, x),
  grad: ({ x, dy }) => ({ x: quotient(dy, x.add(1)) }),
});

/** Hyperbolic tangent. */
export const tanh = elementwise("tanh", {
  inputs: ["x"],
  cost: 25,
  lower: (m, { x }) => fn.tanh(m, x),
  grad: ({ out, dy }) => ({ x: dy.mul(out.square().neg().add(1)) }),
});

/** 1 / (1 + e^-x). */
export const sigmoid = elementwise("sigmoid", {
  inputs: ["x"],
  cost: 25,
  lower: (m, { x }) => fn.sigmoid(m, x),
  // σ(x) · σ(-x): 1 - σ(x) would lose everything where σ(x) is near 1
  grad: ({ x, out, dy }) => ({ x: dy.mul(out.mul(x.neg().sigmoid())) }),
});

/** log(1 + e^x), without overflow. */
export const softplus = elementwise("softplus", {
  inputs: ["x"],
  cost: 45,
  lower: (m, { x }) => fn.softplus(m, x),
  grad: ({ x, dy }) => ({ x: dy.mul(x.sigmoid()) }),
});

/** Error function: 2/√π ∫₀ˣ e^(-t²) dt. @source DLMF 7.2.1 */
export const erf = elementwise("erf", {
  inputs: ["x"],
  cost: 40,
  lower: (m, { x }) => fn.erf(m, x),
  grad: ({ x, dy }) => ({ x: dy.mul(x.square().neg().exp().mul(TWO_OVER_SQRT_PI)) }),
});

/** dy / x, but 0 where nothing flows back, at x = 0 too. */
function quotient(dy: Tensor, x: Tensor): Tensor {
  return where(dy.eq(0), 0, dy.div(x));
}
