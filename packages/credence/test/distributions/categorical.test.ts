import { compile, grad, klDivergence, type Nested, type Tensor, tensor } from "credence";
import { Categorical } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { expectGradient, expectSecondGradient } from "../support/finiteDifference.js";
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

  test("inventory row 22: 2^24 categories, each as it should be", () => {
    const k = 2 ** 24;
    const weights = new Float32Array(k);
    weights[0] = 1;
    weights[k - 1] = 3;
    const many = new Categorical({ probs: weights });
    const draws = many.sample({ seed: 8, shape: [400] }).data();
    expect(new Set(draws)).toEqual(new Set([0, k - 1]));
    expect(Math.abs(draws.filter((x) => x === 0).length - 100)).toBeLessThan(6.2 * Math.sqrt(75));
    // of equal weights every category is met alike: halves of the range, and odd numbers
    const even = new Categorical({ probs: new Float32Array(k).fill(1) }).sample({ seed: 9, shape: [10_000] }).data();
    for (const isOne of [(x: number) => x < k / 2, (x: number) => x % 2 === 1, (x: number) => x % 1024 < 512])
      expect(Math.abs(even.filter(isOne).length - 5000)).toBeLessThan(6.2 * 50);
  });

  test.each([3, 90, 300])("draws of %i categories follow their weights, in rows of a batch too", (k) => {
    const logits = Float64Array.from({ length: 2 * k }, (_, i) =>
      i % 7 === 0 ? Number.NEGATIVE_INFINITY : Math.sin(i),
    );
    const rows = new Categorical({ logits: tensor(logits, { shape: [2, k] }) });
    const draws = rows.sample({ seed: 3, shape: [40_000] }).data();
    const single = new Categorical({ logits: logits.slice(0, k) }).sample({ seed: 3, shape: [40_000] }).data();
    const columns = [draws.filter((_, i) => i % 2 === 0), draws.filter((_, i) => i % 2 === 1), single];
    columns.forEach((column, i) => {
      const probs = rows.probs.data().slice((i % 2) * k, (i % 2) * k + k);
      const counts = new Float64Array(k);
      for (const x of column) counts[x] = counts[x]! + 1;
      for (const [x, p] of probs.entries()) {
        if (p === 0) expect(counts[x]).toBe(0);
        // by chance once in 10^9 a category, by Bernstein's inequality
        else expect(Math.abs(counts[x]! - 40_000 * p)).toBeLessThan(14 + 6.5 * Math.sqrt(40_000 * p));
      }
    });
  });

  test("inventory row 23: NaN logits that are not known give no category", () => {
    const draw = compile((logits: Tensor) => {
      const law = new Categorical({ logits });
      return { draws: law.sample({ seed: 1, shape: [4] }), mode: law.mode(), logProb: law.logProb(0) };
    });
    const { draws, mode, logProb } = draw(
      tensor([
        [0, Number.NaN, 1],
        [0, -Infinity, -Infinity],
      ]),
    );
    expect(draws.toArray()).toEqual([1, 2, 3, 4].map(() => [-1, 0]));
    expect(mode.toArray()).toEqual([-1, 0]);
    expect(logProb.toArray()).toEqual([Number.NaN, 0]);
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

describe("KL divergence of categorical distributions", () => {
  const a = [
    [0.25, 0.1, 0.65],
    [0.8, 0.15, 0.05],
  ];
  const b = [
    [0.7, 0.2, 0.1],
    [0.15, 0.8, 0.05],
  ];
  const kl = (p: Nested, q: Nested): number | Nested =>
    klDivergence(new Categorical({ probs: p }), new Categorical({ probs: q })).toArray();
  const logs = (probs: number[][]): Categorical => new Categorical({ logits: tensor(probs).log().add(7) });

  // the numbers of the question that keras.losses.kullback_leibler_divergence answered
  test("two batches", () => {
    const expected = [expect.closeTo(0.88995184, 8), expect.closeTo(1.08808468, 8)];
    expect(kl(a, b)).toEqual(expected);
    expect(klDivergence(logs(a), logs(b)).toArray()).toEqual(expected);
    expect(klDivergence(logs(a), new Categorical({ probs: b })).toArray()).toEqual(expected);
  });

  test("a zero in p adds nothing, a zero in q alone makes it infinite", () => {
    const zero = [0.8, 0.2, 0];
    const expected = 0.8 * Math.log(0.8 / 0.15) + 0.2 * Math.log(0.2 / 0.8);
    expect(kl(zero, b[1]!)).toBeCloseTo(expected, 14);
    expect(klDivergence(logs([zero]), logs([b[1]!])).data()[0]).toBeCloseTo(expected, 14);
    expect(kl(a, zero)).toEqual([Infinity, Infinity]);
    expect(kl(zero, zero)).toBe(0);
    expect(klDivergence(logs([zero]), logs([zero])).data()[0]).toBe(0);
    expect(() =>
      klDivergence(new Categorical({ probs: a }), new Categorical({ probs: [b[0]!, zero] }), { allowInfinite: false }),
    ).toThrow("at index 1 of shape [2]");
  });

  test("gradients are those of the formula, finite at logits of -Infinity and the limit at probabilities of 0", () => {
    const p = tensor([0.2, -1, 1.5]);
    const q = tensor([0.3, -1.2, 1.1]);
    for (const by of ["logits", "probs"] as const) {
      const law = (t: Tensor): Categorical => new Categorical(by === "logits" ? { logits: t } : { probs: t.exp() });
      expectGradient(([x, y]) => klDivergence(law(x!), law(y!)).reshape([1]), [p, q]);
      expectSecondGradient(([x, y]) => klDivergence(law(x!), law(y!)).reshape([1]), [p, q]);
    }
    const ofLogits = grad((x: { p: Tensor; q: Tensor }) =>
      klDivergence(new Categorical({ logits: x.p }), new Categorical({ logits: x.q })),
    );
    const slopes = ofLogits({ p: tensor([0, -Infinity, 1]), q: tensor([1, -Infinity, 0.5]) });
    expect([...slopes.p.data(), ...slopes.q.data()].every(Number.isFinite)).toBe(true);
    const ofProbs = grad((x: { p: Tensor; q: Tensor }) =>
      klDivergence(new Categorical({ probs: x.p }), new Categorical({ probs: x.q })),
    );
    // x log x falls without limit of its slope at 0; the others have theirs
    const { p: slopeOfP } = ofProbs({ p: tensor([0, 0.5, 0.5]), q: tensor([0.2, 0.3, 0.5]) });
    const divergence = 0.5 * Math.log(0.5 / 0.3);
    expect(slopeOfP.toArray()).toEqual([
      -Infinity,
      expect.closeTo(Math.log(0.5 / 0.3) - divergence, 14),
      expect.closeTo(-divergence, 14),
    ]);
  });

  test("as many categories in both", () => {
    expectCode("shape", () => klDivergence(new Categorical({ probs: [1, 1] }), new Categorical({ probs: [1, 1, 1] })));
    expectCode("shape", () => klDivergence(new Categorical({ probs: [1] }), new Categorical({ probs: [1, 1, 1] })));
  });
});
