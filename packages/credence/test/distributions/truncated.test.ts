import { grad, type Tensor, tensor } from "credence";
import {
  BivariateNormal,
  type DistributionJson,
  Exponential,
  fromJSON,
  Gumbel,
  Laplace,
  Logistic,
  Normal,
  Poisson,
  Truncated,
  TruncatedNormal,
} from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";

const lacks = ["mean", "variance", "stddev", "mode", "entropy"] as const;

describeDistribution("Truncated Gumbel", {
  build: ({ loc, low, high }) => new Truncated({ base: new Gumbel({ loc: loc!, scale: 1 }), low: low!, high: high! }),
  params: {
    standard: { loc: 0, low: -1, high: 2 },
    "in a batch [2]": { loc: [-2, 5], low: [-0.5, -8], high: 4 },
  },
  values: [-0.25, 1.5],
  invalid: [{ loc: 0, low: 1, high: 1 }],
  lacks,
});

describeDistribution("Truncated Logistic, from one end on", {
  build: ({ loc, low }) => new Truncated({ base: new Logistic({ loc: loc!, scale: 2 }), low: low! }),
  params: { standard: { loc: 0, low: 1 }, far: { loc: 0, low: 900 } },
  values: [901.5, 950],
  invalid: [{ loc: 0, low: Number.NaN }],
  lacks,
});

describeDistribution("Truncated Poisson", {
  build: ({ rate, low, high }) => new Truncated({ base: new Poisson({ rate: rate! }), low: low!, high: high! }),
  params: {
    standard: { rate: 3, low: 0.5, high: 6.5 },
    "in a batch [2]": { rate: [0.2, 150], low: 1.5, high: 170.5 },
  },
  values: [2, 5],
  invalid: [{ rate: 3, low: 5, high: 4 }],
  lacks,
});

describeDistribution("Truncated Normal", {
  build: ({ loc, scale }) => new Truncated({ base: new Normal({ loc: loc!, scale: scale! }), low: -1, high: 2 }),
  params: { standard: { loc: 0, scale: 1 } },
  values: [-0.5, 1.25],
});

describe("Truncated", () => {
  test("of a normal law is TruncatedNormal, to the bit", () => {
    const [d, special] = [
      new Truncated({ base: new Normal({ loc: 1, scale: 2 }), low: 30, high: 40 }),
      new TruncatedNormal({ loc: 1, scale: 2, low: 30, high: 40 }),
    ];
    expect(d.logProb([29, 30.5, 39]).data()).toEqual(special.logProb([29, 30.5, 39]).data());
    expect(d.quantile(0.3).item()).toBe(special.quantile(0.3).item());
    expect(d.skewness().item()).toBe(special.skewness().item());
  });

  test("far out on either side a Laplace law is exponential", () => {
    const exponential = new Exponential({ rate: 1 });
    const levels = tensor([0.1, 0.5, 0.99]);
    const out = new Truncated({ base: new Laplace({ loc: 0, scale: 1 }), low: 600 });
    const down = new Truncated({ base: new Laplace({ loc: 0, scale: 1 }), high: -600 });
    levels.data().forEach((level, i) => {
      const distance = exponential.quantile(level).item();
      expect(out.quantile(levels).data()[i]! - 600).toBeCloseTo(distance, 11);
      expect(down.quantile(1 - level).item() + 600).toBeCloseTo(-distance, 11);
    });
  });

  test("a narrow piece is uniform, wherever it lies", () => {
    const d = new Truncated({ base: new Gumbel({ loc: 0, scale: 1 }), low: 30, high: 30 + 2 ** -30 });
    expect(d.cdf(30 + 2 ** -32).item()).toBeCloseTo(0.25, 8);
    expect(d.prob(30 + 2 ** -32).item() / 2 ** 30).toBeCloseTo(1, 8);
  });

  test("of counts without zeros, by the formula", () => {
    const d = new Truncated({ base: new Poisson({ rate: 0.3 }), low: 1 });
    expect(d.prob(1).item()).toBeCloseTo((0.3 * Math.exp(-0.3)) / -Math.expm1(-0.3), 15);
    expect([d.prob(0).item(), d.cdf(0).item(), d.quantile(0).item()]).toEqual([0, 0, 1]);
    const wide = new Truncated({ base: new Poisson({ rate: 1e4 }), low: 9_900.5, high: 10_200 });
    const mass = Array.from({ length: 300 }, (_, i) => wide.prob(9_901 + i).item()).reduce((a, b) => a + b);
    expect(mass).toBeCloseTo(1, 10);
  });

  test("gradients of draws are those of quantiles at their levels", () => {
    const build = (low: Tensor): Truncated =>
      new Truncated({ base: new Laplace({ loc: 0.2, scale: 1.5 }), low, high: 3 });
    const h = 1e-5;
    const slope = grad((low: Tensor) => build(low).quantile(0.4))(tensor(-1)).item();
    const moved = (by: number): number =>
      build(tensor(-1 + by))
        .quantile(0.4)
        .item();
    expect(slope).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 8);
    const draws = (low: Tensor): Tensor =>
      build(low)
        .sample({ seed: 2, shape: [4] })
        .sum();
    expect(grad(draws)(tensor(-1)).item()).toBeCloseTo(
      (draws(tensor(-1 + h)).item() - draws(tensor(-1 - h)).item()) / (2 * h),
      7,
    );
  });

  test("comes back from JSON, and refuses vectors", () => {
    const d = new Truncated({ base: new Gumbel({ loc: 0, scale: 1 }), low: -1 });
    const back = fromJSON(JSON.parse(JSON.stringify(d)) as DistributionJson);
    expect(back.name).toBe("Truncated(Gumbel)");
    expect(back.logProb(0.5).item()).toBe(d.logProb(0.5).item());
    const points = new BivariateNormal({ mux: 0, muy: 0, sx: 1, sy: 1, rho: 0 });
    expectCode("argument", () => new Truncated({ base: points, low: 0 }));
  });
});
