import { grad, klDivergence, type Tensor, tensor } from "credence";
import { Beta, Binomial, Categorical, DirichletMultinomial, Multinomial } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { dkw, STANDARD_ERRORS } from "../support/bounds.js";
import { describeDistribution, expectCode } from "../support/laws.js";

const noOrder = ["cdf", "survival", "quantile", "logCdf", "logSurvival", "mode", "entropy"] as const;

describeDistribution("Multinomial", {
  build: ({ totalCount, logits, probs }) =>
    new Multinomial(logits ? { totalCount: totalCount!, logits } : { totalCount: totalCount!, probs: probs! }),
  params: {
    "of logits": { totalCount: 7, logits: [0.2, -1, 1] },
    "of probs in a batch": {
      totalCount: 7,
      probs: [
        [0.2, 0.5, 0.1],
        [3, 1, 6],
      ],
    },
  },
  values: [
    [7, 0, 0],
    [2, 4, 1],
  ],
  lacks: noOrder,
  whole: ["totalCount"],
  invalid: [
    { totalCount: 1.5, probs: [1, 2, 1] },
    { totalCount: 7, probs: [1, -2, 1] },
    { totalCount: 7, logits: [0, Number.NaN, 1] },
  ],
});

describeDistribution("DirichletMultinomial", {
  build: ({ totalCount, concentration }) =>
    new DirichletMultinomial({ totalCount: totalCount!, concentration: concentration! }),
  params: {
    "of three": { totalCount: 7, concentration: [0.5, 2, 1.3] },
    "in a batch": {
      totalCount: 7,
      concentration: [
        [0.2, 0.5, 0.1],
        [30, 10, 60],
      ],
    },
  },
  values: [
    [7, 0, 0],
    [2, 4, 1],
  ],
  lacks: noOrder,
  whole: ["totalCount"],
  invalid: [
    { totalCount: -1, concentration: [1, 2, 1] },
    { totalCount: 7, concentration: [1, 0, 1] },
  ],
});

/** All counts of n trials over k categories. */
function allCounts(n: number, k: number): number[][] {
  if (k === 1) return [[n]];
  return Array.from({ length: n + 1 }, (_, x) => allCounts(n - x, k - 1).map((rest) => [x, ...rest])).flat();
}

const laws = {
  Multinomial: new Multinomial({ totalCount: 6, probs: [0.1, 0, 0.6, 0.3] }),
  DirichletMultinomial: new DirichletMultinomial({ totalCount: 6, concentration: [0.4, 1e-3, 2, 5] }),
};

describe.each(Object.entries(laws))("%s", (_, d) => {
  const all = allCounts(6, 4);
  const probs = [...d.prob(tensor(all)).data()];

  test("probabilities add up, and draws follow them", () => {
    expect(probs.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 13);
    const n = 20_000;
    const index = new Map(all.map((counts, i) => [counts.join(), i]));
    const met = new Float64Array(all.length);
    for (const counts of d.sample({ seed: 3, shape: [n] }).toArray() as number[][]) {
      const at = index.get(counts.join())!;
      met[at] = met[at]! + 1;
    }
    let [seen, expected] = [0, 0];
    probs.forEach((p, i) => {
      if (p === 0) expect(met[i]).toBe(0);
      seen += met[i]! / n;
      expected += p;
      expect(Math.abs(seen - expected)).toBeLessThan(dkw(n));
    });
  });

  test("outside: another sum, a fraction, a negative number", () => {
    const x = tensor([
      [6, 0, 0, 1],
      [5.5, 0, 0.5, 0],
      [7, 0, 0, -1],
      [Number.NaN, 0, 3, 3],
    ]);
    expect(d.logProb(x).toArray()).toEqual([-Infinity, -Infinity, -Infinity, Number.NaN]);
    expect(d.support.contains(x).toArray()).toEqual([0, 0, 0, 0]);
  });
});

describe("Multinomial", () => {
  test("of two categories it is binomial, of none of the trials certain", () => {
    const x = [0, 3, 9];
    const d = new Multinomial({ totalCount: 9, probs: [0.3, 0.7] });
    const law = new Binomial({ totalCount: 9, probs: 0.3 });
    expect(d.logProb(x.map((k) => [k, 9 - k])).toArray()).toEqual(
      x.map((k) => expect.closeTo(law.logProb(k).item(), 13)),
    );
    expect(new Multinomial({ totalCount: 0, probs: [1, 2] }).logProb([0, 0]).item()).toBe(0);
    expect(new Multinomial({ totalCount: 5, probs: [2] }).sample({ seed: 1 }).toArray()).toEqual([5]);
  });

  test("many trials over many categories, each count as it should be", () => {
    const k = 300;
    const weights = Float64Array.from({ length: k }, (_, i) => (i % 10 === 0 ? 0 : 1 + (i % 7)));
    const d = new Multinomial({ totalCount: 1e12, probs: weights });
    const counts = [...d.sample({ seed: 5 }).data()];
    expect(counts.reduce((a, b) => a + b, 0)).toBe(1e12);
    const [means, variances] = [d.mean().data(), d.variance().data()];
    counts.forEach((x, i) => {
      expect(Math.abs(x - means[i]!)).toBeLessThanOrEqual(STANDARD_ERRORS * 1.1 * Math.sqrt(variances[i]!));
    });
  });

  test("from logits never through probabilities that underflow", () => {
    const d = new Multinomial({ totalCount: 2, logits: [0, -1000] });
    expect(d.logProb([1, 1]).item()).toBeCloseTo(Math.LN2 - 1000, 10);
    const slope = grad((logits: Tensor) => new Multinomial({ totalCount: 2, logits }).logProb([1, 1]))(
      tensor([0, -1000]),
    );
    expect(slope.toArray()).toEqual([-1, 1]);
  });

  test("its divergence is that of one trial, so many times", () => {
    const [p, q] = [
      [0.25, 0.1, 0.65],
      [0.7, 0.2, 0.1],
    ];
    const law = (probs: number[], totalCount: number) => new Multinomial({ totalCount, probs });
    const one = klDivergence(new Categorical({ probs: p }), new Categorical({ probs: q })).item();
    expect(klDivergence(law(p, 5), law(q, 5)).item()).toBeCloseTo(5 * one, 14);
    expect(klDivergence(law(p, 5), law(q, 6)).item()).toBe(Infinity);
    expect(klDivergence(law(p, 0), law([1, 0, 0], 0)).item()).toBe(0);
    expectCode("shape", () => klDivergence(law(p, 5), law([1, 1], 5)));
  });
});

describe("DirichletMultinomial", () => {
  test("of two categories with a flat law all counts are alike", () => {
    const d = new DirichletMultinomial({ totalCount: 4, concentration: [1, 1] });
    for (let x = 0; x <= 4; x++) expect(d.logProb([x, 4 - x]).item()).toBeCloseTo(-Math.log(5), 14);
    expect(new Beta({ concentration1: 1, concentration0: 1 }).mean().item() * 4).toBe(d.mean().data()[0]);
  });

  test("tiny concentrations: nearly always all trials fall on one category", () => {
    const d = new DirichletMultinomial({ totalCount: 50, concentration: [1e-4, 1e-4, 2e-4] });
    const draws = d.sample({ seed: 6, shape: [2000] });
    expect(draws.max(-1).eq(50).sum().item()).toBeGreaterThan(1950);
    expect([...draws.sum(-1).data()].every((n) => n === 50)).toBe(true);
    expect(d.logProb([50, 0, 0]).item()).toBeCloseTo(Math.log(0.25), 2);
  });
});
