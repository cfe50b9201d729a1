import { grad, klDivergence, type Tensor, tensor } from "credence";
import { VonMises } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { distanceToCdf, dkw } from "../support/bounds.js";
import { describeDistribution } from "../support/laws.js";

describeDistribution("VonMises", {
  build: ({ loc, concentration }) => new VonMises({ loc: loc!, concentration: concentration! }),
  params: {
    standard: { loc: 0, concentration: 1 },
    "in a batch [2, 3]": { loc: [-2, 0, 1], concentration: [[0.3], [40]] },
    "nearly even, and narrow": { loc: 0.5, concentration: [1e-3, 1e9] },
  },
  domain: { loc: { from: -10, to: 10 }, concentration: "positive" },
  values: [-2.5, 0.25, 2],
  invalid: [
    { loc: 0, concentration: -1 },
    { loc: [0, Number.NaN], concentration: 1 },
  ],
  circular: true,
});

describe("VonMises", () => {
  test("its density repeats with every turn", () => {
    const d = new VonMises({ loc: 2, concentration: 3 });
    const x = tensor([-1, 0.5, 2]);
    d.logProb(x.add(4 * Math.PI))
      .data()
      .forEach((value, i) => void expect(value).toBeCloseTo(d.logProb(x).data()[i]!, 13));
  });

  test("without concentration all angles are alike", () => {
    const d = new VonMises({ loc: 1, concentration: 0 });
    expect(d.logProb([1, -3, 20]).data()).toEqual(new Float64Array(3).fill(-Math.log(2 * Math.PI)));
    expect(d.cdf(1 - Math.PI / 2).item()).toBeCloseTo(0.25, 15);
    expect([d.variance().item(), d.stddev().item(), d.entropy().item()]).toEqual([
      1,
      Number.POSITIVE_INFINITY,
      Math.log(2 * Math.PI),
    ]);
  });

  test("with a large concentration it is normal", () => {
    const d = new VonMises({ loc: 0, concentration: 1e12 });
    expect(d.stddev().item() / 1e-6).toBeCloseTo(1, 11);
    expect(d.survival(3e-6).item() / 0.0013498980316300946).toBeCloseTo(1, 9);
  });

  test.each([1e-12, 0.1, 3, 30, 1e6])("draws with concentration %d have its cdf and its resultant", (concentration) => {
    const d = new VonMises({ loc: 0.5, concentration });
    const n = 40_000;
    const draws = d.sample({ seed: 3, shape: [n] });
    const sorted = draws.data().slice().sort() as Float64Array;
    expect(distanceToCdf(sorted, d.cdf(tensor(sorted)).data() as Float64Array, false)).toBeLessThan(dkw(n, 5));
    const cosines = [...draws.data()].map((x) => 1 - Math.cos(x - 0.5));
    const mean = cosines.reduce((sum, c) => sum + c, 0) / n;
    const error = Math.sqrt(cosines.reduce((sum, c) => sum + (c - mean) ** 2, 0)) / n;
    expect(Math.abs(mean - d.variance().item())).toBeLessThan(6 * error);
  });

  test("draws move with the parameters as quantiles at their level do", () => {
    const [loc, concentration, h] = [0.4, 2.5, 1e-5];
    const build = (at: Tensor): VonMises => new VonMises({ loc, concentration: at });
    const x = build(tensor(concentration)).sample({ seed: 5, shape: [8] });
    const level = build(tensor(concentration)).cdf(x);
    for (let i = 0; i < 8; i++) {
      const slope = grad((at: Tensor) =>
        build(at)
          .sample({ seed: 5, shape: [8] })
          .slice(0, i, i + 1)
          .sum(),
      )(tensor(concentration)).item();
      const moved = (by: number): number =>
        build(tensor(concentration + by))
          .quantile(level)
          .data()[i]!;
      expect(slope).toBeCloseTo((moved(h) - moved(-h)) / (2 * h), 7);
    }
  });

  test("draws move with loc as they are", () => {
    const total = (loc: Tensor): Tensor =>
      new VonMises({ loc, concentration: 2 }).sample({ seed: 1, shape: [5] }).sum();
    expect(grad(total)(tensor(0.3)).item()).toBeCloseTo(5, 12);
  });

  test("divergences of nearly equal laws, and of laws far apart", () => {
    const between = (a: number, b: number): number =>
      klDivergence(new VonMises({ loc: 0, concentration: a }), new VonMises({ loc: 0, concentration: b })).item();
    // mpmath, 60 digits: log(I0(b) / I0(a)) - (b - a) I1(a) / I0(a)
    const references = [
      [2.0, 2.0000000009313226, 7.122045907831561e-20],
      [1000000.0, 1000000.125, 3.906251627606883e-15],
      [0.3, 50.0, 39.73283069428826],
      [500.0, 0.125, 3.4047693348618244],
      [0.001, 0.002, 2.49999828125099e-7],
      [60.0, 89.0, 0.044856417479729994],
      [60.0, 31.0, 0.08948642631332532],
    ] as const;
    for (const [a, b, exact] of references) expect(between(a, b) / exact).toBeCloseTo(1, 13);
  });
});
