import { compile, grad, type Tensor, tensor } from "credence";
import { Cauchy, Normal, StudentT } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("StudentT", {
  build: ({ df, loc, scale }) => new StudentT({ df: df!, loc: loc!, scale: scale! }),
  params: {
    standard: { df: 6, loc: 0, scale: 1 },
    "in a batch [2, 3]": { df: [0.7, 1.6, 40], loc: [-2, 0, 5], scale: [[0.5], [10]] },
  },
  domain: { df: "positive", loc: { from: -1e3, to: 1e3 }, scale: "positive" },
  values: [-30, 0.3, 4],
  invalid: [
    { df: 0, loc: 0, scale: 1 },
    { df: 1, loc: 0, scale: [1, -1] },
  ],
});

describe("StudentT", () => {
  test("of one degree of freedom is Cauchy's", () => {
    const [d, other] = [new StudentT({ df: 1, loc: 2, scale: 3 }), new Cauchy({ loc: 2, scale: 3 })];
    for (const x of [-1e200, -50, 1.9, 2, 7, 1e30]) {
      for (const method of ["logProb", "cdf", "survival", "logCdf", "logSurvival"] as const) {
        const exact = other[method](x).item();
        expect(Math.abs(d[method](x).item() - exact), `${method}(${x})`).toBeLessThanOrEqual(1e-14 * Math.abs(exact));
      }
    }
    for (const p of [1e-200, 0.1, 0.5, 0.9]) {
      const exact = other.quantile(p).item();
      expect(Math.abs(d.quantile(p).item() - exact)).toBeLessThanOrEqual(1e-13 * Math.abs(exact));
    }
    expect(d.entropy().item()).toBeCloseTo(other.entropy().item(), 14);
  });

  // PyTorch's float32 log density is all rounding from df = 1e7 on
  test.each(["float32", "float64"] as const)("of many degrees of freedom is normal, in %s", (dtype) => {
    const x = tensor([-3, 0.1, 2.5], { dtype });
    const normal = new Normal({ loc: 0, scale: 1 });
    for (const df of [1e17, 1e30]) {
      const d = new StudentT({ df: tensor(df, { dtype }), loc: 0, scale: 1 });
      const epsilon = dtype === "float32" ? 2 ** -22 : 2 ** -50;
      for (const method of ["logProb", "cdf", "logSurvival"] as const) {
        d[method](x)
          .data()
          .forEach((value, i) => {
            const exact = normal[method](x).data()[i]!;
            expect(Math.abs(value - exact), method).toBeLessThanOrEqual(4 * epsilon * Math.abs(exact));
          });
      }
      expect(Math.abs(d.entropy().item() - normal.entropy().item())).toBeLessThanOrEqual(4 * epsilon);
    }
  });

  test("moments that do not exist are NaN, infinite ones Infinity", () => {
    const d = new StudentT({ df: [1, 2, 3, 4], loc: 1, scale: 2 });
    expect([...d.mean().data()]).toEqual([Number.NaN, 1, 1, 1]);
    expect([...d.variance().data()]).toEqual([Number.NaN, Infinity, 12, 8]);
    expect([...d.skewness().data()]).toEqual([Number.NaN, Number.NaN, Number.NaN, 0]);
  });

  test("the slope by df keeps its digits for many degrees of freedom", () => {
    // the log density is the normal one + (z⁴ - 2 z² - 1) / (4 df) + O(df^-2)
    const slope = grad((df: Tensor) => new StudentT({ df, loc: 0, scale: 1 }).logProb(2));
    for (const df of [1e8, 1e12]) {
      expect(slope(tensor(df)).item() / (-(16 - 8 - 1) / (4 * df * df))).toBeCloseTo(1, 6);
    }
  });

  test("gradients of draws by df are implicit: -dF/d(df) / p", () => {
    const draw = (df: Tensor): Tensor => new StudentT({ df, loc: 0, scale: 1 }).sample({ seed: 3 });
    for (const df of [0.3, 2, 50]) {
      const x = draw(tensor(df)).item();
      const cdf = (by: number): number => new StudentT({ df: by, loc: 0, scale: 1 }).cdf(x).item();
      const h = 1e-4 * df;
      const slope = (8 * (cdf(df + h) - cdf(df - h)) - (cdf(df + 2 * h) - cdf(df - 2 * h))) / (12 * h);
      const exact = -slope / new StudentT({ df, loc: 0, scale: 1 }).prob(x).item();
      expect(compile(grad(draw))(tensor(df)).item() / exact).toBeCloseTo(1, 6);
    }
  });
});
