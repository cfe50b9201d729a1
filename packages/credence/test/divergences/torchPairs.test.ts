import * as credence from "credence";
import { type Distribution, klDivergence } from "credence";
import { describe, expect, test } from "vitest";

/**
 * The pairs that PyTorch has a formula for (torch.distributions.kl, 87 of them in 1.13 and since), by the family of p. Three are structural and have tests of their
 * own: ExponentialFamily, Independent, TransformedDistribution.
 */
const PAIRS: Readonly<Record<string, readonly string[]>> = {
  Bernoulli: ["Bernoulli", "Poisson"],
  Beta: ["Beta", "ContinuousBernoulli", "Exponential", "Gamma", "Normal", "Pareto", "Uniform"],
  Binomial: ["Binomial"],
  Categorical: ["Categorical"],
  Cauchy: ["Cauchy"],
  ContinuousBernoulli: ["ContinuousBernoulli", "Exponential", "Normal", "Pareto", "Uniform"],
  Dirichlet: ["Dirichlet"],
  Exponential: ["Beta", "ContinuousBernoulli", "Exponential", "Gamma", "Gumbel", "Normal", "Pareto", "Uniform"],
  Gamma: ["Beta", "ContinuousBernoulli", "Exponential", "Gamma", "Gumbel", "Normal", "Pareto", "Uniform"],
  Geometric: ["Geometric"],
  Gumbel: ["Beta", "ContinuousBernoulli", "Exponential", "Gamma", "Gumbel", "Normal", "Pareto", "Uniform"],
  HalfNormal: ["HalfNormal"],
  Laplace: ["Beta", "ContinuousBernoulli", "Exponential", "Gamma", "Laplace", "Normal", "Pareto", "Uniform"],
  LowRankMultivariateNormal: ["LowRankMultivariateNormal", "MultivariateNormal"],
  MultivariateNormal: ["LowRankMultivariateNormal", "MultivariateNormal"],
  Normal: ["Beta", "ContinuousBernoulli", "Exponential", "Gamma", "Gumbel", "Laplace", "Normal", "Pareto", "Uniform"],
  OneHotCategorical: ["OneHotCategorical"],
  Pareto: ["Beta", "ContinuousBernoulli", "Exponential", "Gamma", "Normal", "Pareto", "Uniform"],
  Poisson: ["Bernoulli", "Binomial", "Poisson"],
  Uniform: ["Beta", "ContinuousBernoulli", "Exponential", "Gamma", "Gumbel", "Normal", "Pareto", "Uniform"],
};

/** Parameters of p, and of q: p's mass lies where q has some, if that can be. */
const PARAMETERS: Readonly<Record<string, readonly [object, object]>> = {
  Bernoulli: [{ probs: 0.3 }, { probs: 0.6 }],
  Beta: [
    { concentration1: 2.5, concentration0: 1.5 },
    { concentration1: 1.2, concentration0: 0.8 },
  ],
  Binomial: [
    { totalCount: 5, probs: 0.3 },
    { totalCount: 5, probs: 0.6 },
  ],
  Categorical: [{ probs: [0.2, 0.3, 0.5] }, { probs: [0.5, 0.25, 0.25] }],
  Cauchy: [
    { loc: 0, scale: 1 },
    { loc: 1, scale: 2 },
  ],
  ContinuousBernoulli: [{ probs: 0.3 }, { probs: 0.8 }],
  Dirichlet: [{ concentration: [1, 2, 3] }, { concentration: [2, 2, 0.5] }],
  Exponential: [{ rate: 1.7 }, { rate: 0.6 }],
  Gamma: [
    { concentration: 2.3, rate: 1.1 },
    { concentration: 0.7, rate: 0.4 },
  ],
  Geometric: [{ probs: 0.4 }, { probs: 0.2 }],
  Gumbel: [
    { loc: 0.1, scale: 0.8 },
    { loc: 0.6, scale: 1.4 },
  ],
  HalfNormal: [{ scale: 1.3 }, { scale: 0.7 }],
  Laplace: [
    { loc: -0.3, scale: 0.4 },
    { loc: 0.5, scale: 0.9 },
  ],
  LowRankMultivariateNormal: [
    { loc: [0, 1], covFactor: [[1], [0.5]], covDiag: [0.5, 1] },
    { loc: [1, 1], covFactor: [[0.2], [2]], covDiag: [1, 1] },
  ],
  MultivariateNormal: [
    {
      loc: [0, 0],
      covarianceMatrix: [
        [2, 0.3],
        [0.3, 1],
      ],
    },
    {
      loc: [1, -1],
      covarianceMatrix: [
        [1, -0.4],
        [-0.4, 1.5],
      ],
    },
  ],
  Normal: [
    { loc: 0.4, scale: 0.7 },
    { loc: -0.2, scale: 1.1 },
  ],
  OneHotCategorical: [{ probs: [0.2, 0.3, 0.5] }, { probs: [0.5, 0.25, 0.25] }],
  Pareto: [
    { scale: 1.2, alpha: 12 },
    { scale: 0.8, alpha: 1.5 },
  ],
  Poisson: [{ rate: 2.5 }, { rate: 1.2 }],
  Uniform: [
    { low: 0.85, high: 0.95 },
    { low: 0, high: 1.5 },
  ],
};

const make = (name: string, side: 0 | 1): Distribution => {
  const Family = (credence as unknown as Record<string, new (parameters: object) => Distribution>)[name];
  if (Family === undefined) throw new Error(`there is no ${name}`);
  return new Family(PARAMETERS[name]![side]);
};

describe("every pair of PyTorch's has an answer", () => {
  const pairs = Object.entries(PAIRS).flatMap(([from, list]) => list.map((to) => [from, to] as const));
  test("there are 84 of them", () => expect(pairs).toHaveLength(84));
  test.each(pairs)("%s to %s", (from, to) => {
    const [p, q] = [make(from, 0), make(to, 1)];
    const { value, reason } = klDivergence(p, q, { explain: true });
    if (value.item() === Number.POSITIVE_INFINITY) {
      expect(reason).toMatch(/infinite/);
      const draws = p.sample({ seed: 1, shape: [2000] });
      expect(q.logProb(draws).eq(Number.NEGATIVE_INFINITY).sum().item(), "draws where q has nothing").toBeGreaterThan(
        0,
      );
      return;
    }
    if (p.eventShape.length === 0 && from !== "Categorical") {
      // half the digits of a density with a corner or an end inside a panel
      expect(value.item()).toBeCloseTo(klDivergence(p, q, { method: "quadrature" }).item(), 6);
      return;
    }
    const estimate = klDivergence(p, q, { method: "monteCarlo", samples: 20_000, seed: 2, explain: true });
    expect(Math.abs(value.item() - estimate.value.item())).toBeLessThan(6 * estimate.standardError!.item());
  });
});
