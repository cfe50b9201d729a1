import { grad, type Tensor, tensor } from "credence";
import { Categorical, Independent, MixtureSameFamily, Normal } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { STANDARD_ERRORS } from "../support/bounds.js";
import { describeDistribution, expectCode } from "../support/laws.js";
import { gaussLegendre } from "../support/quadrature.js";

const build = ({ logits, loc, scale }: Record<string, Tensor>): MixtureSameFamily<Normal> =>
  new MixtureSameFamily({
    mixture: new Categorical({ logits: logits! }),
    components: new Normal({ loc: loc!, scale: scale! }),
  });

const spiral = { logits: [0.2, -1, 1.5], loc: [-2, 0, 3], scale: [0.5, 0.05, 1] };

describeDistribution("MixtureSameFamily", {
  build,
  params: {
    "of three normals": spiral,
    "in a batch [2]": {
      logits: [
        [0.2, -1],
        [3, 0],
      ],
      loc: [
        [0, 4],
        [-1, 1],
      ],
      scale: [1, 0.5],
    },
    "of one component": { logits: [3], loc: [1], scale: [2] },
  },
  values: [-1.5, 0.25, 2],
  lacks: ["mode", "entropy"],
  invalid: [
    { logits: [0, Number.NaN], loc: [0, 1], scale: 1 },
    { logits: [0, 0], loc: [0, 1], scale: [1, 0] },
  ],
});

describeDistribution("MixtureSameFamily of vectors", {
  build: ({ logits, loc, scale }) =>
    new MixtureSameFamily({
      mixture: new Categorical({ logits: logits! }),
      components: new Independent(new Normal({ loc: loc!, scale: scale! }), 1),
    }),
  params: {
    "of two components": {
      logits: [0.5, -0.5],
      loc: [
        [0, 1],
        [2, -1],
      ],
      scale: [
        [1, 0.5],
        [0.3, 2],
      ],
    },
    "in a batch [3]": {
      logits: [
        [0, 1],
        [1, 0],
        [2, 2],
      ],
      loc: [
        [0, 1],
        [3, -1],
      ],
      scale: 0.7,
    },
  },
  values: [
    [0, 0],
    [1.5, -1],
  ],
  lacks: ["mode", "entropy", "cdf", "logCdf", "survival", "logSurvival", "quantile"],
});

describe("MixtureSameFamily", () => {
  const mix = new MixtureSameFamily({
    mixture: new Categorical({ logits: [0.2, -1] }),
    components: new Normal({ loc: [0, 4], scale: [1, 0.5] }),
  });

  test("as the readme has it", () => {
    expect(mix.cdf(2).item()).toBeCloseTo(0.7510480743765293, 15);
    expect(mix.quantile([0.05, 0.5, 0.95]).shape).toEqual([3]);
    expect(mix.mean().item()).toBeCloseTo(4 / (1 + Math.exp(1.2)), 15);
  });

  test("a density of vectors integrates to 1", () => {
    const d = new MixtureSameFamily({
      mixture: new Categorical({ probs: [0.3, 0.7] }),
      components: new Independent(
        new Normal({
          loc: [
            [0, 1],
            [2, -1],
          ],
          scale: [
            [1, 0.5],
            [0.6, 2],
          ],
        }),
        1,
      ),
    });
    // 80 points a side resolve the narrowest component; beyond 12 lies less than 1e-7 of the mass
    const { points, weights } = gaussLegendre(80);
    const grid = points.flatMap((a) => points.map((b) => [12 * a, 12 * b]));
    const density = [...d.prob(grid).data()];
    const mass = density.reduce((sum, f, i) => sum + 144 * f * weights[Math.floor(i / 80)]! * weights[i % 80]!, 0);
    expect(mass).toBeCloseTo(1, 6);
  });

  test("a component of weight 0 does not count, however extreme", () => {
    const d = new MixtureSameFamily({
      mixture: new Categorical({ logits: [0, Number.NEGATIVE_INFINITY] }),
      components: new Normal({ loc: [1, 1e300], scale: [1, 1e-300] }),
    });
    const alone = new Normal({ loc: 1, scale: 1 });
    for (const p of [1e-10, 0.3, 0.999]) expect(d.quantile(p).item()).toBe(alone.quantile(p).item());
    expect(d.logProb(0.5).item()).toBe(alone.logProb(0.5).item());
    expect(d.variance().item()).toBe(1);
  });

  describe("quantiles", () => {
    test("of levels [q, 1] for a batch [n] are [q, n]; of one level for each, [n]", () => {
      const d = build({
        logits: tensor([0.5, 1]),
        loc: tensor([
          [0, 1],
          [2, 3],
          [4, 9],
        ]),
        scale: tensor(1),
      });
      const grid = d.quantile([[0.1], [0.5]]);
      expect(grid.shape).toEqual([2, 3]);
      expect(grid.slice(0, 1, 2).reshape([3]).toArray()).toEqual(d.quantile(0.5).toArray());
      expect(d.quantile([0.1, 0.2, 0.3]).shape).toEqual([3]);
      expectCode("shape", () => d.quantile([0.1, 0.9]));
    });

    test("are right where components differ by hundreds of powers of ten", () => {
      const d = build({ logits: tensor([0, 0]), loc: tensor([0, 0]), scale: tensor([1e-200, 1e200]) });
      // Φ is 0 or 1 for the other component: p = w Φ(x / 1e-200) + 1/4, and so on
      expect(d.cdf(d.quantile(0.3)).item()).toBeCloseTo(0.3, 15);
      expect(d.quantile(0.3).item() / (1e-200 * new Normal({ loc: 0, scale: 1 }).quantile(0.1).item())).toBeCloseTo(
        1,
        13,
      );
      expect(d.quantile(0.1).item() / (1e200 * new Normal({ loc: 0, scale: 1 }).quantile(0.2).item())).toBeCloseTo(
        1,
        13,
      );
    });

    test("stay between two components where the cdf is flat", () => {
      const d = build({ logits: tensor([0, 0]), loc: tensor([-50, 50]), scale: tensor(1) });
      expect(Math.abs(d.quantile(0.5).item())).toBeLessThan(45);
      expect(d.cdf(d.quantile(0.5)).item()).toBe(0.5);
    });

    test("keep float32 and are the same on both engines", () => {
      const params = {
        logits: tensor(new Float32Array([0, 1, 2])),
        loc: tensor(new Float32Array([-3, 0, 1])),
        scale: tensor(new Float32Array([1, 0.1, 4])),
      };
      const levels = Float32Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
      const byInterpreter = withEngine("interpreter", () => build(params).quantile(levels));
      expect(byInterpreter.dtype).toBe("float32");
      expectSameBits(
        withEngine("compiler", () => build(params).quantile(levels).data()),
        byInterpreter.data(),
      );
      const deviation = build(params).cdf(byInterpreter).sub(levels).abs().max().item();
      expect(deviation).toBeLessThan(4 * 2 ** -24);
    });

    test("carry gradients to all parameters and to p", () => {
      const at = (params: Record<string, Tensor>): Tensor => build(params).quantile(params.p!).sum();
      const params: Record<string, Tensor> = {
        logits: tensor([0.1, 0.5]),
        loc: tensor([-1, 1.5]),
        scale: tensor([0.7, 0.4]),
        p: tensor([0.2, 0.6]),
      };
      const exact = grad(at)(params);
      for (const [name, value] of Object.entries(params)) {
        value.data().forEach((x, i) => {
          const h = 1e-6;
          const moved = (by: number): number =>
            at({
              ...params,
              [name]: tensor(value.data().map((v, j) => (j === i ? x + by : v)) as Float64Array),
            }).item();
          // 1e-16 / h and h², times slopes up to 10
          expect(exact[name]!.data()[i]).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 7);
        });
      }
    });

    test("do not exist of vectors; of whole numbers they are the least with cdf(k) >= p", () => {
      const vectors = new MixtureSameFamily({
        mixture: new Categorical({ logits: [0, 0] }),
        components: new Independent(
          new Normal({
            loc: [
              [0, 0],
              [1, 1],
            ],
            scale: 1,
          }),
          1,
        ),
      });
      const labels = new MixtureSameFamily({
        mixture: new Categorical({ logits: [0, 0] }),
        components: new Categorical({
          logits: [
            [0, 1],
            [1, 0],
          ],
        }),
      });
      expectCode("missing", () => vectors.quantile(0.5));
      expect(labels.quantile([0, 0.3, 0.5, 0.7, 1]).toArray()).toEqual([0, 0, 0, 1, 1]);
      expect(labels.prob(0).item()).toBeCloseTo(0.5, 15);
    });
  });

  describe("draws", () => {
    test("at temperatures: weights sharpened, variances multiplied", () => {
      const shape = [40_000];
      const draws = [...mix.sample({ seed: 8, shape, temperature: 0.5, scaleTemperature: 0.25 }).data()];
      const isSecond = draws.filter((x) => x > 2); // at half the spread the two do not overlap
      // logits 0.2 and -1 halved in temperature: odds e^-2.4
      const share = 1 / (1 + Math.exp(2.4));
      expect(Math.abs(isSecond.length / draws.length - share)).toBeLessThan(
        STANDARD_ERRORS * Math.sqrt((share * (1 - share)) / draws.length),
      );
      const variance = isSecond.reduce((sum, x) => sum + (x - 4) ** 2, 0) / isSecond.length;
      // of a normal's mean square: standard error √(2 / n)
      expect(Math.abs(variance / (0.25 * 0.25) - 1)).toBeLessThan(STANDARD_ERRORS * Math.sqrt(2 / isSecond.length));
    });

    test("keep each component's mean at any temperature, vectors too", () => {
      const loc = [
        [10, 20],
        [-10, 0],
      ];
      const vectors = new MixtureSameFamily({
        mixture: new Categorical({
          logits: [
            [30, 0],
            [0, 30],
          ],
        }),
        components: new Independent(new Normal({ loc, scale: 1 }), 1),
      });
      const draws = vectors.sample({ seed: 1, shape: [50], scaleTemperature: 1e-12, temperature: 2 });
      expect(draws.shape).toEqual([50, 2, 2]);
      expect(draws.sub(loc).abs().max().item()).toBeLessThan(1e-5);
    });

    test("differ from row to row though the weights are shared", () => {
      const d = new MixtureSameFamily({
        mixture: new Categorical({ logits: [0, 0] }),
        components: new Normal({ loc: tensor([0, 100]).broadcastTo([64, 2]), scale: 1 }),
      });
      const far = d.sample({ seed: 2 }).gt(50).sum().item();
      expect(far).toBeGreaterThan(5); // of 64 fair coins, fewer come in 10^-12
      expect(far).toBeLessThan(59);
    });

    test("carry gradients: the mean of draws moves as the mean does", () => {
      const n = 20_000;
      const params = { logits: tensor([0.3, -0.4]), loc: tensor([-1, 2]), scale: tensor([0.8, 1.1]) };
      const byDraws = grad((p: Record<string, Tensor>) =>
        build(p)
          .sample({ seed: 4, shape: [n] })
          .mean(),
      )(params);
      const exact = grad((p: Record<string, Tensor>) => build(p).mean())(params);
      for (const name of ["logits", "loc", "scale"] as const) {
        // pathwise slopes here have standard deviations of at most 3
        byDraws[name]!.data().forEach((slope, i) => {
          expect(Math.abs(slope - exact[name]!.data()[i]!)).toBeLessThan((STANDARD_ERRORS * 3) / Math.sqrt(n));
        });
      }
      expect(mix.reparameterized).toBe(true);
    });

    test("refuse temperatures that are none", () => {
      expect(() => mix.sample({ seed: 1, temperature: 0 })).toThrowErrorMatchingInlineSnapshot(`
        [CredenceError: MixtureSameFamily(Normal).sample: temperature is 0.
          allowed: a finite number > 0]
      `);
      expectCode("argument", () => mix.sample({ seed: 1, scaleTemperature: Number.NaN }));
    });
  });

  test("components that do not match the weights are refused", () => {
    expect(
      () =>
        new MixtureSameFamily({
          mixture: new Categorical({ logits: [0, 0] }),
          components: new Normal({ loc: [0, 0, 0], scale: 1 }),
        }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: MixtureSameFamily: components of batch shape [3] for 2 weights.
        allowed: [..., 2]: the last axis of the components' batch counts them
        mend:    put the components along the last batch axis; make vectors events with new Independent(components, 1)]
    `);
    expectCode(
      "shape",
      () =>
        new MixtureSameFamily({
          mixture: new Categorical({ logits: [0, 0] }),
          components: new Normal({ loc: 0, scale: 1 }),
        }),
    );
    expectCode(
      "shape",
      () =>
        new MixtureSameFamily({
          mixture: new Categorical({
            logits: [
              [0, 0],
              [0, 0],
              [0, 0],
            ],
          }),
          components: new Normal({
            loc: [
              [0, 1],
              [0, 1],
            ],
            scale: 1,
          }),
        }),
    );
  });

  test("log density and gradient are finite where each component underflows", () => {
    const nll = (p: Record<string, Tensor>): Tensor =>
      build(p)
        .logProb(tensor(new Float32Array([400])))
        .sum()
        .neg();
    const params = {
      logits: tensor(new Float32Array([0, 5])),
      loc: tensor(new Float32Array([0, 1])),
      scale: tensor(new Float32Array([1, 1])),
    };
    expect(nll(params).item()).toBeGreaterThan(70_000);
    for (const slope of Object.values(grad(nll)(params))) expect([...slope.data()].every(Number.isFinite)).toBe(true);
  });
});
