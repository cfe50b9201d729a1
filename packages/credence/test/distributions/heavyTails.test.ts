import { Pareto } from "credence/distributions";
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
