import { tensor } from "../../graph/literal.js";
import type { Tensor } from "../../graph/tensor.js";
import { bd0, div, log1pmx, stirlingError, stirlingErrorSlope, trigamma, where } from "../../ops/index.js";
import type { Dirichlet } from "../dirichlet.js";
import { sumOfOthers } from "../dirichletSums.js";
import { panels } from "../quadrature.js";
import { type Rules, scaleTerm } from "./parts.js";

/**
 * KL of two Dirichlet distributions, over the last axis of their concentrations p and q:
 *
 *     Σ R(q, p) - R(Σ q, Σ p)  with  R(x, y) = lgamma(x) - lgamma(y) - digamma(y) (x - y)
 *
 * By Stirling's formula R(x, y) is bd0(x, y), which is large for large x and cancels in the sum, and a rest that is not. What is left of the
 * sum of the first is the divergence of the means times Σ q.
 *
 * @shape  p without the last axis
 * @source Penny, KL-divergences of normal, gamma, Dirichlet and Wishart densities (2001)
 */
export function dirichletDivergence(p: Tensor, q: Tensor): Tensor {
  const [from, to] = [p.sum(-1, { keepDims: true }), q.sum(-1, { keepDims: true })];
  const rests = stirlingRise(q, p).sum(-1).sub(stirlingRise(to, from).squeeze(-1));
  return apartOfMeans(p, q, from, to).sum(-1).add(rests);
}

/** bd0(q, m) with m = p Σq / Σp; the differences m - q by those of p and q, which are exact where they are near each other. */
function apartOfMeans(p: Tensor, q: Tensor, from: Tensor, to: Tensor): Tensor {
  const step = q.sub(p);
  const gap = p
    .div(from)
    .mul(sumOfOthers(p, step))
    .sub(step.mul(sumOfOthers(p).div(from)));
  const share = gap.div(q);
  const isNear = share.abs().lt(0.5);
  const near = q.mul(log1pmx(where(isNear, share, 0))).neg();
  return where(isNear, near, bd0(q, where(isNear, q, p.div(from).mul(to))));
}

const RULE = panels([0, 1]);

/** lgamma(x) - lgamma(y) - digamma(y) (x - y) - bd0(x, y), which is never below 0. */
function stirlingRise(x: Tensor, y: Tensor): Tensor {
  const step = x.sub(y);
  const isNear = step.abs().lt(y.mul(0.25));
  const near = where(isNear, step, 0).expandDims(-1);
  const points = tensor(RULE.points).cast(y.dtype);
  const weights = tensor(RULE.points.map((t, i) => (1 - t) * (RULE.weights[i] as number))).cast(y.dtype);
  const bend = curvature(y.expandDims(-1).add(near.mul(points)))
    .mul(weights)
    .sum(-1);
  const far = stirlingError(x).sub(stirlingError(y)).sub(stirlingErrorSlope(y).mul(step));
  return scaleTerm(x, y)
    .mul(0.5)
    .add(where(isNear, step.mul(step.mul(bend)), far));
}

/** Where the series of `curvature` is complete. */
const LARGE = 12;

/** Bernoulli numbers B2, B4, ... */
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

/** The second derivative of `stirlingError`: trigamma(x) - 1 / x - 1 / (2x²). @source DLMF 5.15.8 */
function curvature(x: Tensor): Tensor {
  const isLarge = x.ge(LARGE);
  const inverse = div(1, where(isLarge, x, LARGE));
  const square = inverse.square();
  let sum = tensor(0);
  for (const number of [...BERNOULLI].reverse()) sum = sum.mul(square).add(number);
  const small = where(isLarge, LARGE, x);
  const rest = trigamma(small).sub(div(1, small)).sub(div(0.5, small.square()));
  return where(isLarge, sum.mul(square).mul(inverse), rest);
}

/** From the Dirichlet distribution to other families. */
export const fromDirichlet: Rules = {
  Dirichlet: (p: Dirichlet, q: Dirichlet): Tensor => dirichletDivergence(p.concentration, q.concentration),
};
