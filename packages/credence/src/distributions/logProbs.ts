import type { Tensor } from "../graph/tensor.js";
import {
  add,
  cast,
  div,
  eq,
  exp,
  gt,
  log,
  log1p,
  max,
  mul,
  neg,
  stopGradient,
  sub,
  sum,
  where,
  withGradient,
} from "../ops/index.js";

/**
 * Normalised log probabilities along the last axis, of logits: log softmax.
 *
 * With m the greatest logit, (x - m) - log1p(Σ' exp(x - m)): the likeliest one's, a number near 0, keeps its digits, which
 * x - log Σ exp x would lose beside a large m.
 *
 * @shape  logits
 */
export function logProbsOfLogits(logits: Tensor): Tensor {
  const greatest = stopGradient(max(logits, -1, true));
  const shifted = sub(logits, greatest);
  const isGreatest = eq(shifted, 0);
  const others = sum(where(isGreatest, 0, exp(shifted)), -1, true);
  const ties = sum(cast(isGreatest, logits.dtype), -1, true);
  const value = sub(shifted, log1p(add(others, sub(ties, 1))));
  const out: Tensor = withGradient(value, [logits], (dy) => [sub(dy, mul(exp(out), sum(dy, -1, true)))]);
  return out;
}

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
