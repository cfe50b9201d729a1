import { type Tensor, tensor } from "credence";
import { type DistributionJson, fromJSON, Hypergeometric } from "credence/distributions";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hypergeometricInverse } from "../../src/distributions/hypergeometricInverse.js";
import { describeDistribution, expectCode } from "../support/laws.js";

describeDistribution("Hypergeometric", {
  build: ({ population, successes, draws }) =>
    new Hypergeometric({ population: population!, successes: successes!, draws: draws! }),
  params: {
    "in a batch": { population: [20, 300], successes: [[8], [20]], draws: [[7], [12]] },
    "of a support that starts above 0": { population: 12, successes: 9, draws: [6, 11] },
    "of many": { population: 100_000, successes: [400, 40_000], draws: 5000 },
    certain: { population: [9, 9, 9, 0], successes: [0, 9, 4, 0], draws: [5, 5, 9, 0] },
  },
  values: [0, 1, 5],
  invalid: [
    { population: 9.5, successes: 3, draws: 2 },
    { population: 9, successes: -1, draws: 2 },
    { population: 9, successes: 10, draws: 2 },
    { population: 9, successes: 3, draws: [2, 10] },
    { population: 2 ** 38, successes: 3, draws: 2 },
  ],
  whole: ["population", "successes", "draws"],
});

/**
 * Population, successes, draws, k; log p(k), log P(X <= k), log P(X > k). mpmath, at 60 digits, rounded to the nearest float:
 *
 *     p(j) = binomial(N - K, n - j) * binomial(K, j) / binomial(N, n)
 *
 * with N, K, n the first three; tails are sums of p over j, the logarithm of one above 1/2 is log1p of less the other. 0 stands for
 * a logarithm below the range of floats.
 */
const references: readonly (readonly number[])[] = [
  [10, 4, 3, 0, -1.791759469228055, -1.791759469228055, -0.18232155679395462],
  [10, 4, 3, 2, -1.203972804325936, -0.033901551675681346, -3.4011973816621555],
  [52, 13, 5, 3, -2.506629486854431, -0.011287959773851372, -4.4896572988662475],
  [50, 45, 10, 6, -5.5303545850323665, -5.500795782790822, -0.004091880887297661],
  [100, 37, 60, 22, -1.792890136235998, -0.5997547935820859, -0.7961687109549714],
  [100, 37, 60, 37, -25.708561300374747, 0, -Infinity],
  [1000, 500, 500, 250, -2.987271810950854, -0.6439525099541207, -0.7448877514587873],
  [1000, 500, 500, 100, -195.28649172514878, -195.22239365307772, -1.644340268870822e-85],
  [1000, 7, 990, 6, -2.7136960555469773, -2.68629056261372, -0.07056540054408307],
  [1000, 30, 400, 30, -28.164646020167186, 0, -Infinity],
  [1000000, 1000, 1000, 1, -0.9989996664999834, -0.3068524857732464, -1.3308941972739703],
  [1000000, 1000, 1000, 40, -112.82333737830363, -2.3103959558203306e-51, -116.59442082340551],
  [1000000, 500000, 1000, 500, -3.679418742177588, -0.6682227507940265, -0.7187087517376128],
  [1000000, 500000, 1000, 20, -597.9796992375218, -597.959163129515, -2.0400229319337092e-260],
  [1000000, 300000, 400000, 120000, -6.332812752959271, -0.691324427176696, -0.6949732624410447],
  [1000000, 300000, 400000, 110000, -1004.3290079392029, -1002.6228937404037, 0],
  [1000000, 300000, 400000, 200000, -63274.91778412007, 0, -63276.304094105915],
  [1000000, 999990, 500000, 499992, -3.124822315968635, -2.9061361864380935, -0.05623878857031244],
  [1000000, 1, 1, 0, -1.0000005000003334e-6, -1.0000005000003334e-6, -13.815510557964274],
  [1000000, 5, 3, 3, -37.35218411166822, 0, -Infinity],
  [137438953472, 1073741824, 1048576, 8192, -5.4204799765537945, -0.6872874537267727, -0.6990414462795276],
  [137438953472, 1073741824, 1048576, 20000, -6116.673913987355, 0, -6117.058951839364],
  [1000000, 2000, 5, 4, -23.253988235411875, -3.1840598204916136e-14, -31.078034246268164],
  [
    137438953472, 68719476736, 68719476736, 34359438368, -17.59455649465162, -7.4115443678629855,
    -0.0006044194343097611,
  ],
];

const law = ([population, successes, draws]: readonly number[]): Hypergeometric =>
  new Hypergeometric({ population: population!, successes: successes!, draws: draws! });

describe("Hypergeometric", () => {
  test.each(references)("population %d, successes %d, draws %d: k = %d", (...row) => {
    const d = law(row);
    const [k, logP, logBelow, logAbove] = row.slice(3) as [number, number, number, number];
    // the exponential of a rounded logarithm is off by as many units as that is long, a sum by part of a unit a term
    const close = (got: Tensor, is: number, units: number): void => {
      if (is === 0 || is === Number.NEGATIVE_INFINITY) expect(got.item() + 0).toBe(is);
      else expect(Math.abs(got.item() / is - 1) * 2 ** 52).toBeLessThanOrEqual(units);
    };
    const terms = d.stddev().item();
    const length = (other: number): number => (Number.isFinite(other) ? 2 * Math.abs(other) : 0);
    close(d.logProb(k), logP, 8);
    close(d.logCdf(k), logBelow, 8 + length(logAbove) + terms / 32);
    close(d.logSurvival(k), logAbove, 8 + length(logBelow) + terms / 32);
  });

  test("a single draw is a Bernoulli trial; draws of all or of none are certain", () => {
    expect(law([10, 3, 1]).prob([0, 1]).toArray()).toEqual([expect.closeTo(0.7, 15), expect.closeTo(0.3, 15)]);
    const d = new Hypergeometric({ population: 8, successes: 5, draws: [0, 8] });
    expect([...d.logProb([0, 5]).data()].map((x) => x + 0)).toEqual([0, 0]);
    expect(d.quantile(0.3).toArray()).toEqual([0, 5]);
    expect([...d.entropy().data()].map((x) => x + 0)).toEqual([0, 0]);
    expect(
      d
        .sample({ seed: 1, shape: [50] })
        .mean(0)
        .toArray(),
    ).toEqual([0, 5]);
  });

  test("skewness and mode", () => {
    const d = law([30, 8, 11]);
    const k = Array.from({ length: 9 }, (_, i) => i);
    const p = d.prob(k).data();
    const mean = d.mean().item();
    const third = k.reduce((sum, x, i) => sum + p[i]! * (x - mean) ** 3, 0);
    expect(d.skewness().item()).toBeCloseTo(third / d.stddev().item() ** 3, 12);
    expect(d.mode().item()).toBe(p.indexOf(Math.max(...p)));
    expect(law([2, 1, 1]).skewness().item() + 0).toBe(0);
    expect(law([2, 1, 1]).mode().item()).toBe(1);
  });

  test("any law: finite, symmetric in successes and draws, its tails add up, and quantiles undo the cdf", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const population = fc.double({ min: 0, max: 7, noNaN: true }).map((power) => Math.floor(10 ** power));
    const part = (all: number, of: number): number => Math.floor(all * of ** 3);
    fc.assert(
      fc.property(population, share, share, share, share, (all, a, b, c, level) => {
        const [successes, draws] = [part(all, a), part(all, b)];
        const [d, mirror] = [law([all, successes, draws]), law([all, draws, successes])];
        const lower = Math.max(0, draws + successes - all);
        const upper = Math.min(draws, successes);
        for (const k of [lower, lower + Math.round((upper - lower) * c), upper, d.quantile(level).item()]) {
          const logP = d.logProb(k).item();
          expect(logP).toBeGreaterThan(Number.NEGATIVE_INFINITY);
          expect(logP).toBeLessThanOrEqual(0);
          // as far as the order of the terms goes
          expect(Math.abs(mirror.logProb(k).item() - logP)).toBeLessThanOrEqual(2 ** -49 * Math.max(1, -logP));
          expect(Math.abs(d.cdf(k).item() + d.survival(k).item() - 1)).toBeLessThanOrEqual(2 ** -52);
          expect(d.logCdf(k).item()).not.toBeNaN();
          expect(d.logSurvival(k).item()).not.toBeNaN();
        }
        const found = d.quantile(level).item();
        const rounding = 1e-12;
        expect(d.cdf(found).item()).toBeGreaterThanOrEqual(level - rounding);
        if (found > lower) expect(d.cdf(found - 1).item()).toBeLessThanOrEqual(level + rounding);
        expect(d.entropy().item()).not.toBeNaN();
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    [1e6, 3e5, 4e5],
    [1e6, 20, 1e5],
    [1e4, 9990, 5000],
    [60, 50, 40],
  ])("of population %d, successes %d, draws %d: draws are quantiles, far out too", (...row) => {
    const d = law(row);
    const levels = tensor([1e-200, 1e-18, 1e-9, 1e-4, 0.1, 0.31, 0.5]);
    const skew = d.skewness().mul(d.stddev());
    expect(hypergeometricInverse(d, levels, skew).toArray()).toEqual(d.quantile(levels).toArray());
  });

  test("in float32", () => {
    const d = new Hypergeometric({ population: tensor(5000, { dtype: "float32" }), successes: 800, draws: 300 });
    const [single, double] = [
      d.logCdf(new Float32Array([20, 48, 60, 90])),
      law([5000, 800, 300]).logCdf([20, 48, 60, 90]),
    ];
    expect(single.dtype).toBe("float32");
    single.data().forEach((x, i) => void expect(Math.abs(x / double.data()[i]! - 1)).toBeLessThan(60 * 2 ** -23));
  });

  test("comes back from JSON", () => {
    const d = new Hypergeometric({ population: 12, successes: [3, 7], draws: 5 });
    const back = fromJSON(JSON.parse(JSON.stringify(d)) as DistributionJson);
    expect(back.logProb(2).toArray()).toEqual(d.logProb(2).toArray());
  });

  test("more successes or draws than there are, or more than floats count", () => {
    expectCode("domain", () => law([5, 6, 1]));
    expectCode("domain", () => law([5, 1, 6]));
    expectCode("domain", () => new Hypergeometric({ population: new Float32Array([2 ** 25]), successes: 3, draws: 2 }));
  });
});
