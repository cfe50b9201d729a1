import { grad, type Tensor, tensor } from "credence";
import {
  Bernoulli,
  BetaBinomial,
  Binomial,
  type ChanceParams,
  type Distribution,
  Geometric,
  NegativeBinomial,
  Poisson,
  Skellam,
} from "credence/distributions";
import { describe, expect, test } from "vitest";
import { chiSquareBound } from "../support/bounds.js";
import { describeDistribution, expectCode } from "../support/laws.js";

const chance = ({ probs, logits }: Record<string, Tensor>): ChanceParams => (probs ? { probs } : { logits: logits! });

describeDistribution("Bernoulli", {
  build: (p) => new Bernoulli(chance(p)),
  params: {
    "of probs in a batch": {
      probs: [
        [0.2, 0.5],
        [0.9, 0.003],
      ],
    },
    "of logits": { logits: [-3, 0.4, 4] },
  },
  domain: { probs: "unit" },
  values: [0, 1],
  invalid: [{ probs: -0.1 }, { probs: [0.5, 1.5] }, { logits: Number.POSITIVE_INFINITY }],
});

describeDistribution("Bernoulli, by logits", {
  build: (p) => new Bernoulli(chance(p)),
  params: {},
  domain: { logits: "real" },
  values: [0, 1],
});

describeDistribution("Geometric", {
  build: (p) => new Geometric(chance(p)),
  params: {
    "of probs in a batch": {
      probs: [
        [0.3, 0.99],
        [0.05, 0.5],
      ],
    },
    "of logits": { logits: [-1, 0.4, 5] },
  },
  domain: { probs: { from: 1e-30, to: 1 } },
  values: [0, 1, 7],
  invalid: [{ probs: 0 }, { probs: [0.5, 1.5] }],
});

describeDistribution("Geometric, by logits", {
  build: (p) => new Geometric(chance(p)),
  params: {},
  domain: { logits: "real" },
  values: [0, 1],
});

describeDistribution("Poisson", {
  build: ({ rate, logRate }) => new Poisson(rate ? { rate } : { logRate: logRate! }),
  params: {
    "of rates in a batch": {
      rate: [
        [0.01, 1.3],
        [7.5, 40],
      ],
    },
    "of logarithms": { logRate: [-2, 0.1, 5] },
    large: { rate: 5000 },
  },
  domain: { rate: "positive" },
  values: [0, 1, 7],
  invalid: [{ rate: -1 }, { rate: [1, Number.POSITIVE_INFINITY] }],
});

describeDistribution("Binomial", {
  build: (p) => new Binomial({ ...chance(p), totalCount: p.totalCount! }),
  params: {
    "in a batch": { totalCount: [5, 60], probs: [[0.3], [0.97]] },
    "of logits": { totalCount: 12, logits: [-2, 0.1, 5] },
    "of many trials": { totalCount: 100_000, probs: [0.4, 0.001] },
  },
  domain: { totalCount: "count", probs: "unit" },
  whole: ["totalCount"],
  values: [0, 1, 5],
  invalid: [
    { totalCount: 2.5, probs: 0.5 },
    { totalCount: -1, probs: 0.5 },
    { totalCount: 3, probs: 1.5 },
  ],
});

describeDistribution("NegativeBinomial", {
  build: (p) => new NegativeBinomial({ ...chance(p), totalCount: p.totalCount! }),
  params: {
    "in a batch": { totalCount: [0.3, 8], probs: [[0.3], [0.9]] },
    "of logits": { totalCount: 2.5, logits: [-2, 0.1, 3] },
    "of a large count": { totalCount: 400, probs: [0.01, 0.9] },
  },
  domain: { totalCount: "positive", probs: { from: 0, to: 1 } },
  values: [0, 1, 7],
  invalid: [
    { totalCount: 0, probs: 0.5 },
    { totalCount: 3, probs: 1 },
  ],
});

describeDistribution("BetaBinomial", {
  // a fixed number of trials for the search over concentrations
  build: ({ totalCount = tensor(20), concentration1, concentration0 }) =>
    new BetaBinomial({ totalCount, concentration1: concentration1!, concentration0: concentration0! }),
  params: {
    "in a batch": { totalCount: [5, 60], concentration1: [[0.3], [4]], concentration0: [[0.2], [7]] },
    concentrated: { totalCount: 30, concentration1: 1e7, concentration0: 3e6 },
  },
  domain: { concentration1: "positive", concentration0: "positive" },
  values: [0, 1, 5],
  invalid: [
    { totalCount: 2.5, concentration1: 1, concentration0: 1 },
    { totalCount: 3, concentration1: 0, concentration0: 1 },
  ],
  whole: ["totalCount"],
});

describeDistribution("Skellam", {
  build: ({ rate1, rate2 }) => new Skellam({ rate1: rate1!, rate2: rate2! }),
  params: {
    small: { rate1: 0.2, rate2: 1.5 },
    "in a batch": { rate1: [6, 900], rate2: [0.01, 400] },
  },
  values: [-3, 0, 2],
  invalid: [{ rate1: 0, rate2: 1 }],
});

/** Numbers with 0 for -0. */
const plain = (t: Tensor): number[] => Array.from(t.data(), (x) => x + 0);

describe("a chance is given one way", () => {
  test("neither or both are refused", () => {
    expectCode("argument", () => new Bernoulli({} as never));
    expectCode("argument", () => new Geometric({ probs: 0.5, logits: 0 } as never));
    expectCode("argument", () => new Poisson({} as never));
    expectCode("argument", () => new Poisson({ rate: 1, logRate: 0 } as never));
  });

  test("both ways say the same", () => {
    const p = [1e-6, 0.3, 0.5, 0.8];
    const logits = new Bernoulli({ probs: p }).logits;
    for (const Family of [Bernoulli, Geometric]) {
      const [a, b] = [new Family({ probs: p }), new Family({ logits })];
      for (const method of ["mean", "variance", "skewness", "entropy"] as const) {
        const other = b[method]().data();
        a[method]()
          .data()
          .forEach((x, i) => void expect(Math.abs(x - other[i]!)).toBeLessThan(1e-13 * (1 + Math.abs(x))));
      }
    }
  });
});

describe("Bernoulli", () => {
  test("certain outcomes", () => {
    const d = new Bernoulli({ probs: [0, 1] });
    expect(plain(d.logProb([0, 1]))).toEqual([0, 0]);
    expect(d.logProb([1, 0]).toArray()).toEqual([-Infinity, -Infinity]);
    expect(plain(d.entropy())).toEqual([0, 0]);
    expect(
      d
        .sample({ seed: 1, shape: [1000] })
        .mean(0)
        .toArray(),
    ).toEqual([0, 1]);
    expect(d.quantile(0.5).toArray()).toEqual([0, 1]);
  });

  test("row 4: logits of any size give no NaN, nor do their gradients", () => {
    const loss = (p: { logits: Tensor }): Tensor =>
      new Bernoulli(p).logProb([1, 0]).sum().add(new Bernoulli(p).entropy().sum());
    const logits = tensor([-1e5, 1e5]);
    expect(new Bernoulli({ logits }).logProb([1, 0]).toArray()).toEqual([-1e5, -1e5]);
    expect(grad(loss)({ logits }).logits.toArray()).toEqual([1, -1]);
  });
});

describe("Geometric", () => {
  test("a certain success comes at once", () => {
    const d = new Geometric({ probs: 1 });
    expect(d.logProb([0, 1]).toArray()).toEqual([0, -Infinity]);
    expect(plain(d.cdf([-1, 0]))).toEqual([0, 1]);
    expect(d.quantile([0, 0.3, 1]).toArray()).toEqual([0, 0, 0]);
    expect([d.mean().item(), d.variance().item(), Math.abs(d.entropy().item())]).toEqual([0, 0, 0]);
    expect(d.sample({ seed: 1 }).item() + 0).toBe(0);
  });

  test("a level that steps of the cdf resolve better than 1 - cdf is inverted by the survival function", () => {
    // mpmath: cdf(406) falls short of the level by 3e-17
    expect(new Geometric({ probs: 0.08033066813752247 }).quantile(0.9999999999999984).item()).toBe(407);
  });
});

describe("Poisson", () => {
  test("a rate of 0 is a law at 0, with its gradient", () => {
    const d = new Poisson({ rate: 0 });
    expect(plain(d.logProb([0, 1]))).toEqual([0, -Infinity]);
    expect(d.cdf([-1, 0, 3]).toArray()).toEqual([0, 1, 1]);
    expect(d.quantile([0, 0.5, 1]).toArray()).toEqual([0, 0, 0]);
    expect([d.entropy().item(), d.sample({ seed: 3 }).item()]).toEqual([0, 0]);
    const slope = grad((p: { rate: Tensor }) => new Poisson(p).logProb([0, 0]).sum())({ rate: tensor([0, 2]) });
    expect(slope.rate.toArray()).toEqual([-1, -1]);
  });

  test("row 12: large rates keep their digits, in float32 too", () => {
    // mpmath: 1e6 log(1e6) - 1e6 - loggamma(1e6 + 1)
    expect(new Poisson({ rate: 1e6 }).logProb(1e6).item()).toBeCloseTo(-7.826693895520143, 13);
    expect(new Poisson({ rate: new Float32Array([1e6]) }).logProb([1e6]).item()).toBeCloseTo(-7.826693895520143, 5);
  });

  test("a rate that underflows keeps the logarithm that it was given by", () => {
    expect(new Poisson({ logRate: -1e5 }).logProb(2).item()).toBeCloseTo(-2e5 - Math.LN2, 9);
  });

  test("tails beyond the range of numbers have logarithms", () => {
    const d = new Poisson({ rate: 1000 });
    // mpmath: log(gammainc(1, 1000, inf, regularized=True)) and log(gammainc(5001, 0, 1000, regularized=True))
    expect(d.logCdf(0).item()).toBe(-1000);
    expect(d.logSurvival(5000).item()).toBeCloseTo(-4053.753720739364, 8);
  });

  test.each([
    ["float64", 1e-3],
    ["float64", 0.7],
    ["float64", 9.99],
    ["float64", 10.01],
    ["float64", 400],
    ["float64", 1e6],
    ["float32", 1e-3],
    ["float32", 0.7],
    ["float32", 9.99],
    ["float32", 10.01],
    ["float32", 400],
    ["float32", 1e5],
  ] as const)(
    "%s draws of rate %d have the probabilities of their classes (chi-square, false alarm 1e-9)",
    (dtype, rate) => {
      const d = new Poisson({ rate: tensor(rate, { dtype }) });
      const draws = d.sample({ seed: 5, shape: [200_000] }).data();
      expect(classesHold(draws, new Poisson({ rate }))).toBeLessThan(1);
    },
  );
});

describe("Binomial", () => {
  test("certain outcomes and no trials", () => {
    const d = new Binomial({ totalCount: 5, probs: [0, 1] });
    expect(plain(d.logProb([0, 5]))).toEqual([0, 0]);
    expect(plain(d.logProb([1, 4]))).toEqual([-Infinity, -Infinity]);
    expect(plain(d.quantile(0.5))).toEqual([0, 5]);
    expect(plain(d.entropy())).toEqual([0, 0]);
    expect(plain(d.sample({ seed: 1, shape: [100] }).mean(0))).toEqual([0, 5]);
    const none = new Binomial({ totalCount: 0, probs: [0, 0.4, 1] });
    expect(plain(none.logProb(0))).toEqual([0, 0, 0]);
    expect(plain(none.cdf([-1, 0, 3]))).toEqual([0, 1, 1]);
  });

  test("logits beyond the range of the probabilities", () => {
    const d = new Binomial({ totalCount: 4, logits: [-1e5, 1e5] });
    expect(d.logProb([1, 3]).toArray()).toEqual([Math.log(4) - 1e5, Math.log(4) - 1e5]);
  });

  test.each([
    ["float64", 3, 0.4],
    ["float64", 60, 0.5],
    ["float64", 1e6, 1e-7],
    ["float64", 1e5, 0.9],
    ["float32", 3, 0.4],
    ["float32", 60, 0.5],
    ["float32", 30, 0.97],
    ["float32", 1e4, 0.3],
  ] as const)("%s draws of %d trials of probability %d (chi-square, false alarm 1e-9)", (dtype, n, p) => {
    const probs = tensor(p, { dtype });
    const draws = new Binomial({ totalCount: n, probs }).sample({ seed: 5, shape: [100_000] }).data();
    expect(classesHold(draws, new Binomial({ totalCount: n, probs: probs.item() }))).toBeLessThan(1);
  });
});

describe("BetaBinomial", () => {
  test("of shapes 1 and 1 all numbers are equally likely", () => {
    const d = new BetaBinomial({ totalCount: 9, concentration1: 1, concentration0: 1 });
    expect(
      d
        .logProb([0, 3, 9])
        .data()
        .every((x) => Math.abs(x + Math.log(10)) < 1e-14),
    ).toBe(true);
    expect(d.entropy().item()).toBeCloseTo(Math.log(10), 13);
  });

  test("tiny concentrations leave the two ends, in draws as well", () => {
    const d = new BetaBinomial({ totalCount: 7, concentration1: 1e-6, concentration0: 3e-6 });
    expect(d.prob([0, 7]).data()[1]).toBeCloseTo(0.25, 5);
    expect(d.survival(3).item()).toBeCloseTo(0.25, 5);
    const draws = d.sample({ seed: 4, shape: [4000] });
    expect(new Set(draws.data())).toEqual(new Set([0, 7]));
    expect(Math.abs(draws.mean().item() / 7 - 0.25)).toBeLessThan(6.2 * Math.sqrt(0.1875 / 4000));
  });
});

describe("Skellam", () => {
  test("is the mirror of the law with the rates exchanged", () => {
    const [d, mirror] = [new Skellam({ rate1: 4, rate2: 0.3 }), new Skellam({ rate1: 0.3, rate2: 4 })];
    for (const k of [-6, -1, 0, 3, 9, 60]) {
      expect(d.logProb(k).item()).toBe(mirror.logProb(-k).item());
      expect(d.logSurvival(k).item()).toBe(mirror.logCdf(-k - 1).item());
    }
    expect([d.mode().item(), mirror.mode().item()]).toEqual([3, -3]);
  });

  test("with a tiny second rate it is a Poisson law", () => {
    const [d, poisson] = [new Skellam({ rate1: 2.5, rate2: 1e-30 }), new Poisson({ rate: 2.5 })];
    for (const k of [0, 1, 5, 40]) {
      expect(d.logProb(k).item() / poisson.logProb(k).item()).toBeCloseTo(1, 14);
      expect(d.logSurvival(k).item() / poisson.logSurvival(k).item()).toBeCloseTo(1, 13);
    }
    expect(d.entropy().item()).toBeCloseTo(poisson.entropy().item(), 13);
  });

  test("tails far beyond the range of numbers, and rates of any size", () => {
    const d = new Skellam({ rate1: [1e-20, 1e8, 3], rate2: [1e-25, 1e12, 2] });
    for (const method of ["logProb", "logCdf", "logSurvival"] as const) {
      for (const k of [-1e13, -300, 0, 300, 1e9]) {
        for (const value of d[method](k).data()) expect(value, `${method}(${k})`).not.toBeNaN();
      }
    }
  });
});

describe("NegativeBinomial", () => {
  test("by its mean", () => {
    const d = NegativeBinomial.ofMean({ mean: 5, totalCount: 2 });
    expect(d.mean().item()).toBeCloseTo(5, 14);
    expect(d.variance().item()).toBeCloseTo(5 + 25 / 2, 13);
  });

  test("of count 1 is geometric, and of a huge count Poisson", () => {
    const geometric = new Geometric({ probs: 0.3 });
    const one = new NegativeBinomial({ totalCount: 1, probs: 0.7 });
    for (const method of ["mean", "variance", "skewness", "entropy"] as const)
      expect(one[method]().item()).toBeCloseTo(geometric[method]().item(), 12);
    const [many, poisson] = [NegativeBinomial.ofMean({ mean: 3, totalCount: 1e14 }), new Poisson({ rate: 3 })];
    for (const k of [0, 1, 7]) expect(many.logProb(k).item()).toBeCloseTo(poisson.logProb(k).item(), 12);
    expect(many.entropy().item()).toBeCloseTo(poisson.entropy().item(), 12);
  });

  test.each([
    ["float64", 0.05, 0.9],
    ["float64", 3, 0.2],
    ["float64", 1e4, 0.5],
    ["float32", 0.05, 0.9],
    ["float32", 2.5, 0.9],
  ] as const)("%s draws of count %d and probability %d (chi-square, false alarm 1e-9)", (dtype, count, p) => {
    const probs = tensor(p, { dtype });
    const draws = new NegativeBinomial({ totalCount: count, probs }).sample({ seed: 5, shape: [100_000] }).data();
    expect(classesHold(draws, new NegativeBinomial({ totalCount: count, probs: probs.item() }))).toBeLessThan(1);
  });
});

/** Pearson's statistic of draws over some 30 classes between quantiles, as a share of its bound. */
function classesHold(draws: ArrayLike<number>, law: Distribution): number {
  const levels = Array.from({ length: 41 }, (_, i) => 1 / (1 + Math.exp((20 - i) * 0.4)));
  const ends = [...new Set(law.quantile(levels).data())];
  const cdf = [...law.cdf(ends).data(), 1];
  const counts = cdf.map(() => 0);
  for (let i = 0; i < draws.length; i++) {
    const place = ends.findIndex((end) => draws[i]! <= end);
    counts[place < 0 ? ends.length : place]!++;
  }
  const statistic = counts.reduce((sum, count, i) => {
    const expected = (cdf[i]! - (cdf[i - 1] ?? 0)) * draws.length;
    return sum + (expected > 0 ? (count - expected) ** 2 / expected : 0);
  }, 0);
  return statistic / chiSquareBound(counts.length - 1);
}
