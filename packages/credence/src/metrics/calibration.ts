import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import { mean, sameLength } from "./numbers.js";

/**
 * How honest predicted distributions are. The first three take the probability integral transform of observations (`pit`), the
 * others intervals.
 */

/** Nominal levels at which reliability is measured: 0.05, 0.10, ..., 0.95. */
const LEVELS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Share of values that are at most each level; of honest predictions it is the level. */
export function observedFrequencies(pit: TensorLike, levels: readonly number[] = LEVELS): number[] {
  const sorted = sortedShares("observedFrequencies", pit);
  return levels.map((level) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! <= level) low = middle + 1;
      else high = middle;
    }
    return low / sorted.length;
  });
}

/**
 * Mean absolute distance between observed and nominal frequency over the levels; 0 for perfect calibration.
 *
 * @param levels  default: 0.05, 0.10, ..., 0.95
 * @source as Kuleshov, Fenner and Ermon, Accurate uncertainties for deep learning using calibrated regression (2018), section 3.5,
 *   with absolute instead of squared distances
 */
export function calibrationError(pit: TensorLike, levels: readonly number[] = LEVELS): number {
  const observed = observedFrequencies(pit, levels);
  return mean(levels.length, (i) => Math.abs(observed[i]! - levels[i]!));
}

/** Share of observations inside the central interval of probability `level`, by their transform. */
export function coverage(pit: TensorLike, level: number): number {
  if (!(level > 0 && level < 1)) {
    fail({ code: "argument", given: `coverage: level is ${level}`, allowed: "a number between 0 and 1" });
  }
  const values = sortedShares("coverage", pit);
  const tail = (1 - level) / 2;
  return mean(values.length, (i) => Number(values[i]! >= tail && values[i]! <= 1 - tail));
}

/** Share of observations from `lower` to `upper`, both included. */
export function intervalCoverage(lower: TensorLike, upper: TensorLike, observed: TensorLike): number {
  const at = sameLength("intervalCoverage", { lower, upper, observed });
  return mean(at.observed.length, (i) => Number(at.observed[i]! >= at.lower[i]! && at.observed[i]! <= at.upper[i]!));
}

/** Mean width of intervals, in the observations' units: of two that cover alike, the narrower is the better. */
export function intervalWidth(lower: TensorLike, upper: TensorLike): number {
  const at = sameLength("intervalWidth", { lower, upper });
  return mean(at.lower.length, (i) => at.upper[i]! - at.lower[i]!);
}

/** Numbers in [0, 1], in order. */
export function sortedShares(name: string, values: TensorLike): Float64Array {
  const sorted = Float64Array.from(sameLength(name, { values }).values).sort();
  const outside = sorted.find((u) => !(u >= 0 && u <= 1));
  if (outside !== undefined) {
    fail({
      code: "domain",
      given: `${name}: the values hold ${outside}`,
      allowed: "numbers from 0 to 1",
      mend: "give the predicted cdf at each observation: pit(predicted, observed)",
    });
  }
  return sorted;
}
