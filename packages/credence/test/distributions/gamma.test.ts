import { type Distribution, grad, klDivergence, type Tensor, tensor } from "credence";
import { Chi2, Exponential, fromJSON, Gamma, InverseGamma, Weibull } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { distanceToCdf, dkw } from "../support/bounds.js";
import { describeDistribution, expectCode } from "../support/laws.js";

describeDistribution("Gamma", {
  build: ({ concentration, rate }) => new Gamma({ concentration: concentration!, rate: rate! }),
  params: {
    standard: { concentration: 2.5, rate: 1 },
    "in a batch [2, 3]": { concentration: [0.4, 1, 30], rate: [[0.5], [20]] },
  },
  domain: { concentration: "positive", rate: "positive" },
  values: [0.25, 0.5, 2],
  invalid: [
    { concentration: 0, rate: 1 },
    { concentration: 1, rate: [1, -1] },
    { concentration: Number.NaN, rate: 1 },
  ],
});

describeDistribution("Chi2", {
  build: ({ df }) => new Chi2({ df: df! }),
  params: { standard: { df: 3 }, "in a batch": { df: [0.8, 2, 40] } },
  domain: { df: "positive" },
  values: [0.5, 3],
  invalid: [{ df: 0 }, { df: [1, -1] }],
});

describeDistribution("InverseGamma", {
  build: ({ concentration, rate }) => new InverseGamma({ concentration: concentration!, rate: rate! }),
  params: {
    standard: { concentration: 7, rate: 3 },
    "in a batch [2, 3]": { concentration: [0.7, 5.5, 30], rate: [[0.5], [20]] },
  },
  domain: { concentration: "positive", rate: "positive" },
  values: [0.25, 0.5, 2],
  invalid: [
    { concentration: 0, rate: 1 },
    { concentration: 1, rate: [1, -1] },
  ],
});

const one = new Gamma({ concentration: 3, rate: 2 });

describe("Gamma", () => {
  test("by its scale", () => {
    const d = new Gamma({ concentration: 3, scale: 0.5 });
    expect(d.logProb([0.2, 4]).data()).toEqual(one.logProb([0.2, 4]).data());
    expect(Object.keys(fromJSON(d.toJSON()).parameters)).toEqual(["concentration", "scale"]);
    expectCode("argument", () => new Gamma({ concentration: 3, scale: 0.5, rate: 2 } as never));
    expectCode("argument", () => new Gamma({ concentration: 3 } as never));
    expectCode("domain", () => new Gamma({ concentration: 3, scale: 0 }));
  });

  test("at 0 the density has the limit of its power", () => {
    const d = new Gamma({ concentration: [0.5, 1, 2], rate: 3 });
    expect([...d.logProb(0).data()]).toEqual([Infinity, Math.log(3), -Infinity]);
    expect(new Chi2({ df: [1, 2, 3] }).logProb(0).toArray()).toEqual([Infinity, Math.log(0.5), -Infinity]);
    expect(new InverseGamma({ concentration: [0.5, 1, 2], rate: 3 }).logProb(0).toArray()).toEqual([
      -Infinity,
      -Infinity,
      -Infinity,
    ]);
  });

  test("is exponential, and chi-squared", () => {
    const pairs: [Distribution, Distribution][] = [
      [new Gamma({ concentration: 1, rate: 0.7 }), new Exponential({ rate: 0.7 })],
      [new Gamma({ concentration: 2.5, rate: 0.5 }), new Chi2({ df: 5 })],
    ];
    for (const [a, b] of pairs) {
      for (const method of ["logProb", "cdf", "survival", "logCdf", "logSurvival"] as const) {
        const [x, y] = [a[method]([1e-9, 0.3, 4, 50]).data(), b[method]([1e-9, 0.3, 4, 50]).data()];
        x.forEach((value, i) => {
          expect(value / y[i]!, method).toBeCloseTo(1, 13);
        });
      }
      for (const method of ["mean", "variance", "skewness", "mode", "entropy"] as const) {
        expect(a[method]().item(), method).toBeCloseTo(b[method]().item(), 13);
      }
    }
  });

  test("digits where x times the rate underflows", () => {
    // P(a, y) is y^a / Γ(a + 1) there: with a log y from log x + log(rate)
    const d = new Gamma({ concentration: 1e-4, rate: 1e-30 });
    const logY = Math.log(1e-300) + Math.log(1e-30);
    expect(d.cdf(1e-300).item() / Math.exp(1e-4 * (logY + 0.5772156649015329) - 8.2246703e-9)).toBeCloseTo(1, 12);
    expect(d.survival(1e-300).item()).toBeCloseTo(1 - d.cdf(1e-300).item(), 15);
    expect(d.logProb(1e-300).item() / (Math.log(1e-4) - Math.log(1e-300) + 1e-4 * logY)).toBeCloseTo(1, 6);
    const inverse = new InverseGamma({ concentration: 1e-4, rate: 1e-30 });
    expect(inverse.cdf(1e300).item()).toBeCloseTo(d.survival(1e-300).item(), 15);
  });

  test("inventory rows 16 and 17: draws for the smallest concentrations are positive, and their densities finite", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const concentration = tensor([1e-30, 1e-3, 0.05], { dtype });
      const laws = [new Gamma({ concentration, rate: 3 }), new InverseGamma({ concentration, rate: 3 })];
      for (const d of laws) {
        const x = d.sample({ seed: 3, shape: [200] });
        expect([...x.data()].every((value) => value > 0 && Number.isFinite(value))).toBe(true);
        expect([...d.logProb(x).data()].every(Number.isFinite)).toBe(true);
      }
    }
  });

  test.each([
    [1e-2, 1e-20],
    [0.3, 1e10],
    [1e6, 1e-25],
    [1e15, 1],
  ])("draws follow the cdf: concentration %d, rate %d", (concentration, rate) => {
    const d = new Gamma({ concentration, rate });
    const sorted = d
      .sample({ seed: 5, shape: [20_000] })
      .data()
      .slice()
      .sort();
    const cdf = d.cdf(tensor(sorted)).data();
    // of the smallest concentration some underflow, which are then the least number of all
    const first = sorted.findLastIndex((x) => x <= 2 ** -1022) + 1;
    expect(distanceToCdf(sorted.slice(first), cdf.slice(first), false)).toBeLessThan(first === 0 ? dkw(20_000) : 1);
    expect(Math.abs(first / 20_000 - (first === 0 ? 0 : d.cdf(2 ** -1022).item()))).toBeLessThan(dkw(20_000));
  });

  test("inventory row 12: quantiles and draws have pathwise gradients, those of the cdf held fixed", () => {
    const laws = [
      (a: Tensor, b: Tensor) => new Gamma({ concentration: a, rate: b }),
      (a: Tensor, b: Tensor) => new InverseGamma({ concentration: a, rate: b }),
      (a: Tensor, b: Tensor) => new Gamma({ concentration: a, scale: b }),
    ];
    for (const build of laws) {
      for (const a of [0.3, 1, 4, 60]) {
        const at = { a: tensor(a), b: tensor(1.7) };
        const ways = {
          draw: (t: typeof at) => build(t.a, t.b).sample({ seed: 9 }),
          quantile: (t: typeof at) => build(t.a, t.b).quantile(0.8),
        };
        for (const [name, way] of Object.entries(ways)) {
          const x = way(at).item();
          const slopes = grad(way)(at);
          const cdf = grad((t: typeof at) => build(t.a, t.b).cdf(x))(at);
          const density = build(at.a, at.b).prob(x).item();
          for (const p of ["a", "b"] as const) {
            const expected = -cdf[p].item() / density;
            // the bar of issue 4: 1e-6 relative
            expect(Math.abs(slopes[p].item() / expected - 1), `${name}, ${a}, ${p}`).toBeLessThan(1e-9);
          }
        }
      }
    }
  });

  test("gradients of the log density at the largest concentrations", () => {
    // d/da = log(y / a) + 1 / (2a) + ..., which log y - digamma(a) would lose
    const [a, x] = [1e12, 1e12 + 3e5];
    const slope = grad((c: Tensor) => new Gamma({ concentration: c, rate: 1 }).logProb(x))(tensor(a)).item();
    expect(slope / (Math.log1p(3e-7) + 0.5e-12)).toBeCloseTo(1, 9);
  });
});

describe("InverseGamma", () => {
  const d = new InverseGamma({ concentration: [0.5, 1, 1.5, 2, 2.5, 3, 4], rate: 2 });

  test("moments of the order of the concentration and above do not exist", () => {
    expect([...d.mean().data()]).toEqual([Infinity, Infinity, 4, 2, 4 / 3, 1, 2 / 3]);
    const variance = d.variance().data();
    expect([...variance].map(Number.isFinite)).toEqual([false, false, false, false, true, true, true]);
    expect(variance[5]).toBeCloseTo(1, 14);
    expect([...d.skewness().data()].map(Number.isNaN)).toEqual([true, true, true, true, true, true, false]);
  });

  test("is the law of one over a gamma number", () => {
    const gamma = new Gamma({ concentration: [0.5, 1, 1.5, 2, 2.5, 3, 4], rate: 2 });
    for (const x of [0.01, 0.5, 3, 1e5]) {
      expect([...d.cdf(x).data()]).toEqual([...gamma.survival(1 / x).data()]);
      const moved = gamma
        .logProb(1 / x)
        .sub(2 * Math.log(x))
        .data();
      d.logProb(x)
        .data()
        .forEach((value, i) => {
          expect(value).toBeCloseTo(moved[i]!, 11);
        });
    }
  });
});

describe("divergences from gamma laws", () => {
  test("chi-squared and exponential laws are gamma laws on either side", () => {
    const gamma = new Gamma({ concentration: 2.5, rate: 0.5 });
    const other = new Gamma({ concentration: 1, rate: 0.8 });
    const expected = klDivergence(gamma, other).item();
    expect(klDivergence(new Chi2({ df: 5 }), new Exponential({ rate: 0.8 })).item()).toBeCloseTo(expected, 14);
    expect(klDivergence(gamma, new Exponential({ rate: 0.8 })).item()).toBeCloseTo(expected, 14);
    const back = klDivergence(other, gamma).item();
    expect(klDivergence(new Exponential({ rate: 0.8 }), new Chi2({ df: 5 })).item()).toBeCloseTo(back, 14);
    expect(klDivergence(new Exponential({ rate: 0.8 }), gamma).item()).toBeCloseTo(back, 14);
    expect(klDivergence(new Chi2({ df: 5 }), new Chi2({ df: 5 })).item()).toBe(0);
  });

  test("nearly equal laws of a large concentration, moved along the direction that changes them least", () => {
    // with equal means it is (δ / a)² / 4 (1 + O(1 / a, δ)) for a relative change δ of both
    const a = 1e8;
    const p = new Gamma({ concentration: a, rate: 1 });
    const q = new Gamma({ concentration: a * (1 + 2 ** -20), rate: 1 + 2 ** -20 });
    expect((klDivergence(p, q).item() * 4) / 2 ** -40).toBeCloseTo(1, 5);
  });

  test("Weibull laws of concentration 1 are exponential", () => {
    const [p, q] = [new Weibull({ scale: 2, concentration: 1 }), new Gamma({ concentration: 3.5, rate: 1.2 })];
    expect(klDivergence(p, q).item()).toBeCloseTo(klDivergence(new Exponential({ rate: 0.5 }), q).item(), 13);
    expect(klDivergence(q, p).item()).toBeCloseTo(klDivergence(q, new Exponential({ rate: 0.5 })).item(), 13);
    const even = new Exponential({ rate: 0.5 });
    expect(Math.abs(klDivergence(p, even).item())).toBeLessThan(1e-15);
  });

  test("to a Weibull law, of a large concentration", () => {
    // the logarithm of a narrow gamma number is nearly normal with scale 1 / √a; E (x / scale)^k is then 1 + k² / (2a)
    const [a, k] = [1e20, 3];
    const divergence = klDivergence(
      new Gamma({ concentration: a, rate: 1 }),
      new Weibull({ scale: a, concentration: k }),
    );
    expect(divergence.item()).toBeCloseTo(Math.log(Math.sqrt(a) / k) + 0.5 - 0.5 * Math.log(2 * Math.PI), 12);
  });

  test("infinite where an expectation is", () => {
    const heavy = new InverseGamma({ concentration: 0.9, rate: 1 });
    expect(klDivergence(heavy, one).item()).toBe(Infinity);
    expect(klDivergence(new Gamma({ concentration: 1, rate: 1 }), heavy).item()).toBe(Infinity);
  });
});
