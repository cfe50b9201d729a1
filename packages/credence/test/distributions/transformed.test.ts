import { compile, grad, klDivergence, type Tensor, tensor } from "credence";
import {
  Affine,
  Chain,
  Exp,
  Inverse,
  Log,
  OnEach,
  Ordered,
  Permute,
  Power,
  RationalQuadraticSpline,
  RealNVP,
  Sigmoid,
  Softplus,
  StickBreaking,
  Tanh,
} from "credence/bijectors";
import {
  Categorical,
  type DistributionJson,
  Exponential,
  fromJSON,
  Gumbel,
  Independent,
  Laplace,
  LogitNormal,
  LogNormal,
  MixtureSameFamily,
  Normal,
  Transformed,
  Uniform,
  Weibull,
} from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";

const normal = { loc: 0.3, scale: 0.8 };
const noMoments = ["mean", "variance", "stddev", "mode", "entropy"] as const;

describeDistribution("Transformed by tanh", {
  build: ({ loc, scale }) => new Transformed({ base: new Normal({ loc: loc!, scale: scale! }), bijector: new Tanh() }),
  // narrow enough that tanh does not round the tails to its ends
  params: { "of a normal": { loc: 0.1, scale: 0.1 }, "of a batch": { loc: [[0], [0.2]], scale: [0.05, 0.1] } },
  values: [-0.2, 0, 0.15, 0.3],
  lacks: noMoments,
  invalid: [{ loc: 0, scale: 0 }],
  domain: { loc: "real", scale: "positive" },
});

describeDistribution("Transformed by a rising and a falling affine map", {
  build: ({ loc, scale, rate }) =>
    new Transformed({ base: new Exponential({ rate: rate! }), bijector: new Affine({ loc: loc!, scale: scale! }) }),
  params: {
    rising: { loc: 1, scale: 3, rate: 0.7 },
    falling: { loc: 40, scale: -2, rate: 1.3 },
    both: { loc: [-30, 50], scale: [2, -3], rate: 1 },
  },
  values: [3, 8, 20.5],
});

describeDistribution("Transformed by a chain", {
  build: ({ loc, scale }) =>
    new Transformed({
      base: new Laplace({ loc: loc!, scale: scale! }),
      bijector: new Chain([new Softplus(), new Power({ exponent: -0.5 })]),
    }),
  params: { "of a Laplace": { loc: 0.5, scale: 0.3 } },
  values: [0.3, 1, 2],
  lacks: noMoments,
});

describeDistribution("Transformed to growing vectors", {
  build: ({ loc, scale }) =>
    new Transformed({ base: new Independent(new Normal({ loc: loc!, scale: scale! }), 1), bijector: new Ordered() }),
  params: {
    "of normals": { loc: [0, 0.5, -1], scale: [1, 0.5, 2] },
    "of a batch": {
      loc: [
        [0, 1, 2],
        [-1, 0, 1],
      ],
      scale: 1,
    },
  },
  values: [
    [-1, 0.3, 0.5],
    [2, 2.5, 7],
  ],
  lacks: ["mean", "variance", "stddev", "mode", "entropy", "cdf", "survival", "quantile", "logCdf", "logSurvival"],
});

describe("Transformed is the law that it should be", () => {
  const x = [0.1, 0.7, 3];
  const pairs = {
    LogNormal: [
      new Transformed({ base: new Normal({ loc: 0.5, scale: 2 }), bijector: new Exp() }),
      new LogNormal({ loc: 0.5, scale: 2 }),
    ],
    Weibull: [
      new Transformed({
        base: new Exponential({ rate: 1 }),
        bijector: new Chain([new Power({ exponent: 1 / 1.7 }), new Affine({ scale: 2 })]),
      }),
      new Weibull({ scale: 2, concentration: 1.7 }),
    ],
    "Gumbel of a falling map": [
      new Transformed({
        base: new Exponential({ rate: 1 }),
        bijector: new Chain([new Log(), new Affine({ loc: 1, scale: -2 })]),
      }),
      new Gumbel({ loc: 1, scale: 2 }),
    ],
    "Exponential of a uniform law": [
      new Transformed({
        base: new Uniform({ low: 0, high: 1 }),
        bijector: new Chain([new Log(), new Affine({ scale: -0.5 })]),
      }),
      new Exponential({ rate: 2 }),
    ],
  } as const;

  test.each(Object.entries(pairs))("%s", (_, [ours, law]) => {
    for (const method of ["logProb", "cdf", "survival", "logCdf", "logSurvival"] as const) {
      const [got, expected] = [ours[method](x).data(), law[method](x).data()];
      got.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!), `${method}(${x[i]})`).toBeLessThan(1e-13 * (1 + Math.abs(expected[i]!)));
      });
    }
    // near 1 a uniform number has no digits left for a small exponential one
    for (const p of [...(ours.base instanceof Uniform ? [] : [1e-30]), 0.01, 0.5, 0.9]) {
      expect(ours.quantile(p).item() / law.quantile(p).item()).toBeCloseTo(1, 12);
    }
    expect(ours.logProb([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]).toArray()).toEqual([
      -Infinity,
      -Infinity,
    ]);
  });

  test("two shares of a stick are logit-normal", () => {
    const shares = new Transformed({
      base: new Independent(new Normal({ loc: [0.5], scale: [2] }), 1),
      bijector: new StickBreaking(),
    });
    const law = new LogitNormal({ loc: 0.5, scale: 2 });
    for (const x of [1e-9, 0.2, 0.75]) expect(shares.logProb([x, 1 - x]).item()).toBeCloseTo(law.logProb(x).item(), 12);
    expect(shares.logProb([0.2, 0.7]).item()).toBe(-Infinity);
    expect(shares.logProb(new Float32Array([0.25, 0.75])).dtype).toBe("float64");
  });

  test("a spline's density is the slope of its distribution function", () => {
    const bijector = new RationalQuadraticSpline({ widths: [1, 0, -0.5], heights: [0, 0.5, 0.2], slopes: [0.5, -0.4] });
    const d = new Transformed({ base: new Normal(normal), bijector });
    const x = tensor([-5, -3, -0.3, 0.1, 2, 4.5]);
    const slopes = grad((at: Tensor) => d.cdf(at).sum())(x).data();
    d.prob(x)
      .data()
      .forEach((density, i) => {
        expect(density / slopes[i]!).toBeCloseTo(1, 12);
      });
    expect(d.quantile(d.cdf(x)).toArray()).toEqual([...x.data()].map((value) => expect.closeTo(value, 9)));
  });

  test("affine: moments, mode, entropy and support", () => {
    const d = new Transformed({ base: new Exponential({ rate: 0.5 }), bijector: new Affine({ loc: 3, scale: -2 }) });
    expect([d.mean(), d.stddev(), d.variance(), d.mode(), d.skewness()].map((t) => t.item())).toEqual([
      -1, 4, 16, 3, -2,
    ]);
    expect(d.entropy().item()).toBeCloseTo(new Exponential({ rate: 0.25 }).entropy().item(), 14);
    expect(d.support.contains(tensor([2, 3, 3.1])).toArray()).toEqual([1, 1, 0]);
    expect(d.cdf([-100, 3, 5]).data()[2]).toBe(1);
    expect(d.logProb(4).item()).toBe(-Infinity);
    const vectors = new Transformed({
      base: new Independent(new Normal({ loc: [1, 2, 3], scale: [1, 2, 4] }), 1),
      bijector: new Chain([new Affine({ loc: 1, scale: [1, -1, 2] }), new Permute([2, 0, 1])]),
    });
    expect(vectors.mean().toArray()).toEqual([7, 2, -1]);
    expect(vectors.stddev().toArray()).toEqual([8, 1, 2]);
    expect(vectors.entropy().item()).toBeCloseTo(
      new Independent(new Normal({ loc: 0, scale: [8, 1, 2] }), 1).entropy().item(),
      14,
    );
  });

  test("a batch may come from the base, the bijector, or both", () => {
    const base = new Normal({ loc: [[0], [1]], scale: 1 });
    const d = new Transformed({ base, bijector: new Affine({ loc: [0, 10, 20] }) });
    expect(d.batchShape).toEqual([2, 3]);
    expect(d.sample({ seed: 1, shape: [4] }).shape).toEqual([4, 2, 3]);
    expect(d.mean().toArray()).toEqual([
      [0, 10, 20],
      [1, 11, 21],
    ]);
    // draws of each element are its own
    const draws = d.sample({ seed: 2 }).sub(d.mean()).data();
    expect(new Set(draws).size).toBe(6);
  });

  test("as a component of a mixture, with a map of its own for each", () => {
    const components = new Transformed({
      base: new Normal({ loc: 0, scale: 1 }),
      bijector: new Affine({ loc: [-4, 6], scale: [1, 0.5] }),
    });
    const mixture = new MixtureSameFamily({ mixture: new Categorical({ probs: [0.25, 0.75] }), components });
    const plain = new MixtureSameFamily({
      mixture: new Categorical({ probs: [0.25, 0.75] }),
      components: new Normal({ loc: [-4, 6], scale: [1, 0.5] }),
    });
    expect(mixture.logProb(5).item()).toBeCloseTo(plain.logProb(5).item(), 13);
    expect(mixture.sample({ seed: 3, shape: [9] }).toArray()).toEqual(plain.sample({ seed: 3, shape: [9] }).toArray());
  });
});

describe("Draws with their log densities", () => {
  test("inventory row 18: a squashed normal, far where tanh is 1", () => {
    const build = (loc: Tensor) => new Transformed({ base: new Normal({ loc, scale: 1 }), bijector: new Tanh() });
    const { value, logProb } = build(tensor(40)).sampleAndLogProb({ seed: 1, shape: [1000] });
    expect([...value.data()].every((y) => y === 1)).toBe(true);
    expect([...logProb.data()].every(Number.isFinite)).toBe(true);
    // on average log p(x) of the normal, less log(1 - tanh² 40) = 2 (log 2 - 40)
    expect(
      Math.abs(logProb.mean().item() - (-0.5 * Math.log(2 * Math.PI * Math.E) - 2 * (Math.LN2 - 40))),
    ).toBeLessThan(0.5);
    expect(build(tensor(40)).logProb(1).item()).toBe(-Infinity); // no function of y can know better
    // the gradient of the mean log density through the draws, as soft actor-critic takes it: d/dloc = -E d logDet / dx = 2 tanh
    const slope = grad((loc: Tensor) =>
      build(loc)
        .sampleAndLogProb({ seed: 1, shape: [100] })
        .logProb.mean(),
    )(tensor(40));
    expect(slope.item()).toBeCloseTo(2, 10);
  });

  test("elsewhere it is the density at the draw, also of events and through Independent", () => {
    const base = new Transformed({
      base: new Normal({ loc: [0, 0.5], scale: [1, 0.3] }),
      bijector: new Sigmoid({ low: -1, high: 2 }),
    });
    for (const d of [base, new Independent(base, 1), new Normal({ loc: 0, scale: 1 })]) {
      const { value, logProb } = d.sampleAndLogProb({ seed: 4, shape: [50] });
      expect(value.toArray()).toEqual(d.sample({ seed: 4, shape: [50] }).toArray());
      const again = d.logProb(value).data();
      expect(logProb.shape).toEqual([50, ...d.batchShape]);
      logProb.data().forEach((at, i) => {
        expect(at).toBeCloseTo(again[i]!, 10);
      });
    }
  });
});

describe("Transformed and divergences", () => {
  const law = (loc: number, bijector = new Sigmoid({ high: 3 })) =>
    new Transformed({ base: new Normal({ loc, scale: 1 }), bijector });

  test("by the same map it is that of the bases", () => {
    expect(klDivergence(law(0), law(1)).item()).toBe(0.5);
    const vectors = (loc: number[]) =>
      new Transformed({
        base: new Independent(new Normal({ loc, scale: 1 }), 1),
        bijector: new Chain([new OnEach(new Exp(), 1), new Permute([1, 0])]),
      });
    expect(klDivergence(vectors([0, 1]), vectors([1, 3])).item()).toBe(2.5);
    const flow = new RealNVP({ kept: 1, conditioner: (kept) => ({ shift: kept, logScale: 0 }) });
    const flowed = (loc: number[]) =>
      new Transformed({ base: new Independent(new Normal({ loc, scale: 1 }), 1), bijector: flow });
    expect(klDivergence(flowed([0, 1]), flowed([1, 1])).item()).toBe(0.5);
    const compiled = compile((scale: Tensor) =>
      klDivergence(
        new Transformed({ base: new Normal({ loc: 0, scale: 1 }), bijector: new Affine({ scale }) }),
        new Transformed({ base: new Normal({ loc: 1, scale: 1 }), bijector: new Affine({ scale }) }),
      ),
    );
    expect(compiled(tensor(3)).item()).toBe(0.5);
  });

  test("by others it is refused, or estimated", () => {
    expectCode("missing", () => klDivergence(law(0), law(1, new Sigmoid({ high: 4 }))));
    const other = new Transformed({ base: new Normal({ loc: 0, scale: 1 }), bijector: new Inverse(new Log()) });
    expectCode("missing", () => klDivergence(law(0), other));
    const { value, standardError } = klDivergence(
      new Transformed({ base: new Normal({ loc: 0, scale: 1 }), bijector: new Exp() }),
      new LogNormal({ loc: 1, scale: 1 }),
      { method: "monteCarlo", samples: 10_000, seed: 1, explain: true },
    );
    expect(Math.abs(value.item() - 0.5)).toBeLessThan(6.2 * standardError!.item());
  });
});

describe("Transformed, refused", () => {
  test.each([
    ["argument", () => new Transformed({ base: new Categorical({ probs: [1, 1] }), bijector: new Affine() })],
    ["domain", () => new Transformed({ base: new Normal(normal), bijector: new Log() })],
    ["shape", () => new Transformed({ base: new Normal({ loc: [0, 1], scale: 1 }), bijector: new Ordered() })],
    [
      "shape",
      () =>
        new Transformed({
          base: new Independent(new Normal({ loc: [0], scale: 1 }), 1),
          bijector: new Affine({ loc: [0, 1, 2] }),
        }),
    ],
    ["missing", () => new Transformed({ base: new Normal(normal), bijector: new Exp() }).mean()],
  ])("%s", (code, build) => expectCode(code, build));

  test("as JSON and back", () => {
    const d = new Transformed({
      base: new Independent(new Normal({ loc: new Float32Array([0, 1]), scale: 1 }), 1),
      bijector: new Chain([
        new OnEach(new Exp(), 1),
        new Inverse(new OnEach(new Softplus(), 1)),
        new Permute([1, 0]),
        new Affine({ loc: [1, 2] }),
      ]),
    });
    const text = JSON.stringify(d);
    const back = fromJSON(JSON.parse(text) as DistributionJson);
    expect(JSON.stringify(back)).toBe(text);
    expect(back.logProb([1, 2]).item()).toBe(d.logProb([1, 2]).item());
  });
});
