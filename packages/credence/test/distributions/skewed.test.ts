import { tensor } from "credence";
import { AsymmetricLaplace, Laplace, Moyal } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("Moyal", {
  build: ({ loc, scale }) => new Moyal({ loc: loc!, scale: scale! }),
  params: { standard: { loc: 0, scale: 1 }, "in a batch [2, 3]": { loc: [-2, 0, 5], scale: [[0.5], [10]] } },
  domain: { loc: "real", scale: "positive" },
  values: [-1, 0.25, 4],
  invalid: [
    { loc: 0, scale: 0 },
    { loc: Number.NaN, scale: 1 },
  ],
});

describeDistribution("AsymmetricLaplace", {
  build: ({ loc, scale, asymmetry }) => new AsymmetricLaplace({ loc: loc!, scale: scale!, asymmetry: asymmetry! }),
  // the kink at loc lies at a level where the harness divides its panels: κ² / (1 + κ²) is 3/4, 1/8 or 1/2
  params: {
    standard: { loc: 0, scale: 1, asymmetry: Math.sqrt(3) },
    "in a batch [2, 3]": { loc: [-2, 0, 5], scale: [[0.5], [10]], asymmetry: [Math.sqrt(1 / 7), 1, Math.sqrt(3)] },
  },
  domain: { loc: "real", scale: "positive", asymmetry: "positive" },
  values: [-3, 0.25, 4],
  invalid: [
    { loc: 0, scale: 1, asymmetry: 0 },
    { loc: 0, scale: [1, -1], asymmetry: 1 },
  ],
});

describe("AsymmetricLaplace", () => {
  test("of asymmetry 1 is Laplace's", () => {
    const [d, laplace] = [new AsymmetricLaplace({ loc: 1, scale: 2, asymmetry: 1 }), new Laplace({ loc: 1, scale: 2 })];
    const x = tensor([-50, 0.5, 1, 7]);
    for (const method of ["logProb", "logCdf", "logSurvival"] as const) {
      d[method](x)
        .div(laplace[method](x))
        .data()
        .forEach((ratio) => void expect(ratio).toBeCloseTo(1, 14));
    }
  });

  test("by a quantile: loc is the quantile of that level", () => {
    for (const level of [0.01, 0.5, 0.9]) {
      const d = AsymmetricLaplace.fromQuantile({ loc: 3, scale: 2, quantile: level });
      expect(d.cdf(3).item()).toBeCloseTo(level, 14);
      // the slopes of the pinball loss: log density falls by level / scale above, by (1 - level) / scale below
      expect(d.logProb(3).sub(d.logProb(4)).item()).toBeCloseTo(level / 2, 14);
      expect(d.logProb(3).sub(d.logProb(2)).item()).toBeCloseTo((1 - level) / 2, 14);
    }
  });
});
