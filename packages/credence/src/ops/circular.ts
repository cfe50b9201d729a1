import { pullDiv, pullMul } from "./adjoint.js";
import * as fn from "./functions/index.js";
import { elementwise } from "./op.js";

/** Circular functions as ops: the formula is in `functions/`, the gradient here. */

/** Sine. @domain |x| <= 2^20; NaN beyond, where the reduction by π/2 would be wrong */
export const sin = elementwise("sin", {
  inputs: ["x"],
  cost: 45,
  lower: (m, { x }) => fn.sin(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, cos(x)) }),
});

/** Cosine. @domain |x| <= 2^20; NaN beyond, where the reduction by π/2 would be wrong */
export const cos: ReturnType<typeof elementwise<["x"]>> = elementwise("cos", {
  inputs: ["x"],
  cost: 45,
  lower: (m, { x }) => fn.cos(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, sin(x).neg()) }),
});

/** sin(π x), exact at whole and half numbers, for every finite x. */
export const sinpi = elementwise("sinpi", {
  inputs: ["x"],
  cost: 45,
  lower: (m, { x }) => fn.sinpi(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, cospi(x).mul(Math.PI)) }),
});

/** cos(π x), exact at whole and half numbers, for every finite x. */
export const cospi: ReturnType<typeof elementwise<["x"]>> = elementwise("cospi", {
  inputs: ["x"],
  cost: 45,
  lower: (m, { x }) => fn.cospi(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, sinpi(x).mul(-Math.PI)) }),
});

/** Arc tangent, in [-π/2, π/2]. */
export const atan = elementwise("atan", {
  inputs: ["x"],
  cost: 40,
  lower: (m, { x }) => fn.atan(m, x),
  // 1 / (1 + x²), without overflow of the square
  grad: ({ x, dy }) => ({ x: pullDiv(pullDiv(dy, x.square().add(1).sqrt()), x.square().add(1).sqrt()) }),
});
