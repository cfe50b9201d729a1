import { grad, type Tensor, tensor } from "credence";
import { Categorical } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";

describeDistribution("Categorical", {
  build: ({ logits, probs }) => new Categorical(logits ? { logits } : { probs: probs! }),
  params: {
    "of logits": { logits: [0.2, -1, 3, 0] },
    "of probs in a batch": {
      probs: [
        [0.2, 0.5, 0.1],
        [3, 1, 6],
      ],
    },
    "of equal logits": { logits: [7, 7, 7] },
  },
  values: [0, 1, 2],
  lacks: ["mean", "variance", "stddev"],
  invalid: [
    { logits: [0, Number.NaN] },
    { logits: [0, Number.POSITIVE_INFINITY] },
    { probs: [0.5, -0.1] },
    { probs: [0, 0] },
  ],
});

describe("Categorical", () => {
  const d = new Categorical({ probs: [0.2, 0, 0.5, 0.3] });

  test("a weight of 0 is never drawn, has log probability -Infinity, and adds nothing to the entropy", () => {
    expect(d.logProb([0, 1, 2]).toArray()).toEqual([Math.log(0.2), Number.NEGATIVE_INFINITY, Math.log(0.5)]);
    expect([...d.sample({ seed: 1, shape: [5000] }).data()]).not.toContain(1);
    const entropy = -(0.2 * Math.log(0.2) + 0.5 * Math.log(0.5) + 0.3 * Math.log(0.3));
    expect(d.entropy().item()).toBeCloseTo(entropy, 15);
    expect(new Categorical({ logits: [0, Number.NEGATIVE_INFINITY] }).entropy().item()).toBe(0);
  });

  test("gradients stay finite at weights of 0", () => {
    const nll = (p: { probs: Tensor }): Tensor => new Categorical(p).logProb(2).neg();
    expect(grad(nll)({ probs: tensor([0.2, 0, 0.5, 0.3]) }).probs.toArray()).toEqual([1, 1, -1, 1]);
    const entropy = (p: { logits: Tensor }): Tensor => new Categorical(p).entropy();
    const slopes = grad(entropy)({ logits: tensor([1, Number.NEGATIVE_INFINITY, 2]) }).logits.data();
    expect([...slopes].every(Number.isFinite)).toBe(true);
  });

  test("the likeliest keeps its digits, from large logits and from probs near 1", () => {
    // log(1 / (1 + e^-40)) = -e^-40 (1 + ...)
    expect(new Categorical({ logits: [1000, 960] }).logProb(0).item() / -Math.exp(-40)).toBeCloseTo(1, 14);
    expect(new Categorical({ probs: [1, 1e-30] }).logProb(0).item() / -1e-30).toBeCloseTo(1, 15);
    expect(new Categorical({ probs: [5e-324, 1000] }).logProb(0).item()).toBeCloseTo(
      Math.log(5e-324) - Math.log(1000),
      12,
    );
  });

  test("distribution function and quantile by the order of the numbers", () => {
    expect(d.cdf([-1, 0, 1.5, 2, 3, 9]).toArray()).toEqual([0, 0.2, 0.2, 0.7, 1, 1]);
    expect(d.survival([-1, 2, 3]).toArray()).toEqual([1, 0.3, 0]);
    expect(d.quantile([0, 0.2, 0.21, 0.7, 0.71, 1]).toArray()).toEqual([0, 0, 2, 2, 3, 3]);
    expect(d.quantile([-0.1, 1.1, Number.NaN]).toArray()).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    const deep = new Categorical({ logits: [-2000, 0, -1000] });
    expect(deep.logCdf(0).item()).toBeCloseTo(-2000, 10); // e^-2000 is no number
    expect(deep.logSurvival(1).item()).toBeCloseTo(-1000, 10);
  });

  test("draws, whose type is int32, hit rare categories as often as they should", () => {
    const rare = new Categorical({ logits: new Float32Array([0, Math.log(1e-3)]) });
    const draws = rare.sample({ seed: 5, shape: [200_000] });
    expect(draws.dtype).toBe("int32");
    const n = draws.sum().item();
    expect(Math.abs(n - 199.8)).toBeLessThan(6.2 * Math.sqrt(199.8)); // 6.2 standard errors: once in 10^9 by chance
  });

  test("probs and logits say the same", () => {
    expect(d.probs.toArray()).toEqual([0.2, 0, 0.5, 0.3]);
    expect(new Categorical({ logits: [Math.log(2), 0] }).probs.data()[0]).toBeCloseTo(2 / 3, 15);
    expect(d.mode().item()).toBe(2);
  });

  test("one of the two, and along an axis", () => {
    expectCode("argument", () => new Categorical({} as never));
    expectCode("argument", () => new Categorical({ logits: [0], probs: [1] } as never));
    expectCode("shape", () => new Categorical({ logits: 1 }));
    expect(() => d.mean()).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: Categorical: there is no formula for mean.
        mend:    categories are labels: use mode(), or weigh your own values with probs]
    `);
    expect(
      () =>
        new Categorical({
          probs: [
            [1, 2],
            [0, 0],
          ],
        }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: Categorical: probs of shape [2, 2]: in row 1 all are 0.
        allowed: at least one weight above 0 in each row]
    `);
  });
});
