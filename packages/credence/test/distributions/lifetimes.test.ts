import { Exponential, InverseGaussian, Weibull } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

describeDistribution("Weibull", {
  build: ({ scale, concentration }) => new Weibull({ scale: scale!, concentration: concentration! }),
  params: {
    standard: { scale: 1, concentration: 1.5 },
    "in a batch [2, 3]": { scale: [0.1, 1, 2], concentration: [[0.7], [4]] },
  },
  domain: { scale: "positive", concentration: "positive" },
  values: [0.25, 0.5, 1.25],
  invalid: [
    { scale: 0, concentration: 1 },
    { scale: 1, concentration: [1, -1] },
  ],
});

describe("Weibull", () => {
  test("at 0 the density has the limit of its power", () => {
    expect([...new Weibull({ scale: 2, concentration: [0.5, 1, 2] }).logProb([0, 0, 0]).data()]).toEqual([
      Infinity,
      -Math.LN2,
      -Infinity,
    ]);
  });

  test("of concentration 1 is exponential", () => {
    const [d, other] = [new Weibull({ scale: 2, concentration: 1 }), new Exponential({ rate: 0.5 })];
    for (const method of ["mean", "stddev", "skewness", "entropy"] as const) {
      expect(d[method]().item() / other[method]().item()).toBeCloseTo(1, 14);
    }
  });

  test("narrow laws keep the digits of variance and skewness", () => {
    // Gumbel's, mirrored, in units of 1 / concentration
    const d = new Weibull({ scale: 1, concentration: 1e12 });
    expect((d.variance().item() * 1e24) / (Math.PI ** 2 / 6)).toBeCloseTo(1, 11);
    expect(d.skewness().item()).toBeCloseTo(-1.1395470994046486, 10);
  });
});

describeDistribution("InverseGaussian", {
  build: ({ loc, concentration }) => new InverseGaussian({ loc: loc!, concentration: concentration! }),
  params: {
    standard: { loc: 1, concentration: 1 },
    "in a batch [2, 3]": { loc: [0.5, 1, 3], concentration: [[2], [30]] },
  },
  domain: { loc: "positive", concentration: "positive" },
  values: [0.25, 0.5, 1.25],
  invalid: [
    { loc: 0, concentration: 1 },
    { loc: 1, concentration: [1, -1] },
  ],
});

/** Numbers from mpmath, 60 digits. */
describe("InverseGaussian", () => {
  test("its tails keep their digits where the two terms nearly cancel, and where neither is in range", () => {
    const slow = new InverseGaussian({ loc: 2, concentration: 1e-6 });
    expect(slow.survival([0.001, 1]).data()[0]! / 0.025226633246508572).toBeCloseTo(1, 13);
    expect(slow.survival([0.001, 1]).data()[1]! / 0.0007973849262501065).toBeCloseTo(1, 13);
    const narrow = new InverseGaussian({ loc: 1, concentration: 10 });
    expect(narrow.logCdf(0.001).item() / -4994.836060514144).toBeCloseTo(1, 14);
  });

  test("entropies of wide and narrow laws", () => {
    expect(new InverseGaussian({ loc: 2, concentration: 1e-6 }).entropy().item()).toBeCloseTo(-10.491049114020777, 12);
    expect(new InverseGaussian({ loc: 1, concentration: 1e8 }).entropy().item()).toBeCloseTo(-7.79140184627151, 12);
  });

  test("the mode is where the density is highest", () => {
    const d = new InverseGaussian({ loc: 1, concentration: [1e-12, 1, 1e12] });
    const mode = d.mode();
    for (const factor of [0.99, 1.01]) {
      const lower = d.logProb(mode.mul(factor)).lt(d.logProb(mode)).data();
      expect([...lower]).toEqual([1, 1, 1]);
    }
  });
});
