import {
  Bernoulli,
  Beta,
  Categorical,
  Cauchy,
  compile,
  crossEntropy,
  type Distribution,
  Exponential,
  Geometric,
  grad,
  HalfNormal,
  hellinger,
  Independent,
  jensenShannon,
  key,
  klBounds,
  klDivergence,
  Laplace,
  LogNormal,
  MixtureSameFamily,
  MultivariateNormal,
  mmd,
  Normal,
  normal,
  Poisson,
  renyi,
  StudentT,
  type Tensor,
  tensor,
  totalVariation,
  Uniform,
} from "credence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expectCode } from "../support/laws.js";

const pairs: readonly (readonly [Distribution, Distribution])[] = [
  [new Normal({ loc: 0.4, scale: 0.7 }), new Normal({ loc: -0.2, scale: 1.1 })],
  [new Normal({ loc: 0.4, scale: 0.7 }), new Normal({ loc: -3, scale: 0.01 })],
  [new Exponential({ rate: 1.7 }), new Exponential({ rate: 0.4 })],
  [new HalfNormal({ scale: 1.3 }), new HalfNormal({ scale: 0.9 })],
  [new LogNormal({ loc: 0.2, scale: 0.6 }), new LogNormal({ loc: -0.4, scale: 0.8 })],
];

/** The sum over 2^20 cells of an integral over [-40, 40]: independent of panels and formulas; smooth integrands, whose trapezoid rule is exact. */
function integral(f: (x: Tensor) => Tensor, low = -40, high = 40): number {
  const n = 1 << 20;
  const x = tensor(Float64Array.from({ length: n }, (_, i) => low + ((i + 0.5) * (high - low)) / n));
  return (f(x).sum().item() * (high - low)) / n;
}

describe("Renyi's divergence and Hellinger's distance", () => {
  test.each(pairs)("are their integrals, of $name and others", (p, q) => {
    for (const alpha of [0.2, 0.5, 0.9]) {
      const affinity = integral((x) =>
        p
          .logProb(x)
          .mul(alpha)
          .add(q.logProb(x).mul(1 - alpha))
          .exp(),
      );
      // midpoints at the step at 0 and the corner of a density: half a cell's error
      expect(renyi(p, q, { alpha }).item()).toBeCloseTo(Math.log(affinity) / (alpha - 1), 3);
    }
    const root = integral((x) => p.logProb(x).add(q.logProb(x)).mul(0.5).exp());
    expect(hellinger(p, q).item()).toBeCloseTo(Math.sqrt(1 - root), 4);
  });

  test("of normals to rounding", () => {
    // -log ∫ √(p q) = d² / (4 (s² + t²)) + log((s² + t²) / (2 s t)) / 2
    const [s, t, d] = [0.7, 1.1, 0.6];
    const distance = (d * d) / (4 * (s * s + t * t)) + Math.log((s * s + t * t) / (2 * s * t)) / 2;
    const [p, q] = pairs[0]!;
    expect(renyi(p, q, { alpha: 0.5 }).item()).toBeCloseTo(2 * distance, 14);
    expect(hellinger(p, q).item()).toBeCloseTo(Math.sqrt(-Math.expm1(-distance)), 14);
  });

  test("grow with the order, and pass through the divergence at 1", () => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0.2, max: 5, noNaN: true }),
        (loc, scale) => {
          const [p, q] = [new Normal({ loc, scale }), new Normal({ loc: 0, scale: 1 })];
          const orders = [0.01, 0.3, 0.7, 1, 1.02].map((alpha) => renyi(p, q, { alpha }).item());
          for (let i = 1; i < orders.length; i++)
            expect(orders[i]).toBeGreaterThanOrEqual(orders[i - 1]! * (1 - 1e-12));
          expect(renyi(p, q, { alpha: 1 - 1e-7 }).item()).toBeCloseTo(klDivergence(p, q).item(), 4);
        },
      ),
    );
  });

  test("are infinite where the product has no integral", () => {
    const [wide, narrow] = [new Normal({ loc: 0, scale: 2 }), new Normal({ loc: 0, scale: 1 })];
    expect(renyi(wide, narrow, { alpha: 2 }).item()).toBe(Number.POSITIVE_INFINITY); // p² / q grows
  });

  test("of nearly equal laws keep their digits", () => {
    const d = 1e-9;
    const [p, q] = [new Normal({ loc: 0, scale: 1 }), new Normal({ loc: d, scale: 1 })];
    expect(hellinger(p, q).item() / (d / Math.sqrt(8))).toBeCloseTo(1, 12);
    expect(hellinger(p, p).item()).toBe(0);
  });

  test("by quadrature where the family has no formula", () => {
    const [p, q] = [new Laplace({ loc: 0, scale: 1 }), new Laplace({ loc: 0, scale: 3 })];
    // ∫ √(p q) = 2 √(s t) / (s + t)
    expect(hellinger(p, q).item()).toBeCloseTo(Math.sqrt(1 - (2 * Math.sqrt(3)) / 4), 12);
    const cauchy = new Cauchy({ loc: 0, scale: 1 });
    expect(hellinger(cauchy, cauchy).item()).toBeLessThan(1e-7);
  });

  test.each([
    [new Poisson({ rate: 3 }), new Poisson({ rate: 1.2 })],
    [new Geometric({ probs: 0.3 }), new Geometric({ probs: 0.55 })],
    [new Bernoulli({ probs: 0.3 }), new Bernoulli({ logits: 1 })],
    [new Beta({ concentration1: 2, concentration0: 3 }), new Beta({ concentration1: 2.5, concentration0: 1.2 })],
  ] as const)("of $name are their sums", (p, q) => {
    const isCount = p.support.discrete;
    const n = isCount ? (p.name === "Bernoulli" ? 2 : 200) : 1 << 16;
    const x = tensor(Float64Array.from({ length: n }, (_, i) => (isCount ? i : (i + 0.5) / n)));
    for (const alpha of [0.3, 0.5, 1.2]) {
      const terms = p
        .logProb(x)
        .mul(alpha)
        .add(q.logProb(x).mul(1 - alpha))
        .exp();
      const affinity = terms.sum().item() / (isCount ? 1 : n);
      // midpoints of a density with a kink at its end
      expect(renyi(p, q, { alpha }).item()).toBeCloseTo(Math.log(affinity) / (alpha - 1), isCount ? 12 : 6);
    }
  });

  test("of vectors, as of their numbers where these are independent", () => {
    const scales = [0.7, 1.4];
    const tril = (s: readonly number[]): number[][] => [
      [s[0]!, 0],
      [0, s[1]!],
    ];
    const [p, q] = [
      new MultivariateNormal({ loc: [0, 1], scaleTril: tril([1, 1]) }),
      new MultivariateNormal({ loc: [1, 3], scaleTril: tril(scales) }),
    ];
    const each = new Independent(new Normal({ loc: [0, 1], scale: 1 }), 1);
    const other = new Independent(new Normal({ loc: [1, 3], scale: scales }), 1);
    expect(renyi(p, q, { alpha: 0.3 }).item()).toBeCloseTo(renyi(each, other, { alpha: 0.3 }).item(), 13);
    expect(hellinger(p, q).item()).toBeCloseTo(hellinger(each, other).item(), 13);
  });

  test("of independent numbers add up", () => {
    const make = (loc: number[]): Distribution => new Independent(new Normal({ loc, scale: 1 }), 1);
    const whole = renyi(make([0, 1]), make([1, 3]), { alpha: 0.4 }).item();
    expect(whole).toBeCloseTo(0.4 * 0.5 * (1 + 4), 13);
  });
});

describe("Jensen and Shannon's divergence", () => {
  test("of categories", () => {
    const [p, q] = [new Categorical({ probs: [0.5, 0.5, 0] }), new Categorical({ probs: [0, 0.5, 0.5] })];
    expect(jensenShannon(p, q).item()).toBeCloseTo(Math.LN2 / 2, 15);
    expect(jensenShannon(p, p).item()).toBe(0);
  });

  test.each(pairs.filter(([p]) => p.name === "Normal"))("of numbers is its integral", (p, q) => {
    const expected = integral((x) => {
      const [a, b] = [p.logProb(x), q.logProb(x)];
      const middle = a.expandDims(-1).sub(b.expandDims(-1)).neg().squeeze(-1).softplus().add(a).sub(Math.LN2);
      return a
        .exp()
        .mul(a.sub(middle))
        .add(b.exp().mul(b.sub(middle)))
        .mul(0.5);
    });
    expect(jensenShannon(p, q).item()).toBeCloseTo(expected, 9);
    expect(jensenShannon(q, p).item()).toBeCloseTo(expected, 9);
  });

  test("is log 2 for laws that have nothing in common", () => {
    const [p, q] = [new Uniform({ low: 0, high: 1 }), new Uniform({ low: 2, high: 3 })];
    expect(jensenShannon(p, q).item()).toBeCloseTo(Math.LN2, 12);
  });

  test("has a gradient", () => {
    const loss = (loc: Tensor): Tensor =>
      jensenShannon(new Normal({ loc, scale: 1 }), new Normal({ loc: 0, scale: 1 }));
    const slope = grad(loss)(tensor(0.8)).item();
    const h = 1e-4;
    expect(slope).toBeCloseTo((loss(tensor(0.8 + h)).item() - loss(tensor(0.8 - h)).item()) / (2 * h), 7);
    expect(compile(grad(loss))(tensor(0.8)).item()).toBeCloseTo(slope, 14);
  });
});

describe("total variation", () => {
  test.each([pairs[0]!, pairs[1]!, pairs[2]!, pairs[4]!])("is half the area between the densities", (p, q) => {
    const area = integral((x) => p.prob(x).sub(q.prob(x)).abs());
    expect(totalVariation(p, q).item()).toBeCloseTo(area / 2, 4); // corners where the densities cross
    expect(totalVariation(p, p).item()).toBe(0);
  });

  test("of normals of one scale is erf(d / √8)", () => {
    const [p, q] = [new Normal({ loc: 0, scale: 1 }), new Normal({ loc: 1, scale: 1 })];
    expect(totalVariation(p, q).item()).toBeCloseTo(0.38292492254802624, 15);
  });

  test("of counts is half the sum of differences", () => {
    const [p, q] = [new Poisson({ rate: 3 }), new Poisson({ rate: 1.2 })];
    const k = tensor(Float64Array.from({ length: 80 }, (_, i) => i));
    expect(totalVariation(p, q).item()).toBeCloseTo(p.prob(k).sub(q.prob(k)).abs().sum().item() / 2, 14);
    expect(totalVariation(new Bernoulli({ probs: 0.2 }), new Bernoulli({ probs: 0.7 })).item()).toBeCloseTo(0.5, 15);
  });

  test("of other pairs is refused, with what there is", () => {
    expect(() => totalVariation(new Cauchy({ loc: 0, scale: 1 }), pairs[0]![0])).toThrow(/Categorical/);
  });
});

describe("cross entropy", () => {
  test("is the mean code length", () => {
    const p = new Categorical({ probs: [0.5, 0.25, 0.25] });
    expect(crossEntropy(pairs[0]![0], pairs[0]![0]).item()).toBeCloseTo(pairs[0]![0].entropy().item(), 15);
    expect(p.entropy().item()).toBeCloseTo(1.5 * Math.LN2, 15);
  });
});

describe("klDivergence by quadrature", () => {
  test("is the formula where there is one, with its error", () => {
    for (const [p, q] of pairs.filter((_, i) => i !== 1)) {
      const found = klDivergence(p, q, { method: "quadrature", explain: true });
      expect(Math.abs(found.value.item() - klDivergence(p, q).item())).toBeLessThan(1e-9);
      expect(found.error!.item()).toBeLessThan(1e-8);
    }
  });

  test("is the answer by itself where it is certain: to slow tails, as of Student's t", () => {
    const t = (df: number, loc: number, scale: number): StudentT => new StudentT({ df, loc, scale });
    for (const law of [t(3, 0, 1), t(0.7, 2, 1e5), t(1e8, 0, 1)]) expect(klDivergence(law, law).item()).toBe(0);
    // mpmath, by quadrature of 30 digits
    const found = klDivergence(t(3, 0, 1), t(5, 0.5, 2), { explain: true });
    expect(found.method).toBe("quadrature");
    expect(found.value.item()).toBeCloseTo(0.2076220048177621, 11);
    expect(klDivergence(t(0.5, 1, 0.1), t(4, 0, 1)).item()).toBeCloseTo(1.63991538725262, 9);
    expect(klDivergence(new Normal({ loc: 1, scale: 2 }), t(2, 0, 1)).item()).toBeCloseTo(0.3086864767133792, 11);
    // of Cauchy laws, log(((s + t)² + (a - b)²) / (4 s t))
    expect(klDivergence(t(1, 0, 1), t(1, 1, 2)).item()).toBeCloseTo(Math.log(10 / 8), 11);
    // half of this law's mass lies beyond the floats
    expect(klDivergence(t(1e-3, 0, 1), t(2, 0, 1)).item()).toBeNaN();
    const slope = grad((df: Tensor) => klDivergence(new StudentT({ df, loc: 0, scale: 1 }), t(5, 0.5, 2)))(
      tensor(3),
    ).item();
    const h = 1e-4;
    const difference =
      klDivergence(t(3 + h, 0, 1), t(5, 0.5, 2)).item() - klDivergence(t(3 - h, 0, 1), t(5, 0.5, 2)).item();
    expect(slope).toBeCloseTo(difference / (2 * h), 6);
  });

  test("of an infinite divergence is refused", () => {
    const [heavy, light] = [new Cauchy({ loc: 0, scale: 1 }), new Normal({ loc: 0, scale: 1 })];
    expectCode("nonFinite", () => klDivergence(heavy, light, { method: "quadrature" }));
    expect(klDivergence(light, heavy, { method: "quadrature" }).item()).toBeCloseTo(0.25924453248886226, 12);
  });
});

describe("bounds for mixtures", () => {
  const mixture = (logits: number[], loc: number[], scale: number): MixtureSameFamily =>
    new MixtureSameFamily({ mixture: new Categorical({ logits }), components: new Normal({ loc, scale }) });

  test("hold the divergence below the upper one", () => {
    const [p, q] = [mixture([0, 1], [-2, 2], 0.7), mixture([0.3, 0, 0], [-1, 1, 3], 1)];
    const exact = klDivergence(p, q, { method: "quadrature" }).item();
    const { approximation, upper } = klBounds(p, q);
    expect(upper.item()).toBeGreaterThanOrEqual(exact - 1e-12);
    expect(upper.item()).toBeLessThan(exact + 0.2);
    expect(Math.abs(approximation.item() - exact)).toBeLessThan(0.2);
  });

  test("are 0 for equal mixtures, and the divergence for single components", () => {
    const p = mixture([0, 1], [-2, 2], 0.7);
    expect(klBounds(p, p).approximation.item()).toBeCloseTo(0, 12);
    expect(klBounds(p, p).upper.item()).toBeCloseTo(0, 6);
    const [a, b] = [mixture([0], [1], 1), mixture([0], [0], 2)];
    const exact = klDivergence(new Normal({ loc: 1, scale: 1 }), new Normal({ loc: 0, scale: 2 })).item();
    expect(klBounds(a, b).upper.item()).toBeCloseTo(exact, 14);
    expectCode("argument", () => klBounds(pairs[0]![0], p));
  });
});

describe("maximum mean discrepancy", () => {
  const draws = (seed: number, loc: number, n = 200): Tensor => normal(key(seed), [n, 2]).add(loc);

  test("of two points each by hand", () => {
    const k = (d: number): number => Math.exp((-d * d) / 2);
    const [x, y] = [
      [[0], [1]],
      [[3], [5]],
    ];
    const expected = k(1) + k(2) - (k(3) + k(5) + k(2) + k(4)) / 2;
    expect(mmd(x, y, { bandwidth: 1 }).item()).toBeCloseTo(expected, 15);
    const biased = (1 + k(1)) / 2 + (1 + k(2)) / 2 - (k(3) + k(5) + k(2) + k(4)) / 2;
    expect(mmd(x, y, { bandwidth: 1, unbiased: false }).item()).toBeCloseTo(biased, 15);
    expect(mmd(x, y, { bandwidth: [1, 1] }).item()).toBeCloseTo(expected, 15);
  });

  test("tells other laws from equal ones", () => {
    const same = Array.from({ length: 40 }, (_, i) => mmd(draws(2 * i, 0), draws(2 * i + 1, 0)).item());
    expect(Math.abs(same.reduce((a, b) => a + b) / 40)).toBeLessThan(1e-3);
    expect(mmd(draws(1, 0), draws(2, 1)).item()).toBeGreaterThan(5 * Math.max(...same));
  });

  test("wrong shapes and bandwidths are refused", () => {
    expectCode("shape", () => mmd([1, 2], [1, 2]));
    expectCode("argument", () => mmd([[1], [2]], [[1], [2]], { bandwidth: 0 }));
    expectCode("traced", () => compile((x: Tensor) => mmd(x, x))(draws(1, 0)));
  });
});
