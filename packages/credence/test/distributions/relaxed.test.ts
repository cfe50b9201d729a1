import { compile, grad, klDivergence, type Tensor, tensor } from "credence";
import {
  Bernoulli,
  Categorical,
  Delta,
  Normal,
  OneHotCategorical,
  OneHotCategoricalStraightThrough,
  RelaxedBernoulli,
  RelaxedOneHotCategorical,
} from "credence/distributions";
import { describe, expect, test } from "vitest";
import { STANDARD_ERRORS } from "../support/bounds.js";
import { expectGradient } from "../support/finiteDifference.js";
import { describeDistribution, expectCode } from "../support/laws.js";

const noOrder = ["cdf", "survival", "quantile", "logCdf", "logSurvival"] as const;
const oneHots = {
  build: ({ logits, probs }: Record<string, Tensor>) => new OneHotCategorical(logits ? { logits } : { probs: probs! }),
  params: {
    "of logits": { logits: [0.2, -1, 3] },
    "of probs in a batch": {
      probs: [
        [0.2, 0.5, 0.1],
        [3, 1, 6],
      ],
    },
  },
  values: [
    [1, 0, 0],
    [0, 0, 1],
  ],
  lacks: noOrder,
  invalid: [{ logits: [0, Number.NaN, 1] }, { probs: [0.5, -0.1, 1] }, { probs: [0, 0, 0] }],
} as const;

describeDistribution("OneHotCategorical", oneHots);

describeDistribution("RelaxedBernoulli", {
  build: ({ temperature, logits, probs }) =>
    new RelaxedBernoulli(logits ? { temperature: temperature!, logits } : { temperature: temperature!, probs: probs! }),
  params: {
    "of logits": { temperature: 1.5, logits: 0.4 },
    "of probs in a batch": { temperature: [[1.2], [3]], probs: [0.3, 0.9] },
  },
  values: [0.01, 0.4, 0.95],
  lacks: ["mean", "variance", "stddev", "mode", "entropy"],
  invalid: [
    { temperature: 0, logits: 0 },
    { temperature: 1, probs: 1 },
  ],
  domain: { temperature: "positive", logits: "real" },
});

describeDistribution("RelaxedOneHotCategorical", {
  build: ({ temperature, logits, probs }) =>
    new RelaxedOneHotCategorical(
      logits ? { temperature: temperature!, logits } : { temperature: temperature!, probs: probs! },
    ),
  params: {
    "of two in a batch": {
      temperature: [0.5, 2],
      logits: [
        [0, 1],
        [1, -1],
      ],
    },
  },
  values: [[0.5, 0.5]],
  lacks: [...noOrder, "mean", "variance", "stddev", "mode", "entropy"],
  invalid: [
    { temperature: 1, logits: [0, Number.NEGATIVE_INFINITY] },
    { temperature: 1, probs: [1, 0] },
    { temperature: -1, probs: [1, 1] },
  ],
});

describe("RelaxedOneHotCategorical", () => {
  const d = new RelaxedOneHotCategorical({ temperature: 0.7, probs: [0.2, 0.5, 0.3] });

  test("of two categories it is the relaxed Bernoulli law", () => {
    const two = new RelaxedOneHotCategorical({ temperature: 0.7, logits: [1.3, 0.2] });
    const one = new RelaxedBernoulli({ temperature: 0.7, logits: 1.1 });
    for (const x of [1e-20, 0.1, 0.6, 0.99])
      expect(two.logProb([x, 1 - x]).item()).toBeCloseTo(one.logProb(x).item(), 11);
  });

  test("the density is that of Maddison et al.'s equation 10", () => {
    const [t, alpha, x] = [0.7, [0.2, 0.5, 0.3], [0.1, 0.3, 0.6]];
    const product = alpha.reduce((p, a, i) => p * a * x[i]! ** (-t - 1), 1);
    const sum = alpha.reduce((s, a, i) => s + a * x[i]! ** -t, 0);
    expect(d.logProb(x).item()).toBeCloseTo(Math.log((2 * t ** 2 * product) / sum ** 3), 13);
    expect(d.logProb([0.1, 0.3, 0.5]).item()).toBe(-Infinity);
    expect(d.logProb([0.1, 0.3, Number.NaN]).item()).toBeNaN();
    expectGradient(
      ([temperature, logits]) =>
        new RelaxedOneHotCategorical({ temperature: temperature!, logits: logits! }).logProb(x).reshape([1]),
      [tensor(0.7), tensor([0.1, 1, -0.5])],
    );
  });

  test("the greatest number is a category's with its probability", () => {
    const n = 40_000;
    const winners = d
      .sample({ seed: 1, shape: [n] })
      .argmax()
      .data();
    [0.2, 0.5, 0.3].forEach((p, i) => {
      const count = winners.filter((x) => x === i).length;
      expect(Math.abs(count - n * p)).toBeLessThan(STANDARD_ERRORS * Math.sqrt(n * p * (1 - p)));
    });
  });

  test.each(["float32", "float64"] as const)(
    "inventory row 20: draws at the boundary have densities and gradients, %s",
    (dtype) => {
      const logits = tensor([0, 1, -2], { dtype });
      const build = (at: Tensor): RelaxedOneHotCategorical =>
        new RelaxedOneHotCategorical({ temperature: tensor(0.01, { dtype }), logits: at });
      const x = build(logits).sample({ seed: 2, shape: [2000] });
      expect([...x.data()].some((value) => value === 0)).toBe(true);
      expect([...build(logits).logProb(x).data()].every(Number.isFinite)).toBe(true);
      const { value, logProb } = build(logits).sampleAndLogProb({ seed: 2, shape: [2000] });
      expect(value.toArray()).toEqual(x.toArray());
      expect([...logProb.data()].every(Number.isFinite)).toBe(true);
      const slopes = grad((at: Tensor) => {
        const law = build(at);
        return law.logProb(law.sample({ seed: 2, shape: [100] })).sum();
      })(logits);
      expect([...slopes.data()].some(Number.isNaN)).toBe(false);
      const bernoulli = new RelaxedBernoulli({ temperature: tensor(0.01, { dtype }), logits: tensor(0.3, { dtype }) });
      const drawn = bernoulli.sample({ seed: 3, shape: [2000] });
      expect([...drawn.data()].filter((at) => at === 1).length).toBeGreaterThan(100);
      expect([...bernoulli.logProb(drawn).data()].every(Number.isFinite)).toBe(true);
      expect([...bernoulli.logProb([-0.1, 1.1]).data()]).toEqual([-Infinity, -Infinity]);
    },
  );
});

describe("OneHotCategorical", () => {
  test("draws, moments and divergence are the categorical law's", () => {
    const [p, q] = [
      [0.25, 0.1, 0.65],
      [0.7, 0.2, 0.1],
    ];
    const d = new OneHotCategorical({ probs: p });
    const draws = d.sample({ seed: 4, shape: [20] });
    expect(draws.argmax().toArray()).toEqual(new Categorical({ probs: p }).sample({ seed: 4, shape: [20] }).toArray());
    expect(draws.sum(-1).toArray()).toEqual(Array.from({ length: 20 }, () => 1));
    expect(d.mode().toArray()).toEqual([0, 0, 1]);
    expect(
      d
        .logProb([
          [0, 1, 0],
          [1, 1, 0],
          [0, 0.5, 0.5],
          [0, 0, 0],
        ])
        .toArray(),
    ).toEqual([Math.log(0.1), -Infinity, -Infinity, -Infinity]);
    const other = new OneHotCategorical({ probs: q });
    expect(klDivergence(d, other).item()).toBeCloseTo(0.88995184, 8);
    expect(klDivergence(new OneHotCategoricalStraightThrough({ probs: p }), other).item()).toBeCloseTo(0.88995184, 8);
    expect(klDivergence(new OneHotCategorical({ probs: [0.8, 0.2, 0] }), other).item()).toBeCloseTo(
      0.8 * Math.log(8 / 7),
      14,
    );
    expect(klDivergence(other, new OneHotCategorical({ probs: [1, 1, 0] })).item()).toBe(Infinity);
  });

  test("unknown NaN weights give NaN", () => {
    const draw = compile((logits: Tensor) => new OneHotCategorical({ logits }).sample({ seed: 1 }));
    expect(draw(tensor([0, Number.NaN])).toArray()).toEqual([Number.NaN, Number.NaN]);
  });

  test("straight through, draws carry the gradient of the probabilities", () => {
    const logits = tensor([0.3, -0.2, 1]);
    const weights = tensor([1, 5, -2]);
    const loss = (at: Tensor): Tensor =>
      new OneHotCategoricalStraightThrough({ logits: at }).sample({ seed: 6 }).mul(weights).sum();
    const expected = grad((at: Tensor) => new Categorical({ logits: at }).probs.mul(weights).sum())(logits);
    expect(grad(loss)(logits).toArray()).toEqual(expected.toArray());
    const draw = new OneHotCategoricalStraightThrough({ logits }).sample({ seed: 6 });
    expect(draw.toArray()).toEqual(new OneHotCategorical({ logits }).sample({ seed: 6 }).toArray());
  });
});

describe("Delta", () => {
  const d = new Delta({ loc: [2, -1.5] });

  test("all its mass is at one point", () => {
    expect(d.logProb([2, 2]).toArray()).toEqual([0, -Infinity]);
    expect(d.prob([2, -1.5]).toArray()).toEqual([1, 1]);
    expect([d.cdf(0), d.survival(0), d.logCdf(2), d.logSurvival(2)].map((t) => t.toArray())).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
      [-Infinity, -Infinity],
    ]);
    expect([d.mean(), d.mode(), d.quantile(0.3)].map((t) => t.toArray())).toEqual([
      [2, -1.5],
      [2, -1.5],
      [2, -1.5],
    ]);
    expect(d.quantile([-0.1, 1]).toArray()).toEqual([Number.NaN, -1.5]);
    expect([d.variance(), d.stddev(), d.entropy()].map((t) => t.abs().toArray())).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    expect(d.sample({ seed: 1, shape: [2] }).toArray()).toEqual([
      [2, -1.5],
      [2, -1.5],
    ]);
    expect(d.support.contains(tensor([2, 2])).toArray()).toEqual([1, 0]);
    expect([d.logProb(Number.NaN), d.cdf(Number.NaN)].flatMap((t) => [...t.data()]).every(Number.isNaN)).toBe(true);
    expect(d.logProb([Infinity, -Infinity]).toArray()).toEqual([-Infinity, -Infinity]);
    expectCode("domain", () => new Delta({ loc: Number.POSITIVE_INFINITY }));
    const unknown = compile((loc: Tensor) => new Delta({ loc }).cdf(0));
    expect(unknown(tensor(Number.NaN)).item()).toBeNaN();
  });

  test("draws carry the gradient of loc", () => {
    expect(grad((loc: Tensor) => new Delta({ loc }).sample({ seed: 1, shape: [3] }).sum())(tensor(1)).item()).toBe(3);
  });

  test("to any law it is -log q(loc); from any but itself Infinity", () => {
    const q = new Normal({ loc: 0, scale: 2 });
    expect(klDivergence(new Delta({ loc: 1 }), q).item()).toBe(-q.logProb(1).item());
    expect(klDivergence(d, q).toArray()).toEqual([-q.logProb(2).item(), -q.logProb(-1.5).item()]);
    expect(klDivergence(q, d).toArray()).toEqual([Infinity, Infinity]);
    expect(
      klDivergence(d, new Delta({ loc: 2 }))
        .toArray()
        .toString(),
    ).toBe("0,Infinity");
    expect(klDivergence(new Bernoulli({ probs: [1, 0.5] }), new Delta({ loc: 1 })).toArray()).toEqual([0, Infinity]);
    expect(klDivergence(new Delta({ loc: 1 }), new Bernoulli({ probs: 0.25 })).item()).toBeCloseTo(Math.log(4), 14);
    const slope = grad((loc: Tensor) => klDivergence(new Delta({ loc: 1 }), new Normal({ loc, scale: 1 })))(tensor(3));
    expect(slope.item()).toBe(2);
  });
});
