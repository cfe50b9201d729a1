import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { countEntropy } from "./countEntropy.js";
import { meanLogRise } from "./meanLogRise.js";
import { NegativeBinomial } from "./negativeBinomial.js";

/** From this count on the law is so smooth at 0 that strides do no harm. */
const SMOOTH = 16;

/**
 * Entropy of a negative binomial law: for large counts a sum of -p log p, else
 *
 *     -totalCount log(1 - probs) - mean log(probs) - E log (Γ(k + totalCount) / (Γ(totalCount) k!)),
 *
 * of which for counts below 1 no term is negative.
 */
export function negativeBinomialEntropy(law: NegativeBinomial): Tensor {
  const { totalCount, chance } = law;
  const isSmall = totalCount.lt(SMOOTH).or(law.mean().lt(1));
  const wide = where(isSmall, SMOOTH, totalCount).expandDims(-1);
  const smooth = new NegativeBinomial(
    chance.byLogits
      ? { totalCount: wide, logits: where(isSmall, 0, chance.logits).expandDims(-1) }
      : { totalCount: wide, probs: where(isSmall, 0.5, chance.success).expandDims(-1) },
  );
  const bulk = { mean: smooth.mean().squeeze(-1), stddev: smooth.stddev().squeeze(-1), finer: 3 };
  return where(isSmall, byIntegral(law), countEntropy(smooth, bulk));
}

function byIntegral(law: NegativeBinomial): Tensor {
  const { totalCount, chance } = law;
  const isSome = chance.success.gt(0);
  const successes = where(isSome, law.mean().mul(where(isSome, chance.logSuccess, 0)), 0);
  return totalCount
    .mul(chance.logFailure)
    .add(successes)
    .neg()
    .sub(meanLogRise(law, tensor(1), totalCount));
}
