import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { logRatio, logSigmoid } from "../ops/index.js";
import { type Constraint, real, unitInterval } from "./constraints.js";
import { check } from "./parameters.js";

/** A chance of success, or its logarithm less that of failure. */
export type ChanceParams =
  | { readonly probs: TensorLike; readonly logits?: undefined }
  | { readonly logits: TensorLike; readonly probs?: undefined };

/** What laws of trials need of it: success and failure each with its digits where it is small. */
export interface Chance {
  readonly success: Tensor;
  readonly failure: Tensor;
  readonly logSuccess: Tensor;
  readonly logFailure: Tensor;
  /** logSuccess - logFailure. */
  readonly logits: Tensor;
  /** Is it given by its logits? */
  readonly byLogits: boolean;
}

const chanceOfProbs = (probs: Tensor): Chance => {
  const failure = tensor(1).sub(probs);
  return {
    success: probs,
    failure,
    logSuccess: probs.log(),
    logFailure: probs.neg().log1p(),
    logits: logRatio(probs, failure),
    byLogits: false,
  };
};

/** Never through the probabilities: their logarithms would have lost what is near 1. */
const chanceOfLogits = (logits: Tensor): Chance => ({
  success: logits.sigmoid(),
  failure: logits.neg().sigmoid(),
  logSuccess: logSigmoid(logits),
  logFailure: logSigmoid(logits.neg()),
  logits,
  byLogits: true,
});

/**
 * The chance that is given by `probs` or by `logits`, checked along with a law's other parameters.
 *
 * @param others  constraints of the other parameters
 * @param probs   what `probs` may be
 * @throws CredenceError `argument`: neither or both are given; else as `check`
 */
export function checkChance<K extends string>(
  name: string,
  params: ChanceParams,
  others: Readonly<Record<K, Constraint>>,
  probs: Constraint = unitInterval,
): { readonly parameters: Readonly<Record<K, Tensor>>; readonly chance: Chance } {
  if ((params.logits === undefined) === (params.probs === undefined)) {
    fail({
      code: "argument",
      given: `${name}: ${params.logits === undefined ? "neither logits nor probs are given" : "both logits and probs are given"}`,
      allowed: "{ logits } or { probs }",
    });
  }
  if (params.logits !== undefined) {
    const parameters = check<K | "logits">(name, params as never, { ...others, logits: real } as never);
    return { parameters, chance: chanceOfLogits(parameters.logits) };
  }
  const parameters = check<K | "probs">(name, params as never, { ...others, probs } as never);
  return { parameters, chance: chanceOfProbs(parameters.probs) };
}
