import { expm1Less } from "../distributions/kl/parts.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { pullMul } from "../ops/index.js";
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
  // no distance counts nothing, even where the prior is so narrow that its precision is infinite
  const square = pullMul(distance, given.priorLogVariance.mul(-0.5).exp()).square();
  return square.add(expm1Less(ratio)).mul(0.5).sum(-1);
}
