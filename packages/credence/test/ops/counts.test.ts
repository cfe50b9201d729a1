import { tensor } from "credence";
import { describe, expect, test } from "vitest";
import { betainc, betaincc, binomialInverse, gammainc, gammaincc, poissonInverse } from "../../src/ops/index.js";

/** Levels of either half, as signed distances to the nearer end. */
const tails = [1e-30, 1e-12, 1e-7, 1e-4, 0.01, 0.1, 0.2, 0.3, 0.4, 0.45, 0.49, 0.4999, 0.5];
const levels = tails.flatMap((tail) => [tail, -tail]);

/**
 * How far, as a share of the tail, a level lies from [cdf(k - 1), cdf(k)]: 0 within. Levels above 1/2 by the survival function.
 */
function miss(level: number, k: number, below: (k: number) => number, above: (k: number) => number): number {
  const tail = Math.abs(level);
  const [short, over] = level > 0 ? [tail - below(k), below(k - 1) - tail] : [above(k) - tail, tail - above(k - 1)];
  return Math.max(0, short, over) / tail;
}

describe("poissonInverse is the least k whose distribution function reaches the level", () => {
  const rates = [1e-20, 1e-3, 0.3, 1, 4, 9.9, 10.1, 17, 40, 123.4, 1e3, 12345.6, 1e6, 3e9];
  const below = (rate: number) => (k: number) => (k < 0 ? 0 : gammaincc(k + 1, rate).item());
  const above = (rate: number) => (k: number) => (k < 0 ? 1 : gammainc(k + 1, rate).item());
  test.each([
    // rounding of the sums, and of a rate of up to 1e6 in units of the standard deviation
    ["float64", 1e-10, 1e10],
    ["float32", 1e-4, 1e4],
  ] as const)("%s", (dtype, most, largest) => {
    for (const rate of rates.filter((r) => r < largest)) {
      const at = tensor(rate, { dtype });
      const given = levels.filter((level) => dtype === "float64" || Math.abs(level) > 2 ** -34);
      const k = poissonInverse(at, tensor(given, { dtype })).data();
      given.forEach((level, i) => {
        const rounded = dtype === "float32" ? Math.fround(level) : level;
        const off = miss(rounded, k[i]!, below(at.item()), above(at.item()));
        expect(off, `rate ${rate}, level ${level}, k ${k[i]}`).toBeLessThan(most);
      });
    }
  });

  test("ends and NaN", () => {
    expect(poissonInverse([0, 0], [0.3, -1e-9]).toArray()).toEqual([0, 0]);
    expect(poissonInverse([NaN, 1, 20], [0.3, NaN, NaN]).toArray()).toEqual([NaN, NaN, NaN]);
  });
});

describe("binomialInverse is the least k whose distribution function reaches the level", () => {
  const laws = [
    [1, 0.3],
    [4, 1e-9],
    [7, 0.5],
    [25, 0.5],
    [30, 0.35],
    [100, 0.11],
    [1000, 0.3],
    [1e6, 1e-7],
    [1e6, 0.25],
    [1e9, 1e-4],
  ] as const;
  test.each([
    ["float64", 1e-9, 1e10],
    ["float32", 3e-4, 2e4],
  ] as const)("%s", (dtype, most, largest) => {
    for (const [n, p] of laws.filter(([n]) => n < largest)) {
      const at = tensor(p, { dtype });
      const probs = at.item();
      const below = (k: number): number => (k < 0 ? 0 : k >= n ? 1 : betaincc(k + 1, n - k, probs).item());
      const above = (k: number): number => (k < 0 ? 1 : k >= n ? 0 : betainc(k + 1, n - k, probs).item());
      const given = levels.filter((level) => dtype === "float64" || Math.abs(level) > 2 ** -34);
      const k = binomialInverse(n, at, tensor(given, { dtype })).data();
      given.forEach((level, i) => {
        const rounded = dtype === "float32" ? Math.fround(level) : level;
        expect(miss(rounded, k[i]!, below, above), `${n}, ${p}, level ${level}, k ${k[i]}`).toBeLessThan(most);
      });
    }
  });
});
