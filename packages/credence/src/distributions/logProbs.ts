import type { Tensor } from "../graph/tensor.js";
import { div, gt, log, log1p, mul, neg, sub, sum, where } from "../ops/index.js";

/**
 * Log probabilities along the last axis, of probabilities that are normalised by their sum.
 *
 * One above a half is -log1p(rest / p), with `rest` the sum of the others, so that it keeps its digits near 1.
 *
 * @shape  probs
 */
export function logProbsOfProbs(probs: Tensor): Tensor {
  const total = sum(probs, -1, true);
  const isMost = gt(probs, mul(total, 0.5));
  const rest = sum(where(isMost, 0, probs), -1, true);
  const share = div(probs, total);
  // a subnormal share has lost digits
  const least = probs.dtype === "float32" ? 1e-37 : 1e-307;
  const small = where(gt(share, least), log(share), sub(log(probs), log(total)));
  return where(isMost, neg(log1p(div(rest, probs))), small);
}
