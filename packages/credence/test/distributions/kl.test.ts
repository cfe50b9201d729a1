import {
  Beta,
  BivariateNormal,
  Cauchy,
  Chi2,
  ContinuousBernoulli,
  type Distribution,
  Exponential,
  Gamma,
  Gumbel,
  grad,
  HalfCauchy,
  HalfNormal,
  InverseGamma,
  InverseGaussian,
  Kumaraswamy,
  klDivergence,
  Laplace,
  Logistic,
  LogitNormal,
  LogNormal,
  Moyal,
  Normal,
  Pareto,
  type Tensor,
  Triangular,
  tensor,
  Uniform,
  VonMises,
  Weibull,
} from "credence";
import { describe, expect, test } from "vitest";
import { expectCode } from "../support/laws.js";
import { gaussLegendre } from "../support/quadrature.js";

const laws: readonly Distribution[] = [
  new Normal({ loc: 0.4, scale: 0.7 }),
  new Laplace({ loc: -0.3, scale: 0.4 }),
  new Cauchy({ loc: 0.2, scale: 1.1 }),
  new Gumbel({ loc: 0.1, scale: 0.8 }),
  new Exponential({ rate: 1.7 }),
  new Uniform({ low: 1.5, high: 2.25 }),
  new Pareto({ scale: 1.2, alpha: 3.5 }),
  new HalfNormal({ scale: 1.3 }),
  new Beta({ concentration1: 1.4, concentration0: 2.6 }),
  new LogNormal({ loc: 0.2, scale: 0.6 }),
  new LogitNormal({ loc: 0.3, scale: 0.8 }),
  new InverseGaussian({ loc: 1.4, concentration: 2.1 }),
  new VonMises({ loc: 0.3, concentration: 1.8 }),
  new Gamma({ concentration: 2.3, rate: 1.4 }),
  new Chi2({ df: 5 }),
  new InverseGamma({ concentration: 4.5, rate: 2.2 }),
  new Weibull({ scale: 1.2, concentration: 1.6 }),
  new ContinuousBernoulli({ probs: 0.2 }),
  new HalfCauchy({ scale: 0.7 }),
  new Moyal({ loc: 0.3, scale: 0.6 }),
  new Triangular({ low: 0.2, high: 0.8, peak: 0.3 }),
  new Uniform({ low: 0.2, high: 0.6 }),
];
const others: readonly Distribution[] = [
  new Normal({ loc: -0.2, scale: 1.1 }),
  new Laplace({ loc: 0.5, scale: 0.9 }),
  new Cauchy({ loc: -0.6, scale: 0.6 }),
  new Gumbel({ loc: 0.6, scale: 1.4 }),
  new Exponential({ rate: 0.6 }),
  new Uniform({ low: 1, high: 4 }),
  new Pareto({ scale: 0.8, alpha: 1.5 }),
  new HalfNormal({ scale: 0.7 }),
  new Beta({ concentration1: 2.2, concentration0: 0.8 }),
  new LogNormal({ loc: -0.4, scale: 1.1 }),
  new LogitNormal({ loc: -0.2, scale: 1.3 }),
  new InverseGaussian({ loc: 0.8, concentration: 1.3 }),
  new VonMises({ loc: -0.4, concentration: 0.7 }),
  new Gamma({ concentration: 0.8, rate: 0.7 }),
  new InverseGamma({ concentration: 2.5, rate: 1.1 }),
  new Weibull({ scale: 0.9, concentration: 0.8 }),
  new ContinuousBernoulli({ probs: 0.9 }),
  new HalfCauchy({ scale: 1.9 }),
  new Moyal({ loc: -0.2, scale: 0.9 }),
  new Triangular({ low: 0.1, high: 0.8, peak: 0.7 }),
  new Uniform({ low: -1, high: 2 }),
];

/** E_p[log p - log q] between quantiles of p; 1e-12 of the mass lies beyond, where the ratio is moderate. */
function byQuadrature(p: Distribution, q: Distribution): number {
  const { points, weights } = gaussLegendre(24);
  const tail = Array.from({ length: 24 }, (_, i) => 10 ** (-13 + i / 2));
  const levels = [...tail.filter((x) => x < 0.03), ...Array.from({ length: 30 }, (_, i) => (i + 1) / 31)];
  const ends = [...levels, ...levels.map((x) => 1 - x)].sort((a, b) => a - b);
  const edges = [...p.quantile(ends).data()];
  let total = 0;
  for (let i = 0; i + 1 < edges.length; i++) {
    const [a, b] = [edges[i]!, edges[i + 1]!];
    const x = tensor(points.map((t) => (a + b) / 2 + ((b - a) / 2) * t));
    const logP = p.logProb(x);
    const values = logP
      .exp()
      .mul(logP.sub(q.logProb(x)))
      .data();
    weights.forEach((w, k) => {
      total += (values[k]! * w * (b - a)) / 2;
    });
  }
  return total;
}

describe("formulas agree with quadrature", () => {
  const pairs = laws.flatMap((p) => others.map((q) => [p.name, q.name, p, q] as const));
  const known = pairs.filter(([, name, p]) => Object.hasOwn(p.klRules, name));
  test.each(known)("%s to %s", (_, __, p, q) => {
    const formula = klDivergence(p, q).item();
    if (formula === Number.POSITIVE_INFINITY) {
      // p has draws where q has no density
      expect(q.logProb(p.quantile([1e-3, 0.999])).data()).toContain(Number.NEGATIVE_INFINITY);
      return;
    }
    expect(formula).toBeGreaterThanOrEqual(0);
    // a corner of a Laplace density within a panel; what lies beyond 1e-13 of the mass, times a log ratio of up to 1e8 in heavy tails
    expect(Math.abs(formula - byQuadrature(p, q))).toBeLessThan(1e-5);
  });
});

describe("Kumaraswamy's law to a beta law", () => {
  const p = new Kumaraswamy({ concentration1: 1.7, concentration0: 2.6 });
  test.each([
    [2.3, 1],
    [1, 0.4],
    [1.4, 3.1],
  ])("of concentrations %d and %d", (concentration1, concentration0) => {
    const q = new Beta({ concentration1, concentration0 });
    expect(Math.abs(klDivergence(p, q).item() - byQuadrature(p, q))).toBeLessThan(1e-9);
  });

  test("of equal laws: with one concentration of 1 the two families agree", () => {
    const parameters = { concentration1: 3, concentration0: 1 };
    expect(Math.abs(klDivergence(new Kumaraswamy(parameters), new Beta(parameters)).item())).toBeLessThan(1e-15);
  });
});

describe("nearly equal laws", () => {
  // of the second order in h: half of it is the Fisher information
  const h = 2 ** -30;
  test.each([
    ["Moyal, scales", new Moyal({ loc: 0.3, scale: 1 }), new Moyal({ loc: 0.3, scale: 1 + h }), 0.866793144],
    ["Moyal, places", new Moyal({ loc: 0, scale: 1 }), new Moyal({ loc: h, scale: 1 }), 0.25],
    ["HalfCauchy", new HalfCauchy({ scale: 1 }), new HalfCauchy({ scale: 1 + h }), 0.25],
    [
      "Triangular",
      new Triangular({ low: 0, high: 1, peak: 0.5 }),
      new Triangular({ low: 0, high: 1, peak: 0.5 + h }),
      2,
    ],
  ] as const)("%s", (_, p, q, half) => {
    expect(klDivergence(p, q).item() / (half * h * h)).toBeCloseTo(1, 7);
  });
});

describe("klDivergence", () => {
  test("of a law from itself is 0, exactly", () => {
    for (const law of laws) expect(klDivergence(law, law).item() + 0, law.name).toBe(0);
  });

  test("the numbers of case 4", () => {
    expect(klDivergence(new Normal({ loc: 0, scale: 1 }), new Normal({ loc: 1, scale: 2 })).item()).toBeCloseTo(
      0.4431471805599453,
      15,
    );
  });

  test("gradients reach the parameters of both", () => {
    const slope = grad((t: { a: Tensor; b: Tensor }) =>
      klDivergence(new Normal({ loc: 0, scale: t.a }), new Normal({ loc: 1, scale: t.b })),
    )({ a: tensor(1), b: tensor(2) });
    expect(slope.a.item()).toBeCloseTo(1 / 4 - 1, 14);
    expect(slope.b.item()).toBeCloseTo(1 / 2 - (1 + 1) / 8, 14);
  });

  test("mass where q has none makes it infinite, and the explanation says why", () => {
    const explained = klDivergence(laws[0]!, others[4]!, { explain: true });
    expect(explained.value.item()).toBe(Number.POSITIVE_INFINITY);
    expect(explained.method).toBe("support");
    expect(explained.reason).toMatch(/reaches beyond/);
    expectCode("nonFinite", () => klDivergence(laws[0]!, others[4]!, { allowInfinite: false }));
  });

  test("a pair without a formula lists those there are, and can be estimated with its standard error", () => {
    const [p, q] = [new Cauchy({ loc: 0, scale: 1 }), new Normal({ loc: 0, scale: 1 })];
    expect(() => klDivergence(q, new Logistic({ loc: 0, scale: 1 }))).toThrow(/from Normal to Normal, Laplace/);
    expectCode("missing", () => klDivergence(p, q));
    const estimate = klDivergence(laws[0]!, others[0]!, {
      method: "monteCarlo",
      samples: 20_000,
      seed: 1,
      explain: true,
    });
    const exact = klDivergence(laws[0]!, others[0]!).item();
    expect(Math.abs(estimate.value.item() - exact)).toBeLessThan(6.2 * estimate.standardError!.item());
    expectCode("argument", () => klDivergence(laws[0]!, others[0]!, { method: "monteCarlo" }));
  });

  test("a formula of your own goes first", () => {
    const rules = [{ from: "Cauchy", to: "Normal", divergence: () => tensor(42) }];
    expect(klDivergence(new Cauchy({ loc: 0, scale: 1 }), others[0]!, { rules }).item()).toBe(42);
  });

  test("events of other shapes are refused", () => {
    const points = new BivariateNormal({ mux: 0, muy: 0, sx: 1, sy: 1, rho: 0 });
    expectCode("shape", () => klDivergence(points, new Normal({ loc: 0, scale: 1 })));
  });
});
