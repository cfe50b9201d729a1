import { compile, grad, klDivergence, type Tensor, tensor } from "credence";
import { Beta, Uniform } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("Beta", {
  build: ({ concentration1, concentration0 }) =>
    new Beta({ concentration1: concentration1!, concentration0: concentration0! }),
  params: {
    standard: { concentration1: 2, concentration0: 5 },
    "in a batch [2, 3]": { concentration1: [0.4, 1, 30], concentration0: [[1.5], [12]] },
  },
  domain: { concentration1: "positive", concentration0: "positive" },
  values: [0.1, 0.4, 0.9],
  invalid: [
    { concentration1: 0, concentration0: 1 },
    { concentration1: 1, concentration0: [1, -1] },
  ],
});

describe("Beta", () => {
  test("of concentrations 1 is uniform, to the bit", () => {
    const [d, other] = [new Beta({ concentration1: 1, concentration0: 1 }), new Uniform({ low: 0, high: 1 })];
    for (const x of [0, 0.2, 0.5, 0.9]) expect(d.logProb(x).item()).toBe(0);
    expect(d.entropy().item()).toBe(0);
    for (const p of [0.01, 0.5, 0.8]) expect(d.quantile(p).item()).toBeCloseTo(other.quantile(p).item(), 15);
  });

  test("at 0 and 1 the density has the limit of its power", () => {
    const d = new Beta({ concentration1: [0.5, 1, 3], concentration0: [2, 3, 0.5] });
    const atZero = d.logProb([0, 0, 0]).data();
    expect([atZero[0], atZero[2]]).toEqual([Infinity, -Infinity]);
    expect(atZero[1]).toBeCloseTo(Math.log(3), 15);
    expect([...d.logProb([1, 1, 1]).data()]).toEqual([-Infinity, -Infinity, Infinity]);
  });

  // mpmath 1.3, 50 digits: log(x^(a-1) (1-x)^(b-1) / beta(a, b))
  test("large concentrations keep their digits", () => {
    const d = new Beta({ concentration1: 1e10, concentration0: 3e10 });
    expect(d.logProb(0.25).item()).toBeCloseTo(12.12412232910231, 12);
  });

  test("entropy about the uniform law is of second order", () => {
    // -(π²/6 - 1/2) e² for concentrations 1 + e and 1 - e: -e² trigamma(1)
    for (const e of [2 ** -20, 2 ** -30]) {
      const d = new Beta({ concentration1: 1 + e, concentration0: 1 - e });
      expect(d.entropy().item() / (-(e ** 2) * (Math.PI ** 2 / 6))).toBeCloseTo(1, 5);
    }
  });

  test("quantiles of tiny concentrations are at the ends", () => {
    const d = new Beta({ concentration1: 1e-5, concentration0: 1e-5 });
    expect([...d.quantile([0.1, 0.4, 0.6, 0.9]).data()]).toEqual([0, 0, 1, 1]);
  });

  test("the divergence of equal laws is 0, of nearly equal ones of second order", () => {
    const [a, b] = [3e6, 5e6];
    const p = new Beta({ concentration1: a, concentration0: b });
    expect(klDivergence(p, p).item()).toBe(0);
    // both stretched alike: e² / 4 to the leading order, where the mean stays as it is
    const e = 2 ** -20;
    const q = new Beta({ concentration1: a * (1 + e), concentration0: b * (1 + e) });
    expect(klDivergence(p, q).item() / (e ** 2 / 4)).toBeCloseTo(1, 5);
  });

  test("gradients of draws are implicit: -dF/dθ / p", () => {
    for (const [a, b] of [
      [0.3, 0.8],
      [2, 3],
      [40, 5],
    ] as const) {
      const draw = (one: Tensor): Tensor => new Beta({ concentration1: one, concentration0: b }).sample({ seed: 3 });
      const x = draw(tensor(a)).item();
      const cdf = (by: number): number => new Beta({ concentration1: by, concentration0: b }).cdf(x).item();
      const h = 1e-4 * a;
      const slope = (8 * (cdf(a + h) - cdf(a - h)) - (cdf(a + 2 * h) - cdf(a - 2 * h))) / (12 * h);
      const exact = -slope / new Beta({ concentration1: a, concentration0: b }).prob(x).item();
      expect(compile(grad(draw))(tensor(a)).item() / exact).toBeCloseTo(1, 6);
    }
  });
});
