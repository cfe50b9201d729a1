import { compile, grad, type Tensor, tensor } from "credence";
import { Beta, FisherSnedecor } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("FisherSnedecor", {
  build: ({ df1, df2 }) => new FisherSnedecor({ df1: df1!, df2: df2! }),
  params: { standard: { df1: 3, df2: 14 }, "in a batch [2, 3]": { df1: [0.8, 2, 60], df2: [[3], [20]] } },
  domain: { df1: "positive", df2: "positive" },
  values: [0.1, 1, 20],
  invalid: [
    { df1: 0, df2: 1 },
    { df1: 1, df2: [1, -1] },
  ],
});

const close = (found: Tensor, exact: readonly number[], digits = 13): void => {
  const numbers = found.data();
  exact.forEach((value, i) => {
    expect(Math.abs(numbers[i]! / value - 1)).toBeLessThan(10 ** -digits);
  });
};

describe("FisherSnedecor", () => {
  test("values", () => {
    const d = new FisherSnedecor({ df1: 3, df2: 7 });
    // mpmath 1.3, 40 digits: the beta density at y, and betainc
    close(d.logProb([0.1, 1, 20]), [-0.5341978669368724, -0.9564590446383507, -8.969130539845956]);
    close(d.cdf([0.1, 1, 20]), [0.04252932018190325, 0.5529203865315164, 0.9991774207533926]);
    close(d.survival([0.1, 1, 20]), [0.9574706798180967, 0.4470796134684836, 0.0008225792466075145]);
    // SciPy 1.10: f.ppf([0.01, 0.5, 0.99], 3, 7), f.entropy(3, 7), f.stats(5, 12, "mvs")
    close(d.quantile([0.01, 0.5, 0.99]), [0.036138008940924816, 0.8709442531872845, 8.451285053079985], 9);
    close(d.entropy(), [1.2975738670236565], 8);
    const other = new FisherSnedecor({ df1: 5, df2: 12 });
    close(
      tensor([other.mean().item(), other.variance().item(), other.skewness().item()]),
      [1.2, 1.08, 3.079201435678005],
    );
  });

  test("large degrees of freedom keep their digits", () => {
    // mpmath 1.3, 40 digits
    close(new FisherSnedecor({ df1: 1e9, df2: 3e9 }).logProb(1.00001), [8.933519914880883], 9);
  });

  test("y = df1 x / (df1 x + df2) has a beta distribution", () => {
    const [d, y] = [new FisherSnedecor({ df1: 3, df2: 7 }), new Beta({ concentration1: 1.5, concentration0: 3.5 })];
    for (const x of [1e-10, 0.3, 2, 500]) {
      close(d.logSurvival(x), [y.logSurvival((3 * x) / (3 * x + 7)).item()], 12);
    }
  });

  test("at 0 the density has the limit of its power", () => {
    const d = new FisherSnedecor({ df1: [1, 2, 3], df2: 5 });
    expect([...d.logProb([0, 0, 0]).data()]).toEqual([Infinity, 0, -Infinity]);
  });

  test("moments beyond the denominator's power are infinite, and the skewness does not exist", () => {
    const d = new FisherSnedecor({ df1: 3, df2: [2, 4, 6, 8] });
    expect([...d.mean().isFinite().data()]).toEqual([0, 1, 1, 1]);
    expect([...d.variance().isFinite().data()]).toEqual([0, 0, 1, 1]);
    expect([...d.skewness().data()].map(Number.isNaN)).toEqual([true, true, true, false]);
  });

  test("gradients of draws are implicit: -dF/dθ / p", () => {
    const draw = (df1: Tensor): Tensor => new FisherSnedecor({ df1, df2: 6 }).sample({ seed: 3 });
    const x = draw(tensor(5)).item();
    const cdf = (df1: number): number => new FisherSnedecor({ df1, df2: 6 }).cdf(x).item();
    const h = 1e-3;
    const slope = (8 * (cdf(5 + h) - cdf(5 - h)) - (cdf(5 + 2 * h) - cdf(5 - 2 * h))) / (12 * h);
    const exact = -slope / new FisherSnedecor({ df1: 5, df2: 6 }).prob(x).item();
    expect(compile(grad(draw))(tensor(5)).item() / exact).toBeCloseTo(1, 6);
  });
});
