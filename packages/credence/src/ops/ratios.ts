import type { Tensor } from "../graph/tensor.js";
import { pullMul } from "./adjoint.js";
import * as fn from "./functions/index.js";
import { elementwise } from "./op.js";
import { where } from "./where.js";

/** Quotients that are 0 / 0 at 0 but smooth there, with gradients that are as well. */

/** log(1 + u) / u. @domain u > -1; ∞ at -1, NaN below */
export const log1pRatio = elementwise("log1pRatio", {
  inputs: ["u"],
  cost: 35,
  lower: (m, { u }) => fn.log1pRatio(m, u),
  grad: ({ u, dy }) => ({ u: pullMul(dy, log1pRatioSlope(u)) }),
});

/** The derivative of log(1 + u) / u. @domain as it */
export const log1pRatioSlope = elementwise("log1pRatioSlope", {
  inputs: ["u"],
  cost: 60,
  lower: (m, { u }) => fn.log1pRatioSlope(m, u),
  // u s' = -1 / (1 + u)² - 2 s; the curvature at 0 is 2/3
  grad: ({ u, out, dy }): { u: Tensor } => {
    const isNear = u.abs().lt(1e-5);
    const inverse = u.add(1).square().mul(u);
    const far = u.add(1).square().mul(out).mul(2).add(1).div(inverse).neg();
    return { u: pullMul(dy, where(isNear, u.mul(-1.5).add(2 / 3), far)) };
  },
});
