import { tensor } from "credence";
import {
  Exponential,
  GeneralizedExtremeValue,
  GeneralizedPareto,
  Gumbel,
  Pareto,
  Uniform,
} from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("Pareto", {
  build: ({ scale, alpha }) => new Pareto({ scale: scale!, alpha: alpha! }),
  params: { standard: { scale: 1, alpha: 5 }, "in a batch [2, 3]": { scale: [0.1, 1, 2], alpha: [[0.8], [6]] } },
  domain: { scale: "positive", alpha: "positive" },
  values: [2.5, 4, 100],
  invalid: [
    { scale: 0, alpha: 1 },
    { scale: 1, alpha: [1, -1] },
  ],
});

describe("Pareto", () => {
  test("moments beyond the power are infinite, and the skewness does not exist", () => {
    const d = new Pareto({ scale: 2, alpha: [1, 2, 3, 4] });
    expect([...d.mean().isFinite().data()]).toEqual([0, 1, 1, 1]);
    expect([...d.variance().isFinite().data()]).toEqual([0, 0, 1, 1]);
    expect([...d.skewness().data()].map(Number.isNaN)).toEqual([true, true, true, false]);
  });

  test("quantiles do not overflow on the way", () => {
    const d = new Pareto({ scale: 1e-300, alpha: 0.5 });
    expect(d.quantile(1 - 2 ** -53).item() / (1e-300 * 2 ** 106)).toBeCloseTo(1, 12);
    expect(new Pareto({ scale: 1e-300, alpha: 0.05 }).quantile(1 - 2 ** -50).item() / 1e-300).toBeGreaterThan(1e300);
  });
});

const invalid = [
  { loc: 0, scale: 0, concentration: 1 },
  { loc: 0, scale: 1, concentration: Number.NaN },
];

describeDistribution("GeneralizedPareto", {
  build: ({ loc, scale, concentration }) =>
    new GeneralizedPareto({ loc: loc!, scale: scale!, concentration: concentration! }),
  params: {
    exponential: { loc: 0, scale: 1, concentration: 0 },
    "in a batch [2, 3]": { loc: [-0.3, 0, 0.1], scale: [[1], [3]], concentration: [-0.3, 0.1, 0.6] },
    "with an upper end": { loc: 0, scale: 2, concentration: [-1, -0.7, -0.5] },
  },
  domain: { loc: { from: -1e3, to: 1e3 }, scale: "positive", concentration: "real" },
  values: [0.25, 0.9],
  invalid,
});

describeDistribution("GeneralizedExtremeValue", {
  build: ({ loc, scale, concentration }) =>
    new GeneralizedExtremeValue({ loc: loc!, scale: scale!, concentration: concentration! }),
  params: {
    "Gumbel's": { loc: 0, scale: 1, concentration: 0 },
    "in a batch [2, 3]": { loc: [-0.3, 0, 0.1], scale: [[1], [3]], concentration: [-0.3, 0.05, 0.6] },
  },
  domain: { loc: { from: -1e3, to: 1e3 }, scale: "positive", concentration: "real" },
  values: [0.25, 0.9],
  invalid,
});

describe("special cases", () => {
  const methods = ["logProb", "cdf", "survival", "logCdf", "logSurvival"] as const;
  const same = (a: Exponential | Gumbel | Uniform, b: typeof a | GeneralizedPareto, x: number[]): void => {
    for (const method of methods) {
      const [got, is] = [a, b].map((d) => d[method](tensor(x)).data());
      got!.forEach((value, i) => void expect(value).toBeCloseTo(is![i]!, 12));
    }
    for (const method of ["mean", "variance", "skewness", "entropy"] as const)
      expect(a[method]().item()).toBeCloseTo(b[method]().item(), 12);
  };

  test("a generalized Pareto of concentration 0 is exponential, of -1 uniform", () => {
    same(new Exponential({ rate: 0.5 }), new GeneralizedPareto({ loc: 0, scale: 2, concentration: 0 }), [0, 0.3, 20]);
    same(
      new Uniform({ low: 1, high: 3 }),
      new GeneralizedPareto({ loc: 1, scale: 2, concentration: -1 }),
      [1, 1.5, 2.9],
    );
  });

  test("an extreme value law of concentration 0, or nearly, is Gumbel's", () => {
    for (const concentration of [0, 1e-18, -1e-15]) {
      const d = new GeneralizedExtremeValue({ loc: 1, scale: 2, concentration });
      same(new Gumbel({ loc: 1, scale: 2 }), d as unknown as GeneralizedPareto, [-3, 0.3, 20]);
      expect(d.mode().item()).toBeCloseTo(1, 12);
    }
  });

  test("moments by quadrature and by gamma functions meet", () => {
    const at = (concentration: number) => new GeneralizedExtremeValue({ loc: 0, scale: 1, concentration });
    for (const side of [-0.1, 0.1]) {
      const [below, above] = [at(side * (1 - 1e-9)), at(side * (1 + 1e-9))];
      for (const method of ["mean", "stddev", "skewness"] as const)
        expect(below[method]().item()).toBeCloseTo(above[method]().item(), 7);
    }
  });

  test("at its upper end the density has the limit of its power", () => {
    const d = new GeneralizedPareto({ loc: 0, scale: [2, 1, 0.5], concentration: [-2, -1, -0.5] });
    expect([...d.logProb([1, 1, 1]).data()].map((x) => x + 0)).toEqual([Infinity, 0, -Infinity]);
  });
});
