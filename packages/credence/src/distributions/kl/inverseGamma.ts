import { type TensorLike, tensor } from "../../graph/literal.js";
import type { Tensor } from "../../graph/tensor.js";
import { digamma, lgamma, where } from "../../ops/index.js";
import type { Exponential } from "../exponential.js";
import type { Gamma } from "../gamma.js";
import type { InverseGamma } from "../inverseGamma.js";
import type { Normal } from "../normal.js";
import { gammaGamma } from "./gamma.js";
import { never, type Rules, squaredDistance } from "./parts.js";

/** The value where p has moments up to an order, else infinite. */
function withMoments(p: InverseGamma, order: number, value: (concentration: Tensor) => Tensor): Tensor {
  const exists = p.concentration.gt(order);
  const otherwise = where(p.concentration.le(order), Number.POSITIVE_INFINITY, Number.NaN);
  return where(exists, value(where(exists, p.concentration, order + 1)), otherwise);
}

/** E (x - m)² is the variance and the square of the distance of the means. */
const inverseGammaNormal = (p: InverseGamma, q: Normal): Tensor =>
  withMoments(p, 2, (a) => {
    const mean = p.rate.div(a.sub(1));
    const spread = mean.div(a.sub(2).sqrt()).div(q.scale).square();
    const distance = squaredDistance(mean, q.loc, q.scale).add(spread).mul(0.5);
    return distance
      .add(q.scale.log())
      .add(0.5 * Math.log(2 * Math.PI))
      .sub(p.entropy());
  });

/** By E x and E log x = log(rate) - ψ(a). */
const toGamma = (p: InverseGamma, concentration: TensorLike, rate: Tensor): Tensor =>
  withMoments(p, 1, (a) => {
    const b = tensor(concentration);
    const meanLog = p.rate.log().sub(digamma(a));
    return lgamma(b)
      .sub(b.mul(rate.log()))
      .sub(b.sub(1).mul(meanLog))
      .add(rate.mul(p.rate.div(a.sub(1))))
      .sub(p.entropy());
  });

/** From the inverse gamma distribution to other families. The divergence of two is that of the gamma laws of 1 / x. */
export const fromInverseGamma: Rules = {
  InverseGamma: gammaGamma,
  Gamma: (p: InverseGamma, q: Gamma) => toGamma(p, q.concentration, q.rate),
  Exponential: (p: InverseGamma, q: Exponential) => toGamma(p, 1, q.rate),
  Normal: inverseGammaNormal,
  Uniform: never,
  Pareto: never,
};
