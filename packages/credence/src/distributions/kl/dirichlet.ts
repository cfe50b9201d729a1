import type { Tensor } from "../../graph/tensor.js";
import { bd0, log1pmx, stirlingRise, stirlingRiseGain, where } from "../../ops/index.js";
import type { Dirichlet } from "../dirichlet.js";
import { sumOfOthers } from "../dirichletSums.js";
import type { Rules } from "./parts.js";

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
  // one that outweighs the others rises nearly as their sum does
  const isMost = p.gt(from.mul(0.5));
  const others = (t: Tensor): Tensor => where(isMost, sumOfOthers(p, t), 1);
  const above = where(isMost, stirlingRiseGain(where(isMost, q, 1), where(isMost, p, 1), others(q), others(p)), 0);
  const total = where(isMost.sum(-1).gt(0), above.sum(-1), stirlingRise(to, from).squeeze(-1));
  const rests = where(isMost, 0, stirlingRise(q, p)).sum(-1).sub(total);
  return apartOfMeans(p, q, from, to).sum(-1).add(rests);
}

/** bd0(q, m) with m = p Σq / Σp. */
function apartOfMeans(p: Tensor, q: Tensor, from: Tensor, to: Tensor): Tensor {
  const share = p.div(from);
  const step = q.sub(p);
  const gap = share.mul(sumOfOthers(p, step)).sub(step.mul(sumOfOthers(p).div(from)));
  return deviance(p, q, gap, share.mul(to));
}

/**
 * bd0(q, mean).
 *
 * @param gap  mean - q, by differences of q and p, which are exact where the two are near each other and worthless where not
 */
export function deviance(p: Tensor, q: Tensor, gap: Tensor, mean: Tensor): Tensor {
  const rise = gap.div(q);
  const isNear = q.sub(p).abs().lt(p.mul(0.5)).and(rise.abs().lt(0.5));
  return where(isNear, q.mul(log1pmx(where(isNear, rise, 0))).neg(), bd0(q, where(isNear, q, mean)));
}

/** From the Dirichlet distribution to other families. */
export const fromDirichlet: Rules = {
  Dirichlet: (p: Dirichlet, q: Dirichlet): Tensor => dirichletDivergence(p.concentration, q.concentration),
};
