import { grad, type Tensor, tensor } from "credence";
import { AsymmetricLaplace, HalfNormal, Laplace, Moyal, Normal, SkewNormal } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("Moyal", {
  build: ({ loc, scale }) => new Moyal({ loc: loc!, scale: scale! }),
  params: { standard: { loc: 0, scale: 1 }, "in a batch [2, 3]": { loc: [-2, 0, 5], scale: [[0.5], [10]] } },
  domain: { loc: "real", scale: "positive" },
  values: [-1, 0.25, 4],
  invalid: [
    { loc: 0, scale: 0 },
    { loc: Number.NaN, scale: 1 },
  ],
});

describeDistribution("AsymmetricLaplace", {
  build: ({ loc, scale, asymmetry }) => new AsymmetricLaplace({ loc: loc!, scale: scale!, asymmetry: asymmetry! }),
  // the kink at loc lies at a level where the harness divides its panels: κ² / (1 + κ²) is 3/4, 1/8 or 1/2
  params: {
    standard: { loc: 0, scale: 1, asymmetry: Math.sqrt(3) },
    "in a batch [2, 3]": { loc: [-2, 0, 5], scale: [[0.5], [10]], asymmetry: [Math.sqrt(1 / 7), 1, Math.sqrt(3)] },
  },
  domain: { loc: "real", scale: "positive", asymmetry: "positive" },
  values: [-3, 0.25, 4],
  invalid: [
    { loc: 0, scale: 1, asymmetry: 0 },
    { loc: 0, scale: [1, -1], asymmetry: 1 },
  ],
});

describe("AsymmetricLaplace", () => {
  test("of asymmetry 1 is Laplace's", () => {
    const [d, laplace] = [new AsymmetricLaplace({ loc: 1, scale: 2, asymmetry: 1 }), new Laplace({ loc: 1, scale: 2 })];
    const x = tensor([-50, 0.5, 1, 7]);
    for (const method of ["logProb", "logCdf", "logSurvival"] as const) {
      d[method](x)
        .div(laplace[method](x))
        .data()
        .forEach((ratio) => void expect(ratio).toBeCloseTo(1, 14));
    }
  });

  test("by a quantile: loc is the quantile of that level", () => {
    for (const level of [0.01, 0.5, 0.9]) {
      const d = AsymmetricLaplace.fromQuantile({ loc: 3, scale: 2, quantile: level });
      expect(d.cdf(3).item()).toBeCloseTo(level, 14);
      // the slopes of the pinball loss: log density falls by level / scale above, by (1 - level) / scale below
      expect(d.logProb(3).sub(d.logProb(4)).item()).toBeCloseTo(level / 2, 14);
      expect(d.logProb(3).sub(d.logProb(2)).item()).toBeCloseTo((1 - level) / 2, 14);
    }
  });
});

describeDistribution("SkewNormal", {
  build: ({ loc, scale, shape }) => new SkewNormal({ loc: loc!, scale: scale!, shape: shape! }),
  params: {
    standard: { loc: 0, scale: 1, shape: 2 },
    "in a batch [2, 3]": { loc: [-2, 0, 5], scale: [[0.5], [10]], shape: [-3, 0, 20] },
  },
  domain: { loc: "real", scale: "positive", shape: "real" },
  values: [-3, 0.25, 4],
  invalid: [
    { loc: 0, scale: 0, shape: 1 },
    { loc: 0, scale: 1, shape: Number.NaN },
  ],
});

describe("SkewNormal", () => {
  const x = tensor([-30, -1, 0, 0.5, 30]);
  const methods = ["logProb", "logCdf", "logSurvival"] as const;

  test("of shape 0 is normal", () => {
    const [d, normal] = [new SkewNormal({ loc: 0, scale: 1, shape: 0 }), new Normal({ loc: 0, scale: 1 })];
    for (const method of methods) {
      const is = normal[method](x).data();
      d[method](x)
        .data()
        .forEach((value, i) => void expect(value / is[i]!).toBeCloseTo(1, 12)); // e^-450 takes them
    }
    expect(d.entropy().item()).toBeCloseTo(normal.entropy().item(), 14);
  });

  test("of a vast shape is half-normal", () => {
    const [d, half] = [new SkewNormal({ loc: 0, scale: 1, shape: 1e25 }), new HalfNormal({ scale: 1 })];
    for (const method of ["mean", "variance", "skewness", "entropy"] as const)
      expect(d[method]().item()).toBeCloseTo(half[method]().item(), 14);
    expect(d.logSurvival(20).item() / half.logSurvival(20).item()).toBeCloseTo(1, 14);
    expect(d.quantile(0.3).item()).toBeCloseTo(half.quantile(0.3).item(), 14);
  });

  test("at loc the cdf is 1/2 - atan(shape) / π", () => {
    for (const shape of [-5, -0.1, 0.3, 1e3]) {
      const exact = Math.atan2(1, shape) / Math.PI;
      expect(new SkewNormal({ loc: 0, scale: 1, shape }).cdf(0).item() / exact).toBeCloseTo(1, 13);
    }
  });

  test("far tails, against mpmath", () => {
    const d = new SkewNormal({ loc: 0, scale: 1, shape: 3 });
    expect(d.logCdf(-5).item() / -132.77707136334658).toBeCloseTo(1, 14);
    expect(d.logCdf(-20).item() / -2010.5381688868115).toBeCloseTo(1, 14);
    expect(d.logSurvival(15).item() / -115.43823766515175).toBeCloseTo(1, 14);
  });

  test("the mode is where the slope of the density is 0", () => {
    for (const shape of [-4, 0.2, 1e6]) {
      const d = new SkewNormal({ loc: 1, scale: 2, shape });
      const slope = grad((at: Tensor) => d.logProb(at))(d.mode()).item();
      expect(Math.abs(slope)).toBeLessThan(1e-9 * (1 + Math.abs(shape)));
    }
  });
});
