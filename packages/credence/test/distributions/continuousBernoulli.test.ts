import { grad, klDivergence, type Tensor, tensor, Uniform } from "credence";
import { ContinuousBernoulli } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";

describeDistribution("ContinuousBernoulli", {
  build: ({ probs }) => new ContinuousBernoulli({ probs: probs! }),
  params: {
    even: { probs: 0.5 },
    "in a batch [2, 3]": {
      probs: [
        [0.01, 0.3, 0.5000001],
        [0.7, 0.95, 1e-3],
      ],
    },
  },
  domain: { probs: { from: 0, to: 1 } },
  values: [0.125, 0.6],
  invalid: [{ probs: 1.5 }, { probs: [0.5, -1] }],
});

describeDistribution("ContinuousBernoulli by logits", {
  build: ({ logits }) => new ContinuousBernoulli({ logits: logits! }),
  params: { "in a batch [5]": { logits: [-40, -0.9, 1e-9, 1.1, 300] } },
  domain: { logits: "real" },
  values: [0.125, 0.6],
  invalid: [{ logits: Number.NaN }],
});

describe("ContinuousBernoulli", () => {
  test("at 1/2 it is uniform, exactly", () => {
    const d = new ContinuousBernoulli({ probs: 0.5 });
    expect([...d.logProb([0, 0.2, 1]).data()].map((x) => x + 0)).toEqual([0, 0, 0]);
    expect([d.mean().item(), d.entropy().item() + 0, d.skewness().item() + 0]).toEqual([0.5, 0, 0]);
    expect(d.variance().item()).toBeCloseTo(1 / 12, 16);
    expect(d.quantile([0, 0.3, 1]).data()).toEqual(new Float64Array([0, 0.3, 1]));
  });

  test("its mean moves at 1/2 by a third of what probs do", () => {
    const mean = (probs: Tensor): Tensor => new ContinuousBernoulli({ probs }).mean();
    expect(grad(mean)(tensor(0.5)).item()).toBeCloseTo(1 / 3, 14); // 1/12 of the logit
  });

  test("neither and both parameters are refused", () => {
    expectCode("argument", () => new ContinuousBernoulli({} as { probs: number }));
    expectCode("argument", () => new ContinuousBernoulli({ probs: 0.5, logits: 0 } as unknown as { probs: number }));
  });

  test("skewness is that of its density", () => {
    // mpmath, of exp(-3 x) on [0, 1]
    expect(new ContinuousBernoulli({ logits: -3 }).skewness().item()).toBeCloseTo(0.993456672060953, 14);
    expect(new ContinuousBernoulli({ logits: 3 }).skewness().item()).toBeCloseTo(-0.993456672060953, 14);
  });

  test("divergences from and to the uniform law are finite", () => {
    const [d, uniform] = [new ContinuousBernoulli({ probs: 0.3 }), new Uniform({ low: 0, high: 1 })];
    expect(klDivergence(d, uniform).item()).toBeCloseTo(-d.entropy().item(), 15);
    expect(klDivergence(d, new Uniform({ low: -1, high: 1 })).item()).toBeCloseTo(Math.LN2 - d.entropy().item(), 15);
    expect(klDivergence(uniform, d).item()).toBeCloseTo(-d.logProb(0.5).item(), 15);
    expect(klDivergence(d, new Uniform({ low: 0.1, high: 1 })).item()).toBe(Number.POSITIVE_INFINITY);
  });

  test("divergences of nearly equal laws, and of laws far apart", () => {
    // mpmath, 60 digits
    const references = [
      [0.1, 0.1000000009, 3.373313103428483e-20],
      [-30.0, -30.000001, 5.555555443052624e-16],
      [2.0, 50.0, 13.413690781016706],
      [50.0, 2.0, 2.1134623669993418],
      [-1.0, 0.5, 0.09203525668382827],
      [200.0, -200.0, 198.0],
    ] as const;
    for (const [a, b, exact] of references) {
      const [p, q] = [new ContinuousBernoulli({ logits: a }), new ContinuousBernoulli({ logits: b })];
      expect(klDivergence(p, q).item() / exact).toBeCloseTo(1, 12);
    }
  });
});
