import type { TensorLike } from "../graph/literal.js";
import { sortedShares } from "./calibration.js";

/**
 * Kolmogorov and Smirnov's test that values are uniform on [0, 1], as the probability integral transform of right predictions is.
 *
 * @param values  n numbers in [0, 1]
 * @returns the greatest distance between their distribution and the uniform one, and the probability of a greater one: exact
 *   for lists of moderate length, beyond that from the limiting law with Stephens's correction, good to 0.001
 * @source Marsaglia, Tsang and Wang, Evaluating Kolmogorov's distribution (2003); Stephens, Use of the Kolmogorov-Smirnov,
 *   Cramér-von Mises and related statistics without extensive tables (1970)
 */
export function kolmogorovSmirnov(values: TensorLike): { statistic: number; pValue: number } {
  const sorted = sortedShares("kolmogorovSmirnov", values);
  const n = sorted.length;
  const statistic = sorted.reduce((most, u, i) => Math.max(most, (i + 1) / n - u, u - i / n), 0);
  return { statistic, pValue: kolmogorovTail(n, statistic) };
}

/** The exact way takes a matrix of 2 n d columns to the n-th power: up to this many columns it is quick. */
const WIDEST = 80;

/** The probability that the distance of n uniform values is greater than d. */
export function kolmogorovTail(n: number, d: number): number {
  const columns = 2 * Math.ceil(n * d) - 1;
  // far in the tail 1 - P would lose its digits, and the limiting law is right
  if (columns > WIDEST || n * d * d > 4) return limitingTail((Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * d);
  return Math.max(0, 1 - exactCdf(n, d));
}

/** P(K > λ) = 2 Σ (-1)^(j-1) exp(-2 j² λ²); for small λ by the other form of the series, which converges there. */
function limitingTail(lambda: number): number {
  const terms = Array.from({ length: 20 }, (_, i) => i + 1);
  const sum = (of: (j: number) => number): number => terms.reduce((total, j) => total + of(j), 0);
  if (lambda < 1) {
    const inner = sum((j) => Math.exp((-((2 * j - 1) ** 2) * Math.PI ** 2) / (8 * lambda ** 2)));
    return 1 - (Math.sqrt(2 * Math.PI) / lambda) * inner;
  }
  return 2 * sum((j) => (j % 2 === 1 ? 1 : -1) * Math.exp(-2 * (j * lambda) ** 2));
}

/** P(D_n <= d) = n! / n^n times the middle element of H^n. */
function exactCdf(n: number, d: number): number {
  const k = Math.ceil(n * d);
  const size = 2 * k - 1;
  const h = k - n * d;
  const matrix: Matrix = Array.from({ length: size }, (_, i) =>
    Float64Array.from({ length: size }, (__, j) => Number(i - j + 1 >= 0)),
  );
  for (let i = 0; i < size; i++) {
    matrix[i]![0]! -= h ** (i + 1);
    matrix[size - 1]![i]! -= h ** (size - i);
  }
  matrix[size - 1]![0]! += Math.max(0, 2 * h - 1) ** size;
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) for (let g = 2; g <= i - j + 1; g++) matrix[i]![j]! /= g;
  }
  // n! / n^n goes in factor by factor: H / n to the n-th power, then n!
  let power: Matrix = identity(size);
  let square: Matrix = matrix.map((row) => row.map((x) => x / n));
  let [powerScale, squareScale] = [0, 0]; // powers of two taken out, lest the numbers leave the range
  for (let rest = n; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) [power, powerScale] = rescaled(product(power, square), powerScale + squareScale);
    [square, squareScale] = rescaled(product(square, square), 2 * squareScale);
  }
  let result = power[k - 1]![k - 1]!;
  let scale = powerScale;
  for (let i = 1; i <= n; i++) {
    result *= i;
    if (result > 2 ** 500) [result, scale] = [result / 2 ** 500, scale + 500];
  }
  return result * 2 ** scale;
}

type Matrix = readonly Float64Array[];

const identity = (size: number): Matrix =>
  Array.from({ length: size }, (_, i) => Float64Array.from({ length: size }, (__, j) => Number(i === j)));

function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => {
    const out = new Float64Array(row.length);
    row.forEach((x, k) => {
      const other = b[k]!;
      for (let j = 0; j < out.length; j++) out[j]! += x * other[j]!;
    });
    return out;
  });
}

/** The matrix with its middle element near 1, and the power of two that this took out. */
function rescaled(matrix: Matrix, scale: number): [Matrix, number] {
  const middle = matrix[matrix.length >> 1]![matrix.length >> 1]!;
  if (!(middle > 0)) return [matrix, scale];
  const by = Math.floor(Math.log2(middle));
  return [matrix.map((row) => row.map((x) => x * 2 ** -by)), scale + by];
}
