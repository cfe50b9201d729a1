import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { expm1, where } from "../ops/index.js";
import { operands } from "./operands.js";

/**
 * KL(N(mu, exp(logVariance)) || N(0, 1)), summed over the last axis: the price of a code in a variational autoencoder.
 *
 *     Σ (exp(v) - 1 - v + mu²) / 2,  v = logVariance
 *
 * It is never below 0; a loss that falls below has its sign wrong somewhere. Mind that v is the logarithm of the variance, not of the
 * standard deviation: v = 2 log sd.
 *
 * @param mu           means
 * @param logVariance  logarithms of the variances
 * @shape  broadcast(mu, logVariance) without its last axis
 * @throws CredenceError `shape`: they do not broadcast
 * @source Kingma and Welling, Auto-encoding variational Bayes (2014), appendix B
 */
export function klToStandardNormal(mu: TensorLike, logVariance: TensorLike): Tensor {
  const { mu: m, logVariance: v } = operands("klToStandardNormal", { mu, logVariance });
  return m.square().add(expm1Less(v)).mul(0.5).sum(-1);
}

/**
 * KL(N(mu, exp(logVariance)) || N(priorMu, exp(priorLogVariance))), summed over the last axis.
 *
 * @shape  broadcast of all without the last axis
 * @throws CredenceError `shape`: they do not broadcast
 * @source Kullback, Information Theory and Statistics (1959), section 9.1
 */
export function klToNormal(
  mu: TensorLike,
  logVariance: TensorLike,
  priorMu: TensorLike,
  priorLogVariance: TensorLike,
): Tensor {
  const given = operands("klToNormal", { mu, logVariance, priorMu, priorLogVariance });
  const distance = given.mu.sub(given.priorMu);
  const ratio = given.logVariance.sub(given.priorLogVariance);
  const square = distance.mul(given.priorLogVariance.mul(-0.5).exp()).square();
  return square.add(expm1Less(ratio)).mul(0.5).sum(-1);
}

/** e^v - 1 - v. Near 0 it is a small difference of two numbers of the size of v, so there by its series. */
function expm1Less(v: Tensor): Tensor {
  const isSmall = v.abs().lt(0.5);
  const small = where(isSmall, v, 0);
  return where(isSmall, small.square().mul(series(small)), expm1(v).sub(v));
}

/** (e^v - 1 - v) / v² = (1 + v/3 (1 + v/4 (1 + ...))) / 2, to rounding in float64 for |v| < 1/2. */
function series(v: Tensor): Tensor {
  let sum = tensor(1);
  for (let k = 17; k >= 3; k--) sum = sum.mul(v.div(k)).add(1);
  return sum.div(2);
}
