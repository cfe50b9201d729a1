import { compile, grad, klDivergence, type Tensor, tensor } from "credence";
import {
  Categorical,
  Cauchy,
  Censored,
  Discretized,
  DiscretizedLogisticMixture,
  Empirical,
  Exponential,
  fromJSON,
  Gumbel,
  Hurdle,
  Independent,
  Laplace,
  Logistic,
  Mixture,
  MixtureSameFamily,
  Normal,
} from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";

describeDistribution("Mixture of other families", {
  build: ({ logits, loc, scale }) =>
    new Mixture({
      mixture: new Categorical({ logits: logits! }),
      components: [
        new Normal({ loc: loc!, scale: scale! }),
        new Logistic({ loc: 1, scale: 2 }),
        new Gumbel({ loc: 0, scale: scale! }),
      ],
    }),
  params: {
    plain: { logits: [0.2, -1, 0.5], loc: -1, scale: 0.7 },
    "in a batch [2]": {
      logits: [
        [0.2, -1, 1],
        [0, 0, 0],
      ],
      loc: [0, 3],
      scale: 0.4,
    },
  },
  values: [-1.5, 0.25, 2],
  lacks: ["mode", "entropy"],
  invalid: [{ logits: [0, Number.NaN, 0], loc: 0, scale: 1 }],
});

describeDistribution("Discretized logistic", {
  build: ({ loc, scale }) => new Discretized({ base: new Logistic({ loc: loc!, scale: scale! }), low: 0, high: 255 }),
  params: {
    wide: { loc: 120, scale: 9 },
    narrow: { loc: 3.2, scale: 0.05 },
    "in a batch [2]": { loc: [0, 300], scale: [5, 10] },
  },
  values: [0, 3, 120, 255],
  lacks: ["mean", "variance", "stddev", "mode", "entropy"],
  invalid: [{ loc: 0, scale: 0 }],
});

describeDistribution("DiscretizedLogisticMixture", {
  build: ({ logits, locs, logScales }) =>
    new DiscretizedLogisticMixture({ logits: logits!, locs: locs!, logScales: logScales! }),
  params: {
    "of two": { logits: [0.3, -0.2], locs: [-0.5, 0.4], logScales: [-2, -4] },
    "in a batch [2]": {
      logits: [
        [0, 1],
        [2, 0],
      ],
      locs: [0, 0.9],
      logScales: [-1, -3],
    },
  },
  values: [0, 17, 140, 255],
  invalid: [{ logits: [0, 0], locs: [0, Number.NaN], logScales: [0, 0] }],
});

describe("DiscretizedLogisticMixture", () => {
  test("has no floor: a pixel far from a narrow component keeps its logarithm and gradient", () => {
    const law = (locs: Tensor): DiscretizedLogisticMixture =>
      new DiscretizedLogisticMixture({ logits: [0], locs, logScales: [-7] });
    // the cell begins 0.5647 above the centre, 619 scales
    const logProb = law(tensor([0]))
      .logProb(200)
      .item();
    expect(logProb).toBeLessThan(-600);
    expect(logProb).toBeGreaterThan(-700);
    expect(grad((locs: Tensor) => law(locs).logProb(200))(tensor([0])).data()[0]).toBeCloseTo(Math.exp(7), 6);
  });
});

describe("Hurdle of a continuous law", () => {
  const rain = new Hurdle({ base: new Exponential({ rate: 0.5 }), gate: 0.7 });
  test("has a mass at 0 and a density above", () => {
    expect(rain.logProb(0).item()).toBeCloseTo(Math.log(0.7), 15);
    expect(rain.logProb(2).item()).toBeCloseTo(Math.log(0.3 * 0.5) - 1, 15);
    expect(rain.logProb(-1).item()).toBe(Number.NEGATIVE_INFINITY);
    expect(rain.cdf([-1, 0, 2]).toArray()).toEqual([0, 0.7, expect.closeTo(0.7 + 0.3 * (1 - Math.exp(-1)), 15)]);
    expect(rain.quantile([0, 0.5, 0.7, 0.7 + 0.3 * (1 - Math.exp(-1))]).toArray()).toEqual([
      0,
      0,
      0,
      expect.closeTo(2, 13),
    ]);
    expect(rain.mean().item()).toBeCloseTo(0.6, 15);
    expect(rain.variance().item()).toBeCloseTo(0.3 * 8 - 0.36, 14);
    expectCode("missing", () => rain.mode());
    expectCode("missing", () => rain.entropy());
  });
  test("draws 0 as often as the gate says, with 6 standard errors to spare", () => {
    const zeros =
      rain
        .sample({ seed: 1, shape: [20_000] })
        .eq(0)
        .sum()
        .item() / 20_000;
    expect(Math.abs(zeros - 0.7)).toBeLessThan(6 * Math.sqrt((0.7 * 0.3) / 20_000));
  });
  test("needs a law from 0", () => {
    expectCode("argument", () => new Hurdle({ base: new Normal({ loc: 0, scale: 1 }), gate: 0.1 }));
    expectCode("argument", () => new Hurdle({ base: rain.base } as never));
    expectCode("domain", () => new Hurdle({ base: rain.base, gate: 1.5 }));
  });
});

describe("Censored", () => {
  const tobit = new Censored({ base: new Normal({ loc: 1, scale: 2 }), low: 0, high: 4 });
  test("gives its limits the mass beyond", () => {
    const { base } = tobit;
    expect(tobit.logProb([-1, 0, 1, 4, 5]).toArray()).toEqual([
      Number.NEGATIVE_INFINITY,
      base.logCdf(0).item(),
      base.logProb(1).item(),
      base.logSurvival(4).item(),
      Number.NEGATIVE_INFINITY,
    ]);
    expect(tobit.cdf([-1, 0, 3.9, 4]).toArray()).toEqual([0, base.cdf(0).item(), base.cdf(3.9).item(), 1]);
    expect(tobit.quantile([0.01, 0.5, 0.99]).toArray()).toEqual([0, 1, 4]);
    const draws = tobit.sample({ seed: 3, shape: [1000] });
    expect(draws.min().item()).toBe(0);
    expect(draws.max().item()).toBe(4);
  });
  test("a gradient reaches the parameters at the limits", () => {
    const slope = grad((loc: Tensor) => new Censored({ base: new Normal({ loc, scale: 2 }), low: 0 }).logProb(0))(
      tensor(1),
    );
    const h = 1e-5;
    const at = (loc: number): number => new Normal({ loc, scale: 2 }).logCdf(0).item();
    expect(slope.item()).toBeCloseTo((at(1 + h) - at(1 - h)) / (2 * h), 8);
  });
  test("limits in the wrong order are refused, unknown ones are NaN", () => {
    expectCode("domain", () => new Censored({ base: tobit.base, low: 2, high: 1 }));
    const unknown = compile((low: Tensor) =>
      new Censored({ base: new Normal({ loc: 0, scale: 1 }), low, high: 1 }).logProb(0.5),
    );
    expect(unknown(tensor(2)).item()).toBeNaN();
  });
});

describe("Empirical", () => {
  const law = new Empirical({ samples: [3, 1, 1, 7], weights: [1, 1, 1, 0] });
  test("is the sample", () => {
    expect(law.points.toArray()).toEqual([1, 3]);
    expect(law.prob([1, 3, 7]).toArray()).toEqual([expect.closeTo(2 / 3, 15), expect.closeTo(1 / 3, 15), 0]);
    expect(law.cdf([0, 1, 2, 3]).toArray()).toEqual([0, expect.closeTo(2 / 3, 15), expect.closeTo(2 / 3, 15), 1]);
    expect(law.quantile([0, 0.6, 0.7, 1]).toArray()).toEqual([1, 1, 3, 3]);
    expect(law.mean().item()).toBeCloseTo(5 / 3, 15);
    expect(law.variance().item()).toBeCloseTo(8 / 9, 15);
    expect(law.mode().item()).toBe(1);
    expect(law.entropy().item()).toBeCloseTo(-(2 / 3) * Math.log(2 / 3) - (1 / 3) * Math.log(1 / 3), 15);
    const draws = law.sample({ seed: 1, shape: [3000] });
    expect(Math.abs(draws.eq(1).sum().item() / 3000 - 2 / 3)).toBeLessThan(6 * Math.sqrt(2 / 9 / 3000));
  });
  test("wrong samples are refused", () => {
    expectCode("shape", () => new Empirical({ samples: [] }));
    expectCode("domain", () => new Empirical({ samples: [1, Number.NaN] }));
    expectCode("domain", () => new Empirical({ samples: [1], weights: [0] }));
  });
});

describe("Mixture", () => {
  test("agrees with MixtureSameFamily on one family", () => {
    const mixture = new Categorical({ logits: [0.3, -0.4] });
    const same = new MixtureSameFamily({ mixture, components: new Normal({ loc: [0, 2], scale: [1, 0.5] }) });
    const each = new Mixture({
      mixture,
      components: [new Normal({ loc: 0, scale: 1 }), new Normal({ loc: 2, scale: 0.5 })],
    });
    const x = tensor([-1, 0.3, 4]);
    for (const method of ["logProb", "cdf", "logSurvival"] as const)
      expect(each[method](x).toArray()).toEqual(same[method](x).toArray());
    expect(each.mean().item()).toBe(same.mean().item());
    expect(each.variance().item()).toBe(same.variance().item());
  });
  test("of vectors, and refused where components do not fit", () => {
    const mixture = new Categorical({ logits: [0, 0] });
    const planes = [new Normal({ loc: [0, 1], scale: 1 }), new Laplace({ loc: [2, 2], scale: 1 })].map(
      (d) => new Independent(d, 1),
    );
    const d = new Mixture({ mixture, components: planes });
    expect(d.logProb([0.5, 0.5]).item()).toBeCloseTo(
      Math.log((planes[0]!.prob([0.5, 0.5]).item() + planes[1]!.prob([0.5, 0.5]).item()) / 2),
      14,
    );
    expect(d.sample({ seed: 1, shape: [5] }).shape).toEqual([5, 2]);
    expectCode("shape", () => new Mixture({ mixture, components: [planes[0]!] }));
    expectCode("shape", () => new Mixture({ mixture, components: [planes[0]!, new Cauchy({ loc: 0, scale: 1 })] }));
  });
});

test("wrappers come back from JSON", () => {
  const laws = [
    new Censored({ base: new Normal({ loc: 1, scale: 2 }), low: 0 }),
    new Hurdle({ base: new Exponential({ rate: 2 }), gateLogits: 0.3 }),
    new Discretized({ base: new Logistic({ loc: 1, scale: 2 }), low: 0, high: 3 }),
    new DiscretizedLogisticMixture({ logits: [0, 1], locs: [0, 0.5], logScales: [-1, -2], levels: 16 }),
    new Empirical({ samples: [2, 0, 1] }),
    new Mixture({
      mixture: new Categorical({ probs: [0.25, 0.75] }),
      components: [new Normal({ loc: 0, scale: 1 }), new Cauchy({ loc: 0, scale: 1 })],
    }),
  ];
  for (const law of laws) {
    const back = fromJSON(JSON.parse(JSON.stringify(law.toJSON())));
    expect(back.name).toBe(law.name);
    expect(back.logProb([0, 1, 2]).toArray()).toEqual(law.logProb([0, 1, 2]).toArray());
    expect(back.sample({ seed: 1 }).toArray()).toEqual(law.sample({ seed: 1 }).toArray());
  }
});

test("divergences of independent numbers add up", () => {
  const make = (loc: number[]): Independent => new Independent(new Normal({ loc, scale: 1 }), 1);
  expect(klDivergence(make([0, 1]), make([1, 3])).item()).toBeCloseTo(2.5, 15);
});
