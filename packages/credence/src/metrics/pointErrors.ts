import type { TensorLike } from "../graph/literal.js";
import { mean, sameLength } from "./numbers.js";

/** Root of the mean squared error, in the observations' units. */
export function rmse(predicted: TensorLike, observed: TensorLike): number {
  const at = sameLength("rmse", { predicted, observed });
  return Math.sqrt(mean(at.observed.length, (i) => (at.observed[i]! - at.predicted[i]!) ** 2));
}

/** Mean absolute error, in the observations' units. */
export function mae(predicted: TensorLike, observed: TensorLike): number {
  const at = sameLength("mae", { predicted, observed });
  return mean(at.observed.length, (i) => Math.abs(at.observed[i]! - at.predicted[i]!));
}
