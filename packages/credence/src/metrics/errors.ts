import { fail } from "../errors.js";

function mean(predicted: ArrayLike<number>, observed: ArrayLike<number>, distance: (error: number) => number): number {
  if (predicted.length !== observed.length || observed.length === 0) {
    fail({ code: "shape", given: `${predicted.length} predictions for ${observed.length} observations`, allowed: "one each, at least one" });
  }
  let sum = 0;
  for (let i = 0; i < observed.length; i++) sum += distance(observed[i]! - predicted[i]!);
  return sum / observed.length;
}

/** Root of the mean squared error, in the observations' units. */
export const rmse = (predicted: ArrayLike<number>, observed: ArrayLike<number>): number =>
  Math.sqrt(mean(predicted, observed, (e) => e * e));

/** Mean absolute error, in the observations' units. */
export const mae = (predicted: ArrayLike<number>, observed: ArrayLike<number>): number => mean(predicted, observed, Math.abs);
