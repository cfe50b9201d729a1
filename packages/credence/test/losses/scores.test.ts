import {
  Categorical,
  Chi2,
  compile,
  Exponential,
  Gamma,
  grad,
  Laplace,
  Logistic,
  losses,
  MixtureSameFamily,
  Normal,
  StudentT,
  type Tensor,
  tensor,
} from "credence";
import { crpsOfSamples } from "credence/metrics";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { byQuadrature } from "../../src/losses/crpsByQuadrature.js";
import { expectCode } from "../support/laws.js";

const mixture = new MixtureSameFamily({
  mixture: new Categorical({ logits: [0, 1] }),
  components: new Normal({ loc: [0, 3], scale: [1, 0.2] }),
});

describe("crps", () => {
  test.each(
    [
      new Normal({ loc: 1, scale: 2 }),
      new Laplace({ loc: 1, scale: 2 }),
      new Logistic({ loc: 1, scale: 2 }),
      new Exponential({ rate: 2 }),
      new Gamma({ concentration: 2.3, rate: 0.4 }),
      new Gamma({ concentration: 0.6, rate: 2 }),
      new Chi2({ df: 7 }),
      new StudentT({ df: 6, loc: 1, scale: 2 }),
      mixture,
    ].map((d) => [d.name, d] as const),
  )("of %s is its integral", (_, d) => {
    // y beyond the last level is one panel, which may miss where in it the last 1e-8 of the mass lies
    for (const y of [-20, 0.3, 4, 60]) {
      const [is, formula] = [byQuadrature(d, tensor(y)).item(), losses.crps(d, y).item()];
      expect(Math.abs(formula - is), `at ${y}`).toBeLessThan(1e-10 * Math.max(1, is));
    }
  });

  test("of Student's t: smooth about df = 1, the normal one's for large df, infinite from 1/2 down", () => {
    const of = (df: number, dtype: "float32" | "float64" = "float64"): number =>
      losses.crps(new StudentT({ df: tensor(df, { dtype }), loc: 1, scale: 2 }), 4).item();
    const h = 1e-3;
    const between = (4 * (of(1 - h) + of(1 + h)) - (of(1 - 2 * h) + of(1 + 2 * h))) / 6; // error of the order h⁴
    for (const df of [1, 1 + 1e-12, 1 - 1e-9]) expect(of(df)).toBeCloseTo(between, 8);
    expect(of(1, "float32")).toBeCloseTo(between, 5);
    // levels beyond 1e-8 are 3e7 away: their squares leave out about 1e-6
    expect(of(1)).toBeCloseTo(byQuadrature(new StudentT({ df: 1, loc: 1, scale: 2 }), tensor(4)).item(), 5);
    expect(of(1e12)).toBeCloseTo(losses.crps(new Normal({ loc: 1, scale: 2 }), 4).item(), 10);
    expect(of(0.4)).toBe(Infinity);
  });

  test("of a gamma law of concentration 1 is that of the exponential one, and of a narrow one that of the normal", () => {
    const y = tensor([-1, 0, 0.2, 3]);
    const [a, b] = [new Gamma({ concentration: 1, rate: 2 }), new Exponential({ rate: 2 })].map((d) =>
      losses.crps(d, y, { reduction: "none" }).data(),
    );
    a!.forEach((value, i) => {
      expect(value).toBeCloseTo(b![i]!, 14);
    });
    const [mean, deviation] = [1e12, 1e6];
    const narrow = losses.crps(new Gamma({ concentration: 1e12, rate: 1 }), mean + 2e6).item();
    // a law of skewness 2e-6, whose mean and variance are those of the normal one; 1e12 is known to 2^-13
    expect(narrow / losses.crps(new Normal({ loc: mean, scale: deviation }), mean + 2e6).item()).toBeCloseTo(1, 5);
  });

  test("of many draws is near that of their law", () => {
    const draws = mixture.sample({ seed: 3, shape: [20_000] });
    const ofDraws = crpsOfSamples(draws.reshape([20_000, 1]), [2.5])[0]!;
    // mean |X - y| of 20,000 draws with a standard deviation below 1.5 is right to 0.07 at six standard errors
    expect(Math.abs(losses.crps(mixture, 2.5).item() - ofDraws)).toBeLessThan(0.07);
  });

  test("its gradient is that of its integral", () => {
    const at = (f: (d: Normal) => Tensor) => grad((p: { loc: Tensor; scale: Tensor }) => f(new Normal(p)));
    const p = { loc: tensor(0.3), scale: tensor(1.7) };
    const [a, b] = [at((d) => losses.crps(d, 1.1))(p), at((d) => byQuadrature(d, tensor(1.1)))(p)];
    expect(a.loc.item()).toBeCloseTo(b.loc.item(), 12);
    expect(a.scale.item()).toBeCloseTo(b.scale.item(), 12);
  });
});

describe("energyScore", () => {
  test("of numbers is the CRPS of the draws", () => {
    const draws = [0.3, 1.5, -0.2, 2.2, 0.9];
    const [samples, y] = [tensor(draws).reshape([5, 1, 1]), tensor([[0.7]])];
    const plain = losses.energyScore(samples, y, { fair: false }).item();
    expect(plain).toBeCloseTo(crpsOfSamples(tensor(draws).reshape([5, 1]), [0.7])[0]!, 14);
    expect(losses.energyScore(samples, y).item()).toBeLessThan(plain);
  });

  test("draws that coincide have a finite gradient", () => {
    const slope = grad((x: Tensor) => losses.energyScore(x, [0, 0]))(
      tensor([
        [1, 1],
        [1, 1],
        [0, 0],
      ]),
    );
    expect([...slope.data()].every(Number.isFinite)).toBe(true);
    expectCode("shape", () => losses.energyScore([[1, 1]], [0, 0]));
  });
});

describe("pinball", () => {
  test("is least at the quantile", () => {
    const y = new Normal({ loc: 0, scale: 1 }).sample({ seed: 1, shape: [4000] });
    const sorted = [...y.data()].sort((a, b) => a - b);
    for (const level of [0.1, 0.5, 0.9]) {
      const best = sorted[Math.floor(level * sorted.length)]!;
      const at = (q: number): number => losses.pinball(tensor(q).broadcastTo([4000]), y, level).item();
      expect(at(best)).toBeLessThan(at(best + 0.1));
      expect(at(best)).toBeLessThan(at(best - 0.1));
    }
    expectCode("domain", () => losses.pinball([1], [2], 1.5));
  });
});

describe("negativeLogLikelihood", () => {
  const d = new Normal({ loc: [0, 1, 2], scale: 1 });

  test("weights and masks: what does not count may be NaN", () => {
    const y = [0.5, Number.NaN, 1];
    const each = [0, 2].map((i) => -new Normal({ loc: i, scale: 1 }).logProb(y[i]!).item());
    expect(losses.negativeLogLikelihood(d, y, { mask: [1, 0, 1] }).item()).toBeCloseTo((each[0]! + each[1]!) / 2, 15);
    const weighed = losses.negativeLogLikelihood(d, y, { mask: [1, 0, 1], weights: [1, 5, 3] }).item();
    expect(weighed).toBeCloseTo((each[0]! + 3 * each[1]!) / 4, 15);
    expect(losses.negativeLogLikelihood(d, y, { mask: [0, 0, 0] }).item()).toBe(0);
    const slope = grad((loc: Tensor) =>
      losses.negativeLogLikelihood(new Normal({ loc, scale: 1 }), y, { mask: [1, 0, 1] }),
    );
    expect([...slope(tensor([0, 1, 2])).data()]).toEqual([-0.25, 0, 0.5]);
    expectCode("shape", () => losses.negativeLogLikelihood(d, [1, 2, 3], { weights: [[1], [2]] }));
  });

  test("a density above 1 makes a loss below 0", () => {
    expect(losses.negativeLogLikelihood(new Normal({ loc: 0, scale: 1e-3 }), 0).item()).toBeLessThan(-5);
  });
});

describe("censoredNll", () => {
  const d = new Exponential({ rate: 0.5 });

  test("exact, from the right, from the left, between", () => {
    const lower = [2, 2, Number.NEGATIVE_INFINITY, 1];
    const upper = [2, Number.POSITIVE_INFINITY, 2, 3];
    const is = [-d.logProb(2).item(), 1, -Math.log(-Math.expm1(-1)), -Math.log(Math.exp(-0.5) - Math.exp(-1.5))];
    const got = losses.censoredNll(d, { lower, upper }, { reduction: "none" });
    [...got.data()].forEach((x, i) => {
      expect(x).toBeCloseTo(is[i]!, 14);
    });
  });

  test("far in either tail it stays finite, and so does its gradient", () => {
    const far = (rate: Tensor, lower: number, upper: number): Tensor =>
      losses.censoredNll(new Exponential({ rate }), { lower, upper });
    for (const [lower, upper] of [
      [4000, 4001],
      [1e-300, 2e-300],
      [4000, Number.POSITIVE_INFINITY],
      [2, 2],
    ] as const) {
      expect(far(tensor(0.5), lower, upper).item()).toBeGreaterThan(0);
      expect(Number.isFinite(grad((rate: Tensor) => far(rate, lower, upper))(tensor(0.5)).item())).toBe(true);
    }
  });
});

describe("bivariate losses", () => {
  test("finite value and gradient for every output up to ±500 in float32", () => {
    const size = fc.double({ min: -500, max: 500, noNaN: true });
    const loss = compile((a: Tensor, s: Tensor) =>
      losses.bivariateMixtureNll(a, s, { components: 2, reduction: "sum" }),
    );
    const slope = compile((a: Tensor, s: Tensor) =>
      grad((x: Tensor) => losses.bivariateMixtureNll(x, s, { components: 2, reduction: "sum" }))(a),
    );
    fc.assert(
      fc.property(fc.array(size, { minLength: 13, maxLength: 13 }), size, size, fc.boolean(), (outputs, x, y, up) => {
        const [a, s] = [tensor(Float32Array.from(outputs)), tensor(Float32Array.of(x, y, Number(up)))];
        expect(Number.isFinite(loss(a, s).item())).toBe(true);
        for (const g of slope(a, s).data()) expect(Number.isFinite(g)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("any leading shape, and points that are done have no place", () => {
    const points = tensor(
      Float64Array.from({ length: 4 * 3 * 5 }, (_, i) => Math.sin(i)),
      { shape: [4, 3, 5] },
    );
    const strokes = points.mul(0).add(tensor([0.3, -0.2, 0, 0, 1]));
    const activations = tensor(
      Float64Array.from({ length: 4 * 3 * 15 }, (_, i) => Math.cos(i)),
      { shape: [4, 3, 15] },
    );
    const each = losses.bivariateMixtureNll(activations, strokes, {
      components: 2,
      pen: "sketch-rnn",
      reduction: "none",
    });
    expect(each.shape).toEqual([4, 3]);
    const [a, b, c] = [0, 1, 2].map((i) => Math.cos(i)) as [number, number, number];
    expect(each.data()[0]).toBeCloseTo(Math.log(Math.exp(a) + Math.exp(b) + Math.exp(c)) - c, 14);
    expectCode("shape", () => losses.bivariateMixtureNll(activations, strokes, { components: 3, pen: "sketch-rnn" }));
    expectCode("argument", () =>
      losses.bivariateMixtureNll(activations, strokes, { components: 2, pen: "up" as never }),
    );
  });
});

describe("klToStandardNormal", () => {
  test("of mean m and standard deviation exp(s): (m² + exp(2 s) - 2 s - 1) / 2, never below 0", () => {
    fc.assert(
      fc.property(fc.double({ min: -5, max: 5, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), (m, s) => {
        const got = losses.klToStandardNormal([m], [2 * s]).item();
        expect(got).toBeGreaterThanOrEqual(0);
        expect(got).toBeCloseTo((m * m + Math.exp(2 * s) - 2 * s - 1) / 2, 10);
        expect(losses.klToNormal([m], [2 * s], [0], [0]).item()).toBe(got);
      }),
    );
  });
});
