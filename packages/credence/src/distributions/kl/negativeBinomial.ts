import type { Tensor } from "../../graph/tensor.js";
import { where } from "../../ops/index.js";
import { meanLogRise } from "../meanLogRise.js";
import type { NegativeBinomial } from "../negativeBinomial.js";
import { chanceDivergence } from "./chance.js";
import type { Rules } from "./parts.js";

/**
 * Of one count: that of one trial times the mean number of trials, count / (1 - probs). Else with the mean of what the coefficients
 * of the two differ by.
 */
function negativeBinomialNegativeBinomial(p: NegativeBinomial, q: NegativeBinomial): Tensor {
  const trials = p.totalCount.div(p.chance.failure);
  const same = trials.mul(chanceDivergence(p.chance, q.chance));
  if (p.totalCount === q.totalCount) return same;
  const isSome = p.chance.success.gt(0);
  const successes = where(isSome, p.mean().mul(where(isSome, p.chance.logSuccess.sub(q.chance.logSuccess), 0)), 0);
  const failures = p.totalCount.mul(p.chance.logFailure).sub(q.totalCount.mul(q.chance.logFailure));
  const apart = failures.add(successes).add(meanLogRise(p, q.totalCount, p.totalCount));
  return where(p.totalCount.eq(q.totalCount), same, apart.maximum(0));
}

/** From the negative binomial distribution to other families. */
export const fromNegativeBinomial: Rules = { NegativeBinomial: negativeBinomialNegativeBinomial };
