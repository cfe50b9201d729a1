import { klDivergence, tensor } from "credence";
import { LogisticNormal, LogitNormal, Normal } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";

describeDistribution("LogisticNormal", {
  build: ({ loc, scale }) => new LogisticNormal({ loc: loc!, scale: scale! }),
  params: {
    standard: { loc: [0, 0.5], scale: [1, 0.7] },
    "in a batch [2]": {
      loc: [
        [-1, 0.2],
        [0.4, 0],
      ],
      scale: [0.3, 2],
    },
  },
  values: [
    [0.25, 0.25, 0.5],
    [0.01, 0.9, 0.09],
  ],
  invalid: [
    { loc: [0, 0], scale: [1, 0] },
    { loc: [0, 0], scale: [1, -1] },
  ],
  lacks: ["cdf", "logCdf", "survival", "logSurvival", "quantile", "mean", "variance", "stddev", "mode", "entropy"],
});

describe("LogisticNormal", () => {
  test("PyTorch's densities", () => {
    const d = new LogisticNormal({ loc: [0, 0.5, -1], scale: [1, 0.7, 2] });
    // PyTorch 1.13, float64: LogisticNormal(loc, scale).log_prob(y)
    const found = d.logProb([
      [0.25, 0.25, 0.3, 0.2],
      [1e-6, 0.9, 0.05, 0.05 - 1e-6],
    ]);
    [1.9906930406845729, -69.99621095627592].forEach((exact, i) => {
      expect(found.data()[i]).toBeCloseTo(exact, 11);
    });
  });

  test("of two categories is logit-normal", () => {
    const [d, logit] = [new LogisticNormal({ loc: [0.3], scale: [1.2] }), new LogitNormal({ loc: 0.3, scale: 1.2 })];
    for (const x of [1e-9, 0.25, 0.75]) {
      expect(d.logProb([x, 1 - x]).item()).toBeCloseTo(logit.logProb(x).item(), 12);
    }
  });

  test("corners have no density, and draws of any width stay on the simplex", () => {
    const d = new LogisticNormal({ loc: [0, 1], scale: [1, 1e4] });
    expect(d.logProb([0, 0.5, 0.5]).item()).toBe(-Infinity);
    expect(d.logProb([0.2, 0.2, 0.2]).item()).toBe(-Infinity);
    const sums = d
      .sample({ seed: 1, shape: [1000] })
      .sum(-1)
      .data();
    for (const sum of sums) expect(sum).toBeCloseTo(1, 14);
  });

  test("divergences are those of the normal numbers", () => {
    const p = new LogisticNormal({ loc: [0, 1], scale: [1, 2] });
    const q = new LogisticNormal({ loc: [0.5, 1], scale: [3, 1] });
    const one = klDivergence(new Normal({ loc: [0, 1], scale: [1, 2] }), new Normal({ loc: [0.5, 1], scale: [3, 1] }));
    expect(klDivergence(p, q).item()).toBe(one.sum().item());
    expect(klDivergence(p, p).item()).toBe(0);
  });

  test("numbers without an axis", () => {
    expectCode("shape", () => new LogisticNormal({ loc: 0, scale: tensor(1) }));
  });
});
