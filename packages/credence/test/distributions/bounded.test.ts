import { grad, type Tensor, tensor } from "credence";
import { Kumaraswamy, LogitNormal, Triangular, Uniform } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("Uniform", {
  build: ({ low, width }) => new Uniform({ low: low!, high: low!.add(width!) }),
  params: { standard: { low: 0, width: 1 }, "in a batch [2, 3]": { low: [-5, 0.1, 0.2], width: [[10], [100]] } },
  domain: { low: { from: -1, to: 1 }, width: { from: 1e-9, to: 1e30 } },
  values: [0.25, 0.9],
  invalid: [
    { low: 0, width: -1 },
    { low: [0, 1], width: [1, -1] },
    { low: Number.NaN, width: 1 },
  ],
  lacks: ["mode"],
});

// peaks at levels that are eighths: there the harness divides its panels
describeDistribution("Triangular", {
  build: ({ low, rise, fall }) => {
    const peak = low!.add(rise!);
    return new Triangular({ low: low!, peak, high: peak.add(fall!) });
  },
  params: {
    standard: { low: 0, rise: 1, fall: 3 },
    "in a batch [2, 3]": {
      low: 0, // at another end, where the density is 0 too, quantiles near it have no digits of their distance
      rise: [1, 3, 7],
      fall: [
        [1, 1, 1],
        [3, 9, 7],
      ],
    },
  },
  domain: { low: { from: -1, to: 1 }, rise: { from: 1e-9, to: 1e30 }, fall: { from: 1e-9, to: 1e30 } },
  values: [0.25, 0.45],
  invalid: [
    { low: 0, rise: 0, fall: 0 },
    { low: 0, rise: -1, fall: 3 },
    { low: 0, rise: [1, 2], fall: [1, -1] },
  ],
});

describe("Triangular", () => {
  test("the peak may be one of the ends", () => {
    const d = new Triangular({ low: 0, high: 2, peak: [0, 2] });
    expect([...d.prob([0, 2]).data()]).toEqual([1, 1]);
    expect([...d.prob([1.5, 1.5]).data()]).toEqual([0.25, 0.75]);
    expect([...d.cdf([1.5, 1.5]).data()]).toEqual([0.9375, 0.5625]);
    expect([...d.quantile(0.5625).data()]).toEqual([2 - Math.sqrt(1.75), 1.5]);
  });

  test("a peak beyond the ends is named", () => {
    expect(() => new Triangular({ low: 0, high: 1, peak: 2 })).toThrow(/peak is 2 and high 1/);
    expect(() => new Triangular({ low: 0, high: 1, peak: -1 })).toThrow(/low is 0 and peak -1/);
  });
});

describeDistribution("Kumaraswamy", {
  build: ({ a, b }) => new Kumaraswamy({ concentration1: a!, concentration0: b! }),
  params: { standard: { a: 2, b: 3 }, "in a batch [2, 3]": { a: [0.5, 2, 40], b: [[1.5], [6]] } },
  domain: { a: "positive", b: "positive" },
  values: [0.3, 0.9],
  invalid: [
    { a: 0, b: 1 },
    { a: [1, 2], b: [1, -1] },
  ],
});

describe("Kumaraswamy", () => {
  test("at the ends the density has the limit of its powers", () => {
    const d = new Kumaraswamy({ concentration1: [0.5, 1, 2], concentration0: [2, 3, 0.5] });
    expect([...d.logProb([0, 0, 0]).data()]).toEqual([Infinity, Math.log(3), -Infinity]);
    expect([...d.logProb([1, 1, 1]).data()]).toEqual([-Infinity, -Infinity, Infinity]);
    const even = new Kumaraswamy({ concentration1: 1, concentration0: 1 });
    expect([...even.logProb([0, 0.3, 1]).data()].map((x) => x + 0)).toEqual([0, 0, 0]);
  });

  test("modes inside, at an end, and none", () => {
    const d = new Kumaraswamy({ concentration1: [2, 2, 0.5, 0.5], concentration0: [2, 0.5, 2, 0.5] });
    const modes = [...d.mode().data()];
    expect(modes[0]).toBeCloseTo(Math.sqrt(1 / 3), 14);
    expect(modes.slice(1)).toEqual([1, 0, Number.NaN]);
  });
});

describeDistribution("LogitNormal", {
  build: ({ loc, scale }) => new LogitNormal({ loc: loc!, scale: scale! }),
  params: { standard: { loc: 0, scale: 1 }, "in a batch [2, 3]": { loc: [-1, 0, 2], scale: [[0.3], [3]] } },
  domain: { loc: { from: -700, to: 30 }, scale: "positive" },
  values: [0.2, 0.7],
  invalid: [
    { loc: 0, scale: 0 },
    { loc: Number.NaN, scale: 1 },
  ],
});

describe("LogitNormal", () => {
  test("moments by either rule meet", () => {
    const at = (scale: number) => new LogitNormal({ loc: 0.7, scale });
    const [below, above] = [at(2 - 1e-12), at(2 + 1e-12)];
    for (const method of ["mean", "variance", "skewness", "entropy"] as const)
      expect(below[method]().item()).toBeCloseTo(above[method]().item(), 11);
  });

  test("a narrow law has the digits of its variance", () => {
    const d = new LogitNormal({ loc: 0, scale: 1e-9 });
    expect(d.variance().item() / (1e-18 / 16)).toBeCloseTo(1, 12);
  });

  test("the mode is where the density is highest, of two the higher", () => {
    for (const [loc, scale] of [
      [0.5, 0.7],
      [-0.5, 3],
      [0.1, Math.SQRT2],
    ] as const) {
      const d = new LogitNormal({ loc, scale });
      const mode = d.mode().item();
      const grid = tensor(Array.from({ length: 999 }, (_, i) => (i + 1) / 1000));
      expect(d.logProb(mode).item()).toBeGreaterThanOrEqual(d.logProb(grid).max().item());
    }
  });

  test("its mode moves with loc", () => {
    const mode = (loc: Tensor): Tensor => new LogitNormal({ loc, scale: 0.8 }).mode();
    const h = 1e-5;
    const slope = (mode(tensor(0.5 + h)).item() - mode(tensor(0.5 - h)).item()) / (2 * h);
    expect(grad(mode)(tensor(0.5)).item()).toBeCloseTo(slope, 8);
  });
});

describe("Uniform", () => {
  const d = new Uniform({ low: -1, high: 3 });

  test("the lower end belongs to it, the upper does not", () => {
    expect([...d.logProb([-1, 3, -1.0000000000000002]).data()]).toEqual([-Math.log(4), -Infinity, -Infinity]);
  });

  test("draws never reach the upper end, even where rounding would", () => {
    const narrow = new Uniform({ low: 1e16, high: 1e16 + 4 });
    expect([...narrow.sample({ seed: 1, shape: [100] }).data()].every((x) => x < 1e16 + 4)).toBe(true);
  });

  test("draws move with the ends", () => {
    const slope = grad((high: Tensor) => new Uniform({ low: -1, high }).sample({ seed: 3 }))(tensor(3)).item();
    expect(d.sample({ seed: 3 }).item()).toBeCloseTo(-1 + 4 * slope, 14);
  });

  test("equal ends are a point mass", () => {
    const point = new Uniform({ low: 2, high: 2 });
    expect([...point.logProb([1, 2, 3]).data()]).toEqual([-Infinity, Infinity, -Infinity]);
    expect([...point.cdf([1, 2, 3]).data()]).toEqual([0, 1, 1]);
    expect([...point.survival([1, 2, 3]).data()]).toEqual([1, 0, 0]);
    expect(point.quantile(0.3).item()).toBe(2);
  });

  test("a width beyond the largest number", () => {
    const wide = new Uniform({ low: -1.5e308, high: 1.5e308 });
    expect(wide.cdf([-1.5e308, -0.75e308, 1.2e308]).data()).toEqual(Float64Array.of(0, 0.25, 0.9));
    expect(wide.logProb(0).item()).toBeCloseTo(-(Math.log(1.5e308) + Math.LN2), 12);
    expect(wide.quantile([0.25, 0.75]).data()).toEqual(Float64Array.of(-0.75e308, 0.75e308));
  });

  test("ends in the wrong order are named", () => {
    expect(() => new Uniform({ low: [0, 2], high: 1 })).toThrow(/low is 2 and high 1, at position 1 of the batch/);
  });
});
