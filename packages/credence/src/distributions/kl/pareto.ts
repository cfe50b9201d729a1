import { tensor } from "../../graph/literal.js";
import type { Tensor } from "../../graph/tensor.js";
import { logRatio, where } from "../../ops/index.js";
import type { Exponential } from "../exponential.js";
import type { Normal } from "../normal.js";
import type { Pareto } from "../pareto.js";
import { type GammaLaw, gammaCross, never, type Rules, scaleTerm, squaredDistance } from "./parts.js";

/** (r - 1 - log r) + q.alpha log(p.scale / q.scale) with r = q.alpha / p.alpha; infinite where p begins before q. */
function paretoPareto(p: Pareto, q: Pareto): Tensor {
  const begins = q.alpha.mul(logRatio(p.scale, q.scale));
  const value = scaleTerm(q.alpha, p.alpha).add(begins);
  return where(p.scale.lt(q.scale), Number.POSITIVE_INFINITY, value);
}

/** Infinite where p has no variance. */
function paretoNormal(p: Pareto, q: Normal): Tensor {
  const [mean, deviation] = [p.mean(), p.stddev()];
  const exists = p.alpha.gt(2).broadcastTo(p.batchShape);
  const at = (t: Tensor): Tensor => where(exists, t, 1);
  const distance = squaredDistance(at(mean), q.loc, q.scale).add(at(deviation).div(q.scale).square()).mul(0.5);
  const value = distance
    .add(q.scale.log())
    .add(0.5 * Math.log(2 * Math.PI))
    .sub(p.entropy());
  return where(exists, value, Number.POSITIVE_INFINITY);
}

/** Infinite where p has no mean. */
function paretoExponential(p: Pareto, q: Exponential): Tensor {
  const exists = p.alpha.gt(1).broadcastTo(p.batchShape);
  const mean = where(exists, p.mean(), 1);
  return where(exists, q.rate.mul(mean).sub(q.rate.log()).sub(p.entropy()), Number.POSITIVE_INFINITY);
}

/** Infinite where p has no mean. E log x = log scale + 1 / alpha. */
function paretoGamma(p: Pareto, q: GammaLaw): Tensor {
  const exists = p.alpha.gt(1).broadcastTo(p.batchShape);
  const mean = where(exists, p.mean(), 1);
  const meanLog = p.scale.log().add(tensor(1).div(p.alpha));
  return where(exists, gammaCross(q, meanLog, mean).sub(p.entropy()), Number.POSITIVE_INFINITY);
}

/** From the Pareto distribution to other families. */
export const fromPareto: Rules = {
  Pareto: paretoPareto,
  Normal: paretoNormal,
  Exponential: paretoExponential,
  Gamma: paretoGamma,
  Beta: never,
  ContinuousBernoulli: never,
  Uniform: never,
};
