import { Exponential, Weibull } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("Weibull", {
  build: ({ scale, concentration }) => new Weibull({ scale: scale!, concentration: concentration! }),
  params: {
    standard: { scale: 1, concentration: 1.5 },
    "in a batch [2, 3]": { scale: [0.1, 1, 2], concentration: [[0.7], [4]] },
  },
  domain: { scale: "positive", concentration: "positive" },
  values: [0.25, 0.5, 1.25],
  invalid: [
    { scale: 0, concentration: 1 },
    { scale: 1, concentration: [1, -1] },
  ],
});

describe("Weibull", () => {
  test("at 0 the density has the limit of its power", () => {
    expect([...new Weibull({ scale: 2, concentration: [0.5, 1, 2] }).logProb([0, 0, 0]).data()]).toEqual([
      Infinity,
      -Math.LN2,
      -Infinity,
    ]);
  });

  test("of concentration 1 is exponential", () => {
    const [d, other] = [new Weibull({ scale: 2, concentration: 1 }), new Exponential({ rate: 0.5 })];
    for (const method of ["mean", "stddev", "skewness", "entropy"] as const) {
      expect(d[method]().item() / other[method]().item()).toBeCloseTo(1, 14);
    }
  });

  test("narrow laws keep the digits of variance and skewness", () => {
    // Gumbel's, mirrored, in units of 1 / concentration
    const d = new Weibull({ scale: 1, concentration: 1e12 });
    expect((d.variance().item() * 1e24) / (Math.PI ** 2 / 6)).toBeCloseTo(1, 11);
    expect(d.skewness().item()).toBeCloseTo(-1.1395470994046486, 10);
  });
});
