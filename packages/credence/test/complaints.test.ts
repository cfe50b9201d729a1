import {
  Bernoulli,
  Beta,
  Categorical,
  Cauchy,
  Chi2,
  compile,
  Dirichlet,
  Exponential,
  Gamma,
  GeneralizedPareto,
  grad,
  HalfNormal,
  klBounds,
  klDivergence,
  LogNormal,
  losses,
  MixtureSameFamily,
  MultivariateNormal,
  Normal,
  Pareto,
  StudentT,
  special,
  type Tensor,
  Transformed,
  TruncatedNormal,
  tensor,
  Uniform,
  VonMises,
} from "credence";
import { Tanh } from "credence/bijectors";
import { describe, expect, test } from "vitest";
import { expectCode } from "./support/laws.js";

/**
 * What users of other libraries ran into for years, one test a row: the number, the complaint and where it was made. Rows that are about training or files are
 * tested there.
 */
const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

describe("row 1: mixtures are reparameterisable (pytorch 39178, tensorflow/probability 1548)", () => {
  test("draws carry gradients to the weights, too", () => {
    const meanOfDraws = (logits: Tensor): Tensor =>
      new MixtureSameFamily({
        mixture: new Categorical({ logits }),
        components: new Normal({ loc: [-1, 2], scale: [0.5, 1] }),
      })
        .sample({ seed: 5, shape: [20_000] })
        .mean();
    const slope = grad(meanOfDraws)(tensor([0, 0])).data();
    // the mean is 2 p - (1 - p), and dp / dlogit is 1/4; 20,000 draws know it to 1 %
    expect(slope[1]).toBeCloseTo(0.75, 1);
    expect(slope[0]! + slope[1]!).toBeCloseTo(0, 10);
  });
});

describe("row 2: a mixture weight of exactly 0 poisons no gradient (numpyro 2224)", () => {
  test.each([[0], [1.5], [700]])("at %f", (x) => {
    const loss = (t: { loc: Tensor; scale: Tensor }): Tensor =>
      new MixtureSameFamily({ mixture: new Categorical({ probs: [0, 1] }), components: new Normal(t) }).logProb(x);
    const slope = grad(loss)({ loc: tensor([0, 1]), scale: tensor([1e-150, 1]) });
    for (const part of [slope.loc, slope.scale]) expect([...part.data()].every(Number.isFinite)).toBe(true);
    expect(slope.loc.data()[0]).toBeCloseTo(0, 300);
  });
});

describe("row 3: a component outside its support has density 0, not NaN (tensorflow/probability 1377, gluonts 1056)", () => {
  test("value and gradient", () => {
    const loss = (rate: Tensor): Tensor =>
      new MixtureSameFamily({
        mixture: new Categorical({ logits: [0, 0] }),
        components: new Uniform({ low: [0, -2], high: rate }),
      }).logProb(-1);
    expect(loss(tensor([1, 2])).item()).toBeCloseTo(Math.log(0.5 / 4), 15);
    expect(grad(loss)(tensor([1, 2])).data()[0]).toBeCloseTo(0, 300);
  });
});

describe("row 4: 0 log 0 is 0, by either route (pytorch 40553, tensorflow/probability 241)", () => {
  test("entropy and its gradient at probabilities of 0 and logits of -Infinity", () => {
    const [p, l] = [
      [0.8, 0.2, 0],
      [Math.log(0.8), Math.log(0.2), Number.NEGATIVE_INFINITY],
    ];
    expect(new Categorical({ probs: p }).entropy().item()).toBeCloseTo(
      new Categorical({ logits: l }).entropy().item(),
      15,
    );
    for (const slope of [
      grad((probs: Tensor) => new Categorical({ probs }).entropy())(tensor(p)),
      grad((logits: Tensor) => new Categorical({ logits }).entropy())(tensor(l)),
    ])
      expect([...slope.data()].some(Number.isNaN)).toBe(false);
  });
});

describe("row 5: a right value has a right gradient (pytorch 15288, 89558; optax 1786)", () => {
  test("klDiv at targets of 0", () => {
    const slope = grad((target: Tensor) => losses.klDiv(tensor([-1, -2, -3]), target, { reduction: "sum" }))(
      tensor([0.5, 0.5, 0]),
    );
    expect([...slope.data()].some(Number.isNaN)).toBe(false);
    const input = grad((x: Tensor) => losses.klDiv(x, tensor([0.5, 0.5, 0]), { reduction: "sum" }))(
      tensor([-1, -1, Number.NEGATIVE_INFINITY]),
    );
    expect(input.toArray()).toEqual([-0.5, -0.5, expect.closeTo(0, 300)]);
  });
});

describe("row 6: impossible inputs of a KL loss are refused (pytorch 69230, 80488; keras 9754)", () => {
  test("negative targets, probabilities for log-probabilities", () => {
    expectCode("domain", () => losses.klDiv([-1, -2], [0.5, -0.5]));
    expectCode("domain", () => losses.klDiv([0.3, 0.7], [0.5, 0.5]));
  });
});

describe("row 7: batchmean divides by the batch, after broadcasting (pytorch 138810)", () => {
  test("a target of one row for three", () => {
    const input = tensor([
      [-1, -2],
      [-1, -1],
      [-3, -0.1],
    ]);
    const one = losses.klDiv(input, tensor([[0.5, 0.5]]), { reduction: "batchmean" }).item();
    const all = losses.klDiv(input, tensor([[0.5, 0.5]]).broadcastTo([3, 2]), { reduction: "sum" }).item();
    expect(one).toBeCloseTo(all / 3, 15);
  });
});

describe("row 8: names say whether a number is a variance, a scale or a logarithm (pytorch 190058, 85612)", () => {
  test("the same law by each of its names", () => {
    const [x, mean, variance] = [1.3, 0.2, 0.49];
    const byVariance = losses.gaussianNll(mean, x, variance, { full: true }).item();
    expect(byVariance).toBeCloseTo(-new Normal({ loc: mean, scale: 0.7 }).logProb(x).item(), 15);
    expect(() => new Normal({ loc: 0, std: 1 } as never)).toThrow(/scale is not given/);
  });
});

describe("row 9: a density above 1 makes a loss below 0, and is no bug (keras-mdn-layer 26, 42)", () => {
  test("the loss of a narrow law, and what entropy says of it", () => {
    const narrow = new Normal({ loc: 0, scale: 1e-3 });
    const loss = losses.negativeLogLikelihood(narrow, 0).item();
    expect(loss).toBeCloseTo(0.5 * Math.log(2 * Math.PI) + Math.log(1e-3), 14);
    expect(narrow.entropy().item()).toBeLessThan(0);
  });
});

describe("row 11: both forms of Poisson's loss, by name (pytorch 28575, Paddle 56733)", () => {
  test("Stirling's for targets above 1 as PyTorch has it", () => {
    const stirling = losses.poissonNll(0, 1, { full: true }).item();
    expect(stirling).toBe(1); // exp(0) - 0, and nothing for a target of 1
    expect(losses.poissonNll(0, 3, { full: true }).item() - losses.poissonNll(0, 3).item()).toBeCloseTo(
      3 * Math.log(3) - 3 + 0.5 * Math.log(6 * Math.PI),
      14,
    );
    expect(losses.poissonNll(0, 3, { full: true, stirling: false }).item()).toBeCloseTo(1 + Math.log(6), 14);
  });
});

describe("row 12: the commonest laws have their distribution functions and quantiles (pytorch 26334, 145679, 12716, 41637)", () => {
  const laws = [
    new StudentT({ df: 3, loc: 0, scale: 1 }),
    new Gamma({ concentration: 2.5, rate: 1 }),
    new Beta({ concentration1: 0.5, concentration0: 2 }),
    new Chi2({ df: 3 }),
  ];
  test.each(laws.map((d) => [d.name, d] as const))("%s", (_, d) => {
    // the conditioning of a quantile of these laws at these levels is below 100
    for (const p of [1e-10, 0.3, 0.999]) expect(d.cdf(d.quantile(p)).item() / p).toBeCloseTo(1, 12);
  });
  test("Bernoulli", () => {
    const d = new Bernoulli({ probs: 0.3 });
    expect(d.cdf([-1, 0, 0.5, 1]).toArray()).toEqual([0, 0.7, 0.7, 1]);
    expect(d.quantile([0.5, 0.7, 0.71]).toArray()).toEqual([0, 0, 1]);
  });
});

describe("row 13: tails have logarithms (pytorch 52973, 32632, 192295)", () => {
  test("40 standard deviations out, and at the far end of heavier tails", () => {
    const normal = new Normal({ loc: 0, scale: 1 });
    // -z²/2 - log(z √(2π)) - 1/z²: the next term of the series is 5/(2 z⁴) = 1e-6
    const expected = -800 - Math.log(40 * Math.sqrt(2 * Math.PI)) - 1 / 1600;
    expect(normal.logCdf(-40).item()).toBeCloseTo(expected, 5);
    expect(normal.logSurvival(40).item()).toBe(normal.logCdf(-40).item());
    expect(special.ndtr(-12).item()).toBeGreaterThan(0);
    for (const d of [
      new Exponential({ rate: 1 }),
      new Pareto({ scale: 1, alpha: 3 }),
      new LogNormal({ loc: 0, scale: 1 }),
    ]) {
      expect(d.logSurvival(1e5).item()).toBeLessThan(-30);
      expect(Number.isFinite(d.logSurvival(1e5).item())).toBe(true);
    }
  });
});

describe("rows 14 and 15: outside the support, one rule (pytorch 46350, 193690, 14672, 59228; numpyro 2093)", () => {
  const laws = [
    new HalfNormal({ scale: 1 }),
    new Exponential({ rate: 2 }),
    new Pareto({ scale: 1, alpha: 2 }),
    new Uniform({ low: 0, high: 1 }),
    new LogNormal({ loc: 0, scale: 1 }),
    new GeneralizedPareto({ loc: 0, scale: 1, concentration: -0.5 }),
    new TruncatedNormal({ loc: 0, scale: 1, low: 0, high: 1 }),
  ];
  test.each(laws.map((d) => [d.name, d] as const))("%s", (_, d) => {
    expect(d.logProb(-3).item()).toBe(Number.NEGATIVE_INFINITY);
    expect(d.prob(-3).item()).toBe(0);
    expect(d.cdf(-3).item()).toBe(0);
    expect(d.survival(-3).item()).toBe(1);
    expect(d.logProb(Number.NaN).item()).toBeNaN();
  });
});

describe("row 16: small concentrations draw corners, not the centre (pytorch 76030, 90663)", () => {
  test("Beta(1e-4, 1e-4) is nearly a coin", () => {
    const d = new Beta({ concentration1: 1e-4, concentration0: 1e-4 });
    const draws = d.sample({ seed: 1, shape: [4000] });
    const inner = draws.gt(0.01).and(draws.lt(0.99)).sum().item();
    expect(inner).toBeLessThan(20); // 4000 times 1e-4 log(99) / 1 = 2 are expected
    const ones = draws.gt(0.5).sum().item() / 4000;
    expect(Math.abs(ones - 0.5)).toBeLessThan(6 * Math.sqrt(0.25 / 4000));
  });
  test("Dirichlet(1e-4) picks a corner, with finite gradients", () => {
    const loss = (c: number) => (concentration: Tensor) =>
      new Dirichlet({ concentration })
        .sample({ seed: 1, shape: [1000] })
        .square()
        .sum()
        .mul(c);
    const draws = new Dirichlet({ concentration: [1e-4, 1e-4, 1e-4] }).sample({ seed: 1, shape: [1000] });
    expect(draws.max(-1).gt(0.99).sum().item()).toBeGreaterThan(980);
    expect([...grad(loss(1))(tensor([1e-4, 1e-4, 1e-4])).data()].every(Number.isFinite)).toBe(true);
  });
});

describe("row 17: samplers end (pytorch 88443)", () => {
  test("VonMises of tiny concentration in float32", () => {
    const d = new VonMises({
      loc: tensor(0, { dtype: "float32" }),
      concentration: tensor(1e-20, { dtype: "float32" }),
    });
    const draws = d.sample({ seed: 1, shape: [1000] });
    expect(draws.isFinite().sum().item()).toBe(1000);
    expect(Math.abs(draws.cast("float64").mean().item())).toBeLessThan(6 * Math.sqrt(Math.PI ** 2 / 3 / 1000));
  });
});

describe("row 18: squashed normals know the density of their own draws (distrax 7, 323)", () => {
  test("where tanh rounds to 1", () => {
    const d = new Transformed({ base: new Normal({ loc: 30, scale: 1 }), bijector: new Tanh() });
    const { value, logProb } = d.sampleAndLogProb({ seed: 1, shape: [100] });
    expect(value.eq(1).sum().item()).toBe(100);
    expect(logProb.isFinite().sum().item()).toBe(100);
  });
});

describe("row 19: a normal law cut far in its tail (tensorflow/probability 1214, 1844, 1788; pytorch 32293)", () => {
  test("density, quantiles and draws at 50 standard deviations", () => {
    const d = new TruncatedNormal({ loc: 0, scale: 1, low: 50, high: 51 });
    const draws = d.sample({ seed: 1, shape: [1000] }).data();
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(50);
    expect(Math.max(...draws)).toBeLessThanOrEqual(51);
    expect(spread([...draws])).toBeGreaterThan(0.05);
    expect(d.logProb(50).item()).toBeCloseTo(Math.log(50.02), 2);
    expect(Number.isFinite(d.variance().item())).toBe(true);
  });
});

describe("row 21: (N, 1) against (N) is refused, by every law alike (pytorch 43878, tensorflow 52054)", () => {
  test("with both shapes and the fix", () => {
    const column = tensor([[1], [2], [3]]);
    expect(() => new Normal({ loc: [1, 2, 3], scale: 1 }).logProb(column)).toThrow(/\[3, 1\].*\[3\]/s);
    expectCode("shape", () => new Exponential({ rate: [1, 2, 3] }).logProb(column));
    expectCode("shape", () => losses.gaussianNll(tensor([1, 2, 3]), column, tensor([1, 1, 1])));
  });
});

describe("row 23: NaN is refused where it is known, and stays NaN where it is not (tensorflow/probability 1571)", () => {
  test("logits of NaN", () => {
    expectCode("domain", () => new Categorical({ logits: [0, Number.NaN] }));
    expect(() => new Normal({ loc: [0, Number.NaN], scale: 1 })).toThrow(/NaN at index 1/);
    const unknown = compile((scale: Tensor) => new Normal({ loc: 0, scale }).logProb(0));
    expect(unknown(tensor(-1)).item()).toBeNaN();
  });
});

describe("row 25: a latent's divergence is summed over its numbers (keras 6015, tensorflow/probability 651)", () => {
  test("once a row, whatever the batch", () => {
    const [mu, logVariance] = [tensor([[1, 1, 1]]), tensor([[0, 0, 0]])];
    expect(losses.klToStandardNormal(mu, logVariance).toArray()).toEqual([1.5]);
  });
});

describe("further rows", () => {
  test("cross entropy with label smoothing, weights and an ignored label at once (pytorch 69339, 73205)", () => {
    const logits = tensor([
      [0.1, 0.7],
      [2, -1],
      [0, 0],
    ]);
    const labels = tensor([1, 0, 9], { dtype: "int32" });
    const options = { weight: [1, 3], ignoreIndex: 9, labelSmoothing: 0.2 };
    const logs = [
      [0.1 - Math.log(Math.exp(0.1) + Math.exp(0.7)), 0.7 - Math.log(Math.exp(0.1) + Math.exp(0.7))],
      [2 - Math.log(Math.exp(2) + Math.exp(-1)), -1 - Math.log(Math.exp(2) + Math.exp(-1))],
    ] as const;
    const smooth = logs.map(([a, b]) => -(a + 3 * b)).reduce((a, b) => a + b);
    const hard = -3 * logs[0][1] - logs[1][0];
    expect(losses.crossEntropy(logits, labels, options).item()).toBeCloseTo((0.8 * hard + 0.1 * smooth) / 4, 14);
  });

  test("saturated probabilities are not clipped: certainty that fails is infinite (keras 9664, 4744)", () => {
    expect(losses.binaryCrossEntropy(0, 1).item()).toBe(Number.POSITIVE_INFINITY);
    expect(losses.binaryCrossEntropyWithLogits(-1000, 1).item()).toBe(1000);
    expect(grad((x: Tensor) => losses.binaryCrossEntropyWithLogits(x, 1))(tensor(-1000)).item()).toBe(-1);
  });

  test("divergences of mixtures: estimated with an error, bounded, integrated (tensorflow/probability 199, 816)", () => {
    const make = (loc: number[]): MixtureSameFamily =>
      new MixtureSameFamily({
        mixture: new Categorical({ logits: [0, 1] }),
        components: new Normal({ loc, scale: 1 }),
      });
    const [p, q] = [make([-1, 1]), make([0, 2])];
    const exact = klDivergence(p, q, { method: "quadrature" }).item();
    const estimate = klDivergence(p, q, { method: "monteCarlo", samples: 20_000, seed: 1, explain: true });
    expect(Math.abs(estimate.value.item() - exact)).toBeLessThan(6 * estimate.standardError!.item());
    expect(klBounds(p, q).upper.item()).toBeGreaterThanOrEqual(exact);
  });

  test("a Bernoulli divergence at a probability of 0 has the limit for a gradient (pytorch 15288)", () => {
    const slope = grad((probs: Tensor) => klDivergence(new Bernoulli({ probs }), new Bernoulli({ probs: 0.5 })))(
      tensor(1),
    );
    expect(slope.item()).toBeGreaterThan(30); // log(p / (1 - p)) as p goes to 1: infinite, or as far as floats go; not 0
    expect(klDivergence(new Bernoulli({ probs: 0 }), new Bernoulli({ probs: 0 })).item() + 0).toBe(0);
  });

  test("a covariance that is not positive definite is refused, with the way out (pytorch 83831, 75173)", () => {
    expect(
      () =>
        new MultivariateNormal({
          loc: [0, 0],
          covarianceMatrix: [
            [1, 2],
            [2, 1],
          ],
        }),
    ).toThrow(/mend/);
  });

  test("a distribution is plain data, and comes back (pytorch 7795)", async () => {
    const { fromJSON } = await import("credence");
    const d = new StudentT({ df: [1, 5], loc: 0, scale: 2 });
    const back = fromJSON(JSON.parse(JSON.stringify(d.toJSON())));
    expect(back.logProb(0.5).toArray()).toEqual(d.logProb(0.5).toArray());
  });

  test("tfjs 2011: lgamma is there, and normal draws take tensors for their parameters", () => {
    expect(special.lgamma(10).item()).toBeCloseTo(Math.log(362_880), 13);
    expect(new Normal({ loc: tensor([0, 100]), scale: tensor([1, 0.1]) }).sample({ seed: 1 }).shape).toEqual([2]);
  });

  test("a Cauchy law has no mean, and says so by NaN (pytorch 52973's neighbour: no plausible number)", () => {
    expect(new Cauchy({ loc: 0, scale: 1 }).mean().item()).toBeNaN();
  });
});
