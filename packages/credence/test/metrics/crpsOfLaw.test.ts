import { Categorical, Cauchy, Exponential, Laplace, Normal } from "credence/distributions";
import { crps, crpsNormalMixture } from "credence/metrics";
import { describe, expect, test } from "vitest";
import { expectCode } from "../support/laws.js";

const ys = [-30, -2, 0, 0.3, 1, 4, 80];
const batch = (value: number) => new Float64Array(ys.length).fill(value);

function expectClose(found: ArrayLike<number>, expected: readonly number[], relative = 1e-9): void {
  expected.forEach((value, i) => {
    expect(Math.abs((found[i] as number) / value - 1), `at ${i}: ${found[i]} and ${value}`).toBeLessThan(relative);
  });
}

describe("crps of laws of numbers", () => {
  test("of a normal is its closed form", () => {
    const one = (value: number) => ys.map(() => [value]);
    const exact = crpsNormalMixture({ weights: one(1), loc: one(0.5), scale: one(1.5) }, ys);
    expectClose(crps(new Normal({ loc: batch(0.5), scale: 1.5 }), ys), Array.from(exact));
  });

  test("of a Laplace and an exponential law are their closed forms", () => {
    // Jordan, Krüger and Lerch, Evaluating probabilistic forecasts with scoringRules (2019), appendix A
    const laplace = ys.map((y) => Math.abs(y) + Math.exp(-Math.abs(y)) - 3 / 4);
    expectClose(crps(new Laplace({ loc: batch(0), scale: 1 }), ys), laplace);
    const rate = 0.7;
    const exponential = ys.map(
      (y) => Math.abs(y) - (2 / rate) * (y > 0 ? 1 - Math.exp(-rate * y) : 0) + 1 / (2 * rate),
    );
    expectClose(crps(new Exponential({ rate: batch(rate) }), ys), exponential);
  });

  test("is finite where there is no mean", () => {
    // ∫ (F - 1{x >= 0})² dx of the standard Cauchy: 2 ∫_0^∞ (atan(1 / x) / π)² dx = 2 log 2 / π
    const [at0] = crps(new Cauchy({ loc: [0], scale: 1 }), [0]);
    expect(at0).toBeCloseTo((2 * Math.LN2) / Math.PI, 5);
  });
});

describe("crps of laws of whole numbers", () => {
  test("is the sum of squares of what the cdf is off by", () => {
    const law = new Categorical({ probs: [0.1, 0.2, 0.3, 0.4] });
    const sums = [0.9 ** 2 + 0.7 ** 2 + 0.4 ** 2, 0.1 ** 2 + 0.7 ** 2 + 0.4 ** 2, 0.1 ** 2 + 0.3 ** 2 + 0.4 ** 2];
    const laws = new Categorical({ probs: [0, 1, 2].map(() => Array.from(law.probs.data())) });
    expectClose(crps(laws, [0, 1, 2]), sums, 1e-14);
  });

  test("of many numbers is near to that of the law between them", () => {
    // 4000 equally likely numbers: uniform on [0, n), of which the CRPS at the middle is n / 12
    const n = 4000;
    const even = new Categorical({ logits: [Array.from(new Float64Array(n))] });
    const [found] = crps(even, [n / 2]);
    expect(Math.abs((found as number) / (n / 12) - 1)).toBeLessThan(1e-3);
  });
});

test("shapes that do not belong together are refused", () => {
  expectCode("shape", () => crps(new Normal({ loc: [0, 1], scale: 1 }), [1, 2, 3]));
  expectCode("shape", () => crps(new Normal({ loc: 0, scale: 1 }), [1]));
});
