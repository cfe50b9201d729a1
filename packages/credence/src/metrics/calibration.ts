import { fail } from "../errors.js";

/** How honest predicted distributions are, from the probability integral transform: the predicted cdf at what was observed. */

/** Nominal levels at which reliability is measured. */
const LEVELS = Array.from({ length: 19 }, (_, i) => (i + 1) / 20);

/** Share of values that are at most each level, for honest predictions equal to the level. */
export function observedFrequencies(pit: ArrayLike<number>, levels: readonly number[] = LEVELS): number[] {
  checkNotEmpty(pit);
  const sorted = Float64Array.from(pit).sort();
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
 * Mean distance between observed and nominal frequency over the levels 0.05, 0.10, ..., 0.95; 0 for perfect calibration.
 *
 * @source as Kuleshov, Fenner and Ermon, Accurate uncertainties for deep learning using calibrated regression (2018), section 3.5,
 *   with absolute instead of squared distances
 */
export function calibrationError(pit: ArrayLike<number>, levels: readonly number[] = LEVELS): number {
  const observed = observedFrequencies(pit, levels);
  return observed.reduce((sum, share, i) => sum + Math.abs(share - levels[i]!), 0) / levels.length;
}

/** Share of observations inside the central interval of probability `level`. */
export function coverage(pit: ArrayLike<number>, level: number): number {
  checkNotEmpty(pit);
  const tail = (1 - level) / 2;
  let inside = 0;
  for (let i = 0; i < pit.length; i++) if (pit[i]! >= tail && pit[i]! <= 1 - tail) inside++;
  return inside / pit.length;
}

/**
 * Kolmogorov and Smirnov's test that values are uniform on [0, 1].
 *
 * @returns the greatest distance between their distribution and the uniform one, and its p-value by the limiting law with
 *   Stephens's correction for n
 * @source Stephens, Use of the Kolmogorov-Smirnov, Cramér-von Mises and related statistics without extensive tables (1970)
 */
export function kolmogorovSmirnov(values: ArrayLike<number>): { statistic: number; pValue: number } {
  checkNotEmpty(values);
  const n = values.length;
  const sorted = Float64Array.from(values).sort();
  const statistic = sorted.reduce((most, u, i) => Math.max(most, (i + 1) / n - u, u - i / n), 0);
  const lambda = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * statistic;
  return { statistic, pValue: kolmogorovTail(lambda) };
}

/** P(K > λ) = 2 Σ (-1)^(j-1) exp(-2 j² λ²); for small λ by the other form of the series, which converges there. */
function kolmogorovTail(lambda: number): number {
  if (lambda <= 0) return 1;
  if (lambda < 1) {
    let sum = 0;
    for (let j = 1; j <= 20; j++) sum += Math.exp((-((2 * j - 1) ** 2) * Math.PI ** 2) / (8 * lambda * lambda));
    return Math.min(1, Math.max(0, 1 - (Math.sqrt(2 * Math.PI) / lambda) * sum));
  }
  let sum = 0;
  for (let j = 1; j <= 20; j++) sum += (j % 2 === 1 ? 1 : -1) * Math.exp(-2 * j * j * lambda * lambda);
  return Math.min(1, Math.max(0, 2 * sum));
}

function checkNotEmpty(values: ArrayLike<number>): void {
  if (values.length === 0) fail({ code: "shape", given: "calibration: no values", allowed: "at least one" });
}
