import { Normal } from "credence/distributions";
import {
  calibrationError,
  coverage,
  intervalCoverage,
  intervalWidth,
  kolmogorovSmirnov,
  mae,
  nll,
  observedFrequencies,
  pit,
  rmse,
} from "credence/metrics";
import { describe, expect, test } from "vitest";
import { kolmogorovTail } from "../../src/metrics/uniformity.js";
import { key, uniform } from "../../src/random/index.js";
import { dkw } from "../support/bounds.js";
import { expectCode } from "../support/laws.js";

const even = Array.from({ length: 100 }, (_, i) => (i + 0.5) / 100);

describe("calibration", () => {
  test("of even values is perfect", () => {
    expect(observedFrequencies(even, [0.25, 0.5, 1])).toEqual([0.25, 0.5, 1]);
    expect(calibrationError(even)).toBeCloseTo(0, 15);
    expect(coverage(even, 0.9)).toBe(0.9);
  });

  test("of forecasts that are too sure of themselves", () => {
    const extremes = even.map((u) => (u < 0.5 ? 0.01 : 0.99));
    expect(coverage(extremes, 0.9)).toBe(0);
    // half of the values lie below every level: the mean of |0.5 - level| over 0.05, ..., 0.95
    expect(calibrationError(extremes)).toBeCloseTo(9 / 38, 15);
    expect(calibrationError(extremes, [0.5])).toBe(0);
  });

  test("of right predictions is near perfect", () => {
    const n = 5000;
    const law = new Normal({ loc: 3, scale: 2 });
    const shares = pit(law, law.sample({ seed: 5, shape: [n] }));
    expect(calibrationError(shares)).toBeLessThan(dkw(n)); // each level's distance is
    expect(kolmogorovSmirnov(shares).pValue).toBeGreaterThan(1e-6);
    expect(
      kolmogorovSmirnov(pit(law, new Normal({ loc: 3.5, scale: 2 }).sample({ seed: 5, shape: [n] }))).pValue,
    ).toBeLessThan(1e-9);
  });

  test("what is no share is refused, with what to give", () => {
    expect(() => calibrationError([0.2, 3])).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: observedFrequencies: the values hold 3.
        allowed: numbers from 0 to 1
        mend:    give the predicted cdf at each observation: pit(predicted, observed)]
    `);
    expectCode("domain", () => kolmogorovSmirnov([0.5, Number.NaN]));
    expectCode("shape", () => coverage([], 0.5));
    expectCode("argument", () => coverage([0.5], 90));
  });
});

describe("Kolmogorov and Smirnov's test", () => {
  // Marsaglia, Tsang and Wang (2003): P(D_10 < 0.274), P(D_2000 < 0.04), P(D_16000 < 0.016)
  test.each([
    [10, 0.274, 0.6284796154565, 12],
    [2000, 0.04, 0.9967694319171, 4], // beyond the exact way: the limiting law
    [16000, 0.016, 0.9994523491383, 5],
  ])("of %i values at %d, as published", (n, d, cdf, digits) => {
    expect(1 - kolmogorovTail(n, d)).toBeCloseTo(cdf, digits);
  });

  test("of one value is 2d - 1; of none at all, sure", () => {
    expect(kolmogorovTail(1, 0.7)).toBeCloseTo(0.6, 14);
    expect(kolmogorovTail(50, 0.01)).toBe(1); // the least distance is 1 / 2n
    expect(kolmogorovTail(50, 1)).toBeLessThan(1e-30);
  });

  test("goes over from the exact to the limiting law without a step", () => {
    for (const n of [100, 500, 1500]) {
      const d = 40 / n; // where the matrix gets too wide
      const step = kolmogorovTail(n, d * (1 - 1e-9)) - kolmogorovTail(n, d * (1 + 1e-9));
      expect(Math.abs(step)).toBeLessThan(1e-3); // what Stephens's correction is good for
    }
  });

  test("its p-value is itself uniform", () => {
    const [tests, n] = [400, 30];
    const draws = uniform(key(12), [tests, n]).data();
    const pValues = Array.from(
      { length: tests },
      (_, i) => kolmogorovSmirnov([...draws.slice(i * n, (i + 1) * n)]).pValue,
    );
    expect(kolmogorovSmirnov(pValues).statistic).toBeLessThan(dkw(tests));
  });

  test("finds the distance on both sides of each step", () => {
    expect(kolmogorovSmirnov([0.5]).statistic).toBe(0.5);
    expect(kolmogorovSmirnov([0.9, 0.95]).statistic).toBe(0.9);
    expect(kolmogorovSmirnov([0.1, 0.1]).statistic).toBe(0.9);
  });
});

describe("scores", () => {
  test("in the observations' units", () => {
    expect(rmse([1, 2, 3], Float64Array.of(1, 4, 3))).toBeCloseTo(Math.sqrt(4 / 3), 15);
    expect(mae([1, 2, 3], [1, 4, 3])).toBeCloseTo(2 / 3, 15);
    expect(intervalCoverage([0, 0, 0], [1, 1, 1], [0, 1, 2])).toBeCloseTo(2 / 3, 15);
    expect(intervalWidth([0, -1], [1, 2])).toBe(2);
  });

  test("negative log-likelihood may be below 0", () => {
    const sharp = new Normal({ loc: [0, 1], scale: 0.1 });
    expect(nll(sharp, [0, 1])).toBeCloseTo(0.5 * Math.log(2 * Math.PI) + Math.log(0.1), 15);
    expectCode("shape", () => nll(sharp, [[0], [1]])); // every pair
  });

  test("lists of different length are refused", () => {
    expectCode("shape", () => rmse([1], [1, 2]));
    expectCode("shape", () => mae([], []));
    expectCode("shape", () => intervalWidth([1, 2], [3]));
  });
});
