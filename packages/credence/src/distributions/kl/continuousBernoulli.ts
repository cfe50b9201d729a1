import type { Tensor } from "../../graph/tensor.js";
import { where } from "../../ops/index.js";
import type { ContinuousBernoulli } from "../continuousBernoulli.js";
import type { Exponential } from "../exponential.js";
import { meanOver } from "../exponentialPiece.js";
import type { Normal } from "../normal.js";
import type { Uniform } from "../uniform.js";
import { expm1Less, never, type Rules, squaredDistance } from "./parts.js";

/**
 * Log densities are linear, so that their means are their values at the mean. Nearly equal laws by log E exp(d (x - mean)) with d the
 * difference of the logits: the exponent has mean 0, so that nothing of the first order need cancel.
 */
function betweenTwo(p: ContinuousBernoulli, q: ContinuousBernoulli): Tensor {
  const step = q.logits.sub(p.logits);
  const isNear = step.abs().lt(p.logits.abs().mul(0.5).maximum(1));
  const [small, at] = [where(isNear, step, 0), where(isNear, p.logits, 0)];
  const sign = where(at.gt(0), small.neg(), small).expandDims(-1); // t of the quadrature runs from the heavier end
  const mean = where(isNear, where(at.gt(0), p.mean().neg().add(1), p.mean()), 0.5).expandDims(-1);
  const rise = meanOver(at.abs(), (t) => expm1Less(t.sub(mean).mul(sign))).log1p();
  const middle = p.mean();
  return where(isNear, rise, p.logProb(middle).sub(q.logProb(middle)));
}

function toUniform(p: ContinuousBernoulli, q: Uniform): Tensor {
  const isWithin = q.low.le(0).and(q.high.ge(1));
  const value = q.high.sub(q.low).log().sub(p.entropy());
  return where(isWithin, value, Number.POSITIVE_INFINITY).add(p.logits.mul(0));
}

const toExponential = (p: ContinuousBernoulli, q: Exponential): Tensor =>
  q.rate.mul(p.mean()).sub(q.rate.log()).sub(p.entropy());

/** E (x - m)² is the variance and the square of the distance of the means. */
function toNormal(p: ContinuousBernoulli, q: Normal): Tensor {
  const spread = p.variance().div(q.scale).div(q.scale);
  const distance = squaredDistance(p.mean(), q.loc, q.scale).add(spread).mul(0.5);
  return distance
    .add(q.scale.log())
    .add(0.5 * Math.log(2 * Math.PI))
    .sub(p.entropy());
}

/** From the continuous Bernoulli distribution to other families. */
export const fromContinuousBernoulli: Rules = {
  ContinuousBernoulli: betweenTwo,
  Uniform: toUniform,
  Exponential: toExponential,
  Normal: toNormal,
  Pareto: never,
};
