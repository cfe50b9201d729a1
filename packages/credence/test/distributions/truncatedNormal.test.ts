import { grad, type Tensor, tensor } from "credence";
import { Normal, TruncatedNormal } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("TruncatedNormal", {
  build: ({ loc, scale, from, width }) => {
    const low = loc!.add(scale!.mul(from!));
    return new TruncatedNormal({ loc: loc!, scale: scale!, low, high: low.add(scale!.mul(width!)) });
  },
  params: {
    "around the mean": { loc: 2, scale: 1, from: -1, width: 3 },
    "in a batch [2, 3], from 1 to 4 in either tail and around": {
      loc: [-7, 2, 11],
      scale: [[1], [2]],
      from: [
        [8, -1, -10],
        [4, -0.5, -5],
      ],
      width: [[3], [1.5]],
    },
  },
  domain: {
    loc: { from: -1e-12, to: 1e-12 },
    scale: { from: 1e-10, to: 1e30 },
    from: { from: -40, to: 40 },
    width: { from: 1e-6, to: 100 },
  },
  values: [1.25, 2.2],
  invalid: [
    { loc: 0, scale: 0, from: 0, width: 1 },
    { loc: 0, scale: 1, from: 0, width: -1 },
    { loc: 0, scale: 1, from: [0, Number.NaN], width: 1 },
  ],
});

/** Numbers from mpmath 1.3.0, 60 digits. */
describe("TruncatedNormal", () => {
  const close = (got: Tensor, is: number, digits = 14): void => void expect(got.item() / is).toBeCloseTo(1, digits);

  test("a thousand standard deviations out there is neither infinity nor NaN (tensorflow/probability 1214, 1788, 1844)", () => {
    const d = new TruncatedNormal({ loc: 0, scale: 1, low: 1000, high: 1001 });
    close(d.mean(), 1000.000999998);
    close(d.variance(), 9.999940000499995e-7);
    close(d.entropy(), -5.907757278974637);
    close(d.logProb(1000.001), 5.907755779003284);
    const draws = [...d.sample({ seed: 1, shape: [1000] }).data()];
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(1000);
    expect(Math.max(...draws)).toBeLessThan(1000.1);
  });

  test("both tails alike: mirrored limits mirror the law, bit for bit", () => {
    const right = new TruncatedNormal({ loc: 0, scale: 2, low: 3, high: 30 });
    const left = new TruncatedNormal({ loc: 0, scale: 2, low: -30, high: -3 });
    expect(left.quantile([0.25, 0.75]).neg().data()).toEqual(right.quantile([0.75, 0.25]).data());
    expect(left.logProb([-29, -4]).data()).toEqual(right.logProb([29, 4]).data());
    expect(left.mean().item()).toBe(-right.mean().item());
    expect(left.skewness().item()).toBe(-right.skewness().item());
  });

  test("without limits it is the normal distribution", () => {
    const d = new TruncatedNormal({ loc: 1, scale: 2, low: -Infinity, high: Infinity });
    const normal = new Normal({ loc: 1, scale: 2 });
    const x = tensor([-60, 0, 1, 5]);
    for (const method of ["logProb", "logCdf", "logSurvival"] as const) {
      d[method](x)
        .data()
        .forEach((value, i) => void expect(value / normal[method](x).data()[i]!).toBeCloseTo(1, 14));
    }
    expect(d.quantile([1e-300, 0.3, 0.5]).data()).toEqual(normal.quantile([1e-300, 0.3, 0.5]).data());
    expect(d.mean().item()).toBe(1);
    expect(d.skewness().item()).toBeCloseTo(0, 15);
    close(d.variance(), 4);
    close(d.entropy(), normal.entropy().item());
  });

  test("quantiles are found where a limit lies near the mean, on either side of it", () => {
    for (const low of [-1.5, -0.9, -1e-3, 0, 1e-9, 0.025, 0.4, 0.99, 1, 1.7]) {
      for (const p of [1e-12, 0.01, 0.3, 0.5, 0.51, 0.9, 1 - 1e-9]) {
        const above = new TruncatedNormal({ loc: 0, scale: 1, low, high: Number.POSITIVE_INFINITY });
        const below = new TruncatedNormal({ loc: 0, scale: 1, low: Number.NEGATIVE_INFINITY, high: -low });
        const [x, y] = [above.quantile(p), below.quantile(1 - p)];
        // some roundings, and those of 1 - p
        expect(Math.abs(above.cdf(x).item() - p) / p, `${low}, ${p}`).toBeLessThan(1e-13 + 1e-15 / p);
        expect(Math.abs(below.cdf(y).item() - (1 - p)), `${low}, ${p}`).toBeLessThan(1e-14);
      }
    }
  });

  test("quantiles beside a limit keep the digits of their distance from it", () => {
    const d = new TruncatedNormal({ loc: -1000, scale: 1, low: 0, high: 1 });
    close(d.quantile(1e-200), 9.99999000003e-204);
    close(d.cdf(d.quantile(1e-200)), 1e-200);
  });

  test("draws move with the parameters by the derivatives of the cdf", () => {
    const start = { loc: tensor(0.4), scale: tensor(0.7), low: tensor(1), high: tensor(2) };
    const slopes = grad((p: typeof start) => new TruncatedNormal(p).sample({ seed: 5 }))(start);
    const x = new TruncatedNormal(start).sample({ seed: 5 }).item();
    const density = new TruncatedNormal(start).prob(x).item();
    for (const name of ["loc", "scale", "low", "high"] as const) {
      const cdfAt = (by: number): number =>
        new TruncatedNormal({ ...start, [name]: start[name].add(by) }).cdf(x).item();
      const h = 1e-4;
      const slope = (8 * (cdfAt(h) - cdfAt(-h)) - (cdfAt(2 * h) - cdfAt(-2 * h))) / (12 * h);
      expect(slopes[name].item() / (-slope / density)).toBeCloseTo(1, 6);
    }
  });

  test("gradients far out are those of the exponential distribution that it is near to", () => {
    // d logProb / d loc = (z - E z) / scale: with loc = 0 and low = 1e8 it is (x - low) - 1 / low
    const slope = grad((loc: Tensor) =>
      new TruncatedNormal({ loc, scale: 1, low: 1e8, high: Infinity }).logProb(1e8 + 4e-8),
    )(tensor(0)).item();
    const distance = 1e8 + 4e-8 - 1e8;
    expect(slope / (distance - 1e-8)).toBeCloseTo(1, 6);
  });
});
