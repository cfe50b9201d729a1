import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { pullMul } from "./adjoint.js";
import { div } from "./arithmetic.js";
import * as fn from "./functions/studentT.js";
import { digammaDifferenceRest } from "./gammaRatios.js";
import { log1pmx } from "./logarithms.js";
import { elementwise } from "./op.js";
import { withPartials } from "./partials.js";
import { where } from "./where.js";

/** Student's t distribution as ops: the formulas are in `functions/`, the gradients here. */

/** Gradients that name ops defined later need their type said. */
interface Pair {
  readonly df: Tensor;
  readonly z: Tensor;
}

/**
 * Log density of the standard Student's t distribution.
 *
 * @shape  broadcast(df, z)
 * @domain df > 0, all z; -∞ at ±∞
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), equation 28.2
 */
export const logStudentT = elementwise("logStudentT", {
  inputs: ["df", "z"],
  cost: 300,
  outlined: true,
  lower: (m, { df, z }) => fn.logStudentT(m, df, z),
  grad: ({ df, z, dy }): Pair => {
    const root = df.sqrt();
    const r = z.abs().div(root);
    const isFar = r.gt(1);
    // r or 1 / r, whose square does not overflow
    const inward = where(isFar, div(1, r.maximum(1)), r);
    const square = inward.square();
    const beside = square.add(1);
    const share = where(isFar, div(1, beside), square.div(beside)); // z² / (df + z²)
    // log(1 + r²) - share
    const near = log1pmx(where(isFar, 0, share).neg()).neg();
    const far = r.maximum(1).log().mul(2).add(square.log1p()).sub(share);
    const rise = digammaDifferenceRest(df.mul(0.5), 0.5);
    const byDf = rise
      .sub(where(isFar, far, near))
      .add(share.div(df))
      .mul(0.5);
    const fall = inward.div(beside).mul(df.add(1)).div(root);
    return { df: pullMul(dy, byDf), z: pullMul(dy, where(z.lt(0), fall, fall.neg())) };
  },
});

const TAIL_COST = 1500;

const density = (df: Tensor, z: Tensor): Tensor => logStudentT(df, z).exp();

/**
 * P(T > z) of the standard Student's t distribution, with its full relative accuracy.
 *
 * @shape  broadcast(df, z)
 * @domain df > 0, z >= 0
 * @source DLMF 8.17: half of I_x(df / 2, 1 / 2) at x = df / (df + z²)
 */
export const studentTail = withPartials("studentTail", {
  inputs: ["df", "z"],
  cost: TAIL_COST,
  lower: (m, { df, z }) => fn.studentTail(m, df, z),
  known: { z: ({ df, z }) => density(df, z).neg() },
});

/** log P(T > z), without underflow. @shape broadcast(df, z) @domain as `studentTail` */
export const logStudentTail: (df: TensorLike, z: TensorLike) => Tensor = withPartials("logStudentTail", {
  inputs: ["df", "z"],
  cost: TAIL_COST,
  lower: (m, { df, z }) => fn.logStudentTail(m, df, z),
  known: { z: ({ df, z }) => logStudentT(df, z).sub(logStudentTail(df, z)).exp().neg() },
});
