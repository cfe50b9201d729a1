import { tensor } from "credence";
import { GeneralizedNormal, Laplace, Normal } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("GeneralizedNormal", {
  build: ({ loc, scale, power }) => new GeneralizedNormal({ loc: loc!, scale: scale!, power: power! }),
  params: {
    standard: { loc: 0, scale: 1, power: 1.5 },
    "in a batch [2, 3]": { loc: [-2, 0, 5], scale: [[0.5], [10]], power: [1, 2, 8] },
  },
  domain: { loc: "real", scale: "positive", power: { from: 0.05, to: 1e3 } },
  values: [-3, 0.25, 4],
  invalid: [
    { loc: 0, scale: 1, power: 0 },
    { loc: 0, scale: [1, -1], power: 1 },
  ],
});

describe("GeneralizedNormal", () => {
  const x = tensor([-40, -1, 0.5, 2, 30]);
  test.each([
    ["Laplace's at power 1", new GeneralizedNormal({ loc: 0, scale: 2, power: 1 }), new Laplace({ loc: 0, scale: 2 })],
    [
      "normal at power 2",
      new GeneralizedNormal({ loc: 0, scale: 2 * Math.SQRT2, power: 2 }),
      new Normal({ loc: 0, scale: 2 }),
    ],
  ] as const)("is %s", (_, d, special) => {
    for (const method of ["logProb", "logCdf", "logSurvival"] as const) {
      const is = special[method](x).data();
      d[method](x)
        .data()
        .forEach((value, i) => void expect(value / is[i]!).toBeCloseTo(1, 13));
    }
    for (const method of ["variance", "entropy"] as const)
      expect(d[method]().item() / special[method]().item()).toBeCloseTo(1, 13);
    expect(d.quantile(1e-9).item() / special.quantile(1e-9).item()).toBeCloseTo(1, 13);
  });

  test.each([
    [0.7, -3, -2.2472696646885844],
    [0.05, -1e30, -5.200976803384027],
    [30, -1.1, -24.340721989142114],
  ])("of power %d has the tail that mpmath has", (power, at, logarithm) => {
    const d = new GeneralizedNormal({ loc: 0, scale: 1, power });
    expect(d.logCdf(at).item() / logarithm).toBeCloseTo(1, 13);
    expect(d.quantile(d.cdf(at)).item() / at).toBeCloseTo(1, 12);
  });
});
