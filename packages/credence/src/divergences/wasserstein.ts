import { whileLoop } from "../autodiff/whileLoop.js";
import type { Distribution } from "../distributions/distribution.js";
import { gaussianOf } from "../distributions/kl/multivariateNormal.js";
import type { Normal } from "../distributions/normal.js";
import { fail } from "../errors.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { abs, broadcastTo, diagonalMatrix, matmul, matrixTranspose, max, stopGradient, where } from "../ops/index.js";
import { concat } from "../tensor/derived.js";
import { commonBatch } from "./pairs.js";

/**
 * Wasserstein's distance of order 2 between normal laws: the root of the least mean squared distance between draws of p and of q, however
 * they are paired.
 *
 *     W² = |p.loc - q.loc|² + min over rotations R of |L_p - L_q R|²
 *
 * with Cholesky factors L; of numbers (p.loc - q.loc)² + (p.scale - q.scale)². The best rotation is the orthogonal part of L_qᵀ L_p. So the
 * distance is the length of a vector of differences, small where the laws are near, and no root of a matrix is taken. It is exact to some units
 * in the last place of the scales.
 *
 * Gradients are those of the formula; gradients of gradients miss how the rotation changes. At equal laws, where there is none, they are 0.
 *
 * @param p, q  each a Normal, an Independent of it with events of one axis, a MultivariateNormal or a LowRankMultivariateNormal
 * @shape  broadcast(p's batch, q's batch); units of x
 * @throws CredenceError `missing`: another law; `shape`
 * @source Givens and Shortt, A class of Wasserstein metrics for probability distributions (1984); Bhatia, Jain and Lim, On the
 *   Bures-Wasserstein distance between positive definite matrices (2019), theorem 1
 */
export function wasserstein2(p: Distribution, q: Distribution): Tensor {
  const batch = commonBatch("wasserstein2", p, q);
  if (p.name === "Normal" && q.name === "Normal") {
    const [a, b] = [p as Normal, q as Normal];
    const parts = [a.loc.sub(b.loc), a.scale.sub(b.scale)].map((x) => x.broadcastTo(batch).expandDims(-1));
    return lengthOf(concat(parts, -1));
  }
  const [a, b] = [p, q].map((d) => gaussianOf(d) ?? (d.asGeneral && gaussianOf(d.asGeneral)));
  if (!a || !b) {
    return fail({
      code: "missing",
      given: `wasserstein2(${p.name}, ${q.name}): there is no formula for this pair`,
      allowed: "Normal, Independent of Normal, MultivariateNormal, LowRankMultivariateNormal",
    });
  }
  const d = p.eventShape[0]!;
  const rotation = orthogonalPart(matmul(matrixTranspose(b.scaleTril), a.scaleTril));
  const scales = a.scaleTril.sub(matmul(b.scaleTril, rotation));
  const parts = [
    a.loc.sub(b.loc).broadcastTo([...batch, d]),
    scales.broadcastTo([...batch, d, d]).reshape([...batch, d * d]),
  ];
  return lengthOf(concat(parts, -1));
}

/** √Σ x² along the last axis: 0 has the gradient 0, and squares do not overflow. */
function lengthOf(x: Tensor): Tensor {
  const most = stopGradient(abs(x).max(-1, { keepDims: true }));
  const isApart = most.gt(0).and(most.lt(Number.POSITIVE_INFINITY));
  const unit = where(isApart, most, 1);
  const squares = where(isApart, x, 1).div(unit).square().sum(-1);
  const isProper = isApart.squeeze(-1);
  return where(isProper, squares.sqrt().mul(unit.squeeze(-1)), most.squeeze(-1)); // 0, infinite or NaN
}

/** Small singular values grow by half of themselves a step: enough for ratios of 1e-70. */
const MOST_STEPS = 400;
/** How far Xᵀ X may be from I for the last three steps, each of which squares that. */
const NEAR = 1e-4;

/**
 * U of A = U H with U orthogonal and H positive definite: X (3 I - Xᵀ X) / 2 again and again, which takes every singular value to 1.
 * A constant to gradients.
 *
 * @source Higham, Functions of Matrices (2008), section 8.3, Newton and Schulz's iteration
 */
function orthogonalPart(a: Tensor): Tensor {
  const given = stopGradient(a);
  const greatest = max(abs(given), [-2, -1], true);
  const scaled = given.div(greatest);
  const start = scaled.div(scaled.square().sum([-2, -1], { keepDims: true }).sqrt());
  const identity = diagonalMatrix(broadcastTo(tensor(1).cast(a.dtype), a.shape.slice(-1)));
  const excess = (x: Tensor): Tensor => matmul(matrixTranspose(x), x).sub(identity);
  const step = (x: Tensor): Tensor => x.sub(matmul(x, excess(x)).mul(0.5));
  const isFar = (x: Tensor): Tensor => abs(excess(x)).max().gt(NEAR);
  const near = whileLoop(isFar, step, start, { limit: MOST_STEPS });
  return stopGradient(step(step(step(near))));
}
