import { grad, klDivergence, type Tensor, tensor } from "credence";
import {
  Bernoulli,
  Binomial,
  type Distribution,
  Geometric,
  NegativeBinomial,
  Poisson,
  Skellam,
} from "credence/distributions";
import { describe, expect, test } from "vitest";

describe("KL where PyTorch is wrong or NaN", () => {
  test("row 4: impossible outcomes", () => {
    const kl = (p: number, q: number): number =>
      klDivergence(new Bernoulli({ probs: p }), new Bernoulli({ probs: q })).item();
    expect([kl(0, 0), kl(1, 1), kl(0, 1), kl(0.5, 0)]).toEqual([0, 0, Infinity, Infinity]);
    expect(kl(0, 0.3)).toBeCloseTo(-Math.log(0.7), 15);
    expect(klDivergence(new Poisson({ rate: 0 }), new Poisson({ rate: 1 })).item()).toBe(1);
    expect(klDivergence(new Poisson({ rate: 1 }), new Poisson({ rate: 0 })).item()).toBe(Infinity);
    expect(klDivergence(new Geometric({ probs: 1 }), new Geometric({ probs: 0.5 })).item()).toBeCloseTo(Math.LN2, 15);
  });

  test("row 5: gradients at impossible outcomes are the limits", () => {
    const slopes = grad((t: { p: Tensor; q: Tensor }) =>
      klDivergence(new Bernoulli({ probs: t.p }), new Bernoulli({ probs: t.q })),
    )({ p: tensor(0), q: tensor(0.25) });
    expect(slopes.p.item()).toBe(-Infinity);
    expect(slopes.q.item()).toBeCloseTo(1 / 0.75, 14);
    const rates = grad((t: { p: Tensor; q: Tensor }) =>
      klDivergence(new Poisson({ rate: t.p }), new Poisson({ rate: t.q })),
    )({ p: tensor(0), q: tensor(2) });
    expect([rates.p.item(), rates.q.item()]).toEqual([-Infinity, 1]);
  });

  test("of binomial laws: certain success, an outcome that q excludes, and other numbers of trials", () => {
    const kl = (n: number, p: number, m: number, q: number): number =>
      klDivergence(new Binomial({ totalCount: n, probs: p }), new Binomial({ totalCount: m, probs: q })).item();
    expect(kl(5, 1, 5, 0.3)).toBeCloseTo(5 * Math.log(1 / 0.3), 14);
    expect(kl(5, 0.3, 5, 0)).toBe(Infinity);
    expect(kl(6, 0.3, 5, 0.3)).toBe(Infinity);
    expect(kl(6, 0, 5, 0.3)).toBeCloseTo(-5 * Math.log(0.7), 14);
    expect(kl(5, 0.3, 6, 0)).toBe(Infinity);
    expect(kl(0, 0.3, 5, 0.3)).toBeCloseTo(-5 * Math.log(0.7), 14);
  });

  const pairs: readonly (readonly [Distribution, Distribution])[] = [
    [new Bernoulli({ probs: 0.3 }), new Poisson({ rate: 0.7 })],
    [new Bernoulli({ logits: 0.3 }), new Bernoulli({ logits: -1.7 })],
    [new Bernoulli({ logits: 0.3 }), new Bernoulli({ probs: 0.7 })],
    [new Binomial({ totalCount: 5, probs: 0.3 }), new Binomial({ totalCount: 9, probs: 0.2 })],
    [new Binomial({ totalCount: 500, probs: 0.3 }), new Binomial({ totalCount: 700, logits: -1 })],
    [new Binomial({ totalCount: 20, probs: 0.3 }), new Poisson({ rate: 5 })],
    [new Poisson({ rate: 3 }), new NegativeBinomial({ totalCount: 2, probs: 0.4 })],
    [new Poisson({ rate: 3 }), new Geometric({ probs: 0.4 })],
    [new Poisson({ logRate: 1 }), new Poisson({ logRate: 1.5 })],
    [new Geometric({ probs: 0.3 }), new Geometric({ logits: 1 })],
    [new NegativeBinomial({ totalCount: 3, probs: 0.3 }), new NegativeBinomial({ totalCount: 3, logits: -0.2 })],
    [new NegativeBinomial({ totalCount: 0.4, probs: 0.3 }), new NegativeBinomial({ totalCount: 3, probs: 0.6 })],
    [new NegativeBinomial({ totalCount: 30, probs: 0.3 }), new NegativeBinomial({ totalCount: 3, probs: 0.6 })],
  ];
  test.each(pairs.map(([p, q]) => [p.name, q.name, p, q] as const))("%s to %s agrees with the sum", (_, __, p, q) => {
    const k = Float64Array.from({ length: 800 }, (_, i) => i);
    const [logP, logQ] = [p, q].map((law) => Array.from(law.logProb(k).data())) as [number[], number[]];
    const sum = logP.reduce((total, x, i) => (x > -700 ? total + Math.exp(x) * (x - logQ[i]!) : total), 0);
    expect(klDivergence(p, q).item() / sum).toBeCloseTo(1, 11);
  });

  test("of differences of counts it is a sum", () => {
    const [p, q] = [new Skellam({ rate1: 2, rate2: 3 }), new Skellam({ rate1: 4, rate2: 1 })];
    const k = Float64Array.from({ length: 200 }, (_, i) => i - 100);
    const [logP, logQ] = [p, q].map((law) => Array.from(law.logProb(k).data())) as [number[], number[]];
    const sum = logP.reduce((total, x, i) => total + Math.exp(x) * (x - logQ[i]!), 0);
    expect(klDivergence(p, q).item() / sum).toBeCloseTo(1, 12);
    expect(klDivergence(p, p).item()).toBe(0);
  });

  test("from counts without a bound to those with one", () => {
    const q = new Bernoulli({ probs: 0.25 });
    expect(klDivergence(new Poisson({ rate: [0, 1e-9] }), q).toArray()).toEqual([-Math.log1p(-0.25), Infinity]);
  });
});
