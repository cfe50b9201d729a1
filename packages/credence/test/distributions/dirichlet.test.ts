import { compile, grad, klDivergence, type Tensor, tensor } from "credence";
import { Beta, Dirichlet } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";

describeDistribution("Dirichlet", {
  build: ({ concentration }) => new Dirichlet({ concentration: concentration! }),
  params: {
    standard: { concentration: [2, 5, 0.7] },
    "in a batch [2]": {
      concentration: [
        [0.4, 1, 30],
        [7, 9, 11],
      ],
    },
  },
  values: [
    [0.25, 0.25, 0.5],
    [0.01, 0.9, 0.09],
  ],
  invalid: [{ concentration: [1, 0, 2] }, { concentration: [1, -1, 2] }],
  lacks: ["cdf", "logCdf", "survival", "logSurvival", "quantile"],
});

describe("Dirichlet", () => {
  test("of two categories is a beta distribution", () => {
    const [d, beta] = [
      new Dirichlet({ concentration: [0.8, 3] }),
      new Beta({ concentration1: 0.8, concentration0: 3 }),
    ];
    for (const x of [1e-9, 0.25, 0.75]) {
      expect(d.logProb([x, 1 - x]).item()).toBeCloseTo(beta.logProb(x).item(), 13);
    }
    for (const method of ["mean", "variance", "skewness", "mode"] as const) {
      expect(d[method]().data()[0]).toBeCloseTo(beta[method]().item(), 14);
    }
    expect(d.entropy().item()).toBe(beta.entropy().item());
  });

  test("of concentrations 1 is flat", () => {
    const d = new Dirichlet({ concentration: [1, 1, 1, 1] });
    for (const x of [
      [0.25, 0.25, 0.25, 0.25],
      [0, 0.5, 0.5, 0],
      [0, 0, 0, 1],
    ]) {
      expect(d.logProb(x).item()).toBeCloseTo(Math.log(6), 14);
    }
    expect(d.entropy().item()).toBeCloseTo(-Math.log(6), 14);
  });

  test("off the simplex the density is 0, but for rounding", () => {
    const d = new Dirichlet({ concentration: [2, 3, 4] });
    for (const x of [
      [0.2, 0.3, 0.4],
      [-0.2, 0.7, 0.5],
      [1 / 3, 1 / 3, 1 / 3 + 1e-9],
    ]) {
      expect(d.logProb(x).item()).toBe(-Infinity);
    }
    expect(d.logProb([0.1, 0.2, 0.7 + 2 ** -52]).item()).toBeGreaterThan(-10);
    expect(d.logProb([0, 0.5, 0.5]).item()).toBe(-Infinity);
    expect(new Dirichlet({ concentration: [0.5, 3, 4] }).logProb([0, 0.5, 0.5]).item()).toBe(Infinity);
    // one coordinate draws it up, another down
    expect(new Dirichlet({ concentration: [0.5, 3, 4] }).logProb([0, 0, 1]).item()).toBe(-Infinity);
  });

  test("the gradient by x is (concentration - 1) / x", () => {
    for (const concentration of [
      [2, 3, 0.5],
      [2000, 3, 0.5],
    ]) {
      const slope = grad((x: Tensor) => new Dirichlet({ concentration }).logProb(x))(tensor([0.25, 0.25, 0.5])).data();
      concentration.forEach((a, i) => {
        expect(slope[i]! / ((a - 1) / [0.25, 0.25, 0.5][i]!)).toBeCloseTo(1, 11);
      });
    }
  });

  // PyTorch answers with the centre, and a gradient of NaN
  test.each(["float32", "float64"] as const)("draws of tiny concentrations are corners, in %s", (dtype) => {
    const draw = (a: Tensor): Tensor => new Dirichlet({ concentration: a }).sample({ seed: 1, shape: [3000] });
    const concentration = tensor([1e-4, 2e-4, 1e-4], { dtype });
    const x = draw(concentration);
    const counts = [0, 0, 0];
    const data = x.data();
    for (let i = 0; i < 3000; i++) {
      const row = [0, 1, 2].map((j) => data[3 * i + j]!);
      const most = Math.max(...row);
      expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
      if (most > 0.999) counts[row.indexOf(most)]!++;
    }
    // all but about 0.01 of them, each as often as its share; five standard deviations of 27
    expect(counts[0]! + counts[1]! + counts[2]!).toBeGreaterThan(2900);
    expect(Math.abs(counts[1]! - 1500)).toBeLessThan(5 * 27);
    const slope = compile(
      grad((a: Tensor) =>
        draw(a)
          .mul(tensor([1, 2, 3], { dtype }))
          .mean(),
      ),
    )(concentration);
    expect([...slope.isFinite().data()]).toEqual([1, 1, 1]);
  });

  test("gradients of draws move their mean as the law's own", () => {
    const weights = tensor([1, -2, 0.5]);
    const concentration = tensor([1.5, 0.7, 4]);
    const [own, drawn] = [
      grad((a: Tensor) => new Dirichlet({ concentration: a }).mean().mul(weights).sum())(concentration).data(),
      compile(
        grad((a: Tensor) =>
          new Dirichlet({ concentration: a })
            .sample({ seed: 4, shape: [40_000] })
            .mul(weights)
            .sum(-1)
            .mean(),
        ),
      )(concentration).data(),
    ];
    // each of 40 000 gradients is below 1 in size: five standard errors
    for (const i of [0, 1, 2]) expect(Math.abs(own[i]! - drawn[i]!)).toBeLessThan(5 / 200);
  });

  test("divergences", () => {
    const p = new Dirichlet({ concentration: [2, 5, 0.7] });
    const q = new Dirichlet({
      concentration: [
        [1, 1, 1],
        [3, 2, 9],
        [2, 5, 0.7],
      ],
    });
    const value = klDivergence(p, q).data();
    // PyTorch 1.13, float64: kl_divergence(Dirichlet([2., 5., .7]), Dirichlet([...]))
    expect(value[0]).toBeCloseTo(1.3257893276729185, 13);
    expect(value[1]).toBeCloseTo(19.8967278734135, 13);
    expect(value[2]).toBe(0);
  });

  test("a concentration without an axis, or of no categories", () => {
    expectCode("shape", () => new Dirichlet({ concentration: 2 }));
    expectCode("shape", () => new Dirichlet({ concentration: tensor(new Float64Array(0), { shape: [0] }) }));
  });
});
