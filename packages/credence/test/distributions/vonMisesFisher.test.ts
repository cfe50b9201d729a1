import { grad, klDivergence, type Tensor, tensor } from "credence";
import { fromJSON, VonMises, VonMisesFisher } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { momentsOf, STANDARD_ERRORS } from "../support/bounds.js";
import { describeDistribution, expectCode } from "../support/laws.js";
import { refusal } from "../support/refused.js";
import { vectorLaws } from "../support/vectorLaws.js";
import references from "./vectors.json" with { type: "json" };

const noCdf = ["cdf", "logCdf", "survival", "logSurvival", "quantile"] as const;
const build = ({ meanDirection, concentration }: Record<string, Tensor>) =>
  new VonMisesFisher({ meanDirection: meanDirection!, concentration: concentration! });

const cases = {
  2: { params: { a: { meanDirection: [3, -4], concentration: 2 } }, values: [[0.6, 0.8], [1, 0]] },
  3: { params: { a: { meanDirection: [1, 2, -2], concentration: [0.5, 40] } }, values: [[0, 0.6, 0.8], [1, 0, 0]] },
  5: { params: { a: { meanDirection: [[1, 0, 0, 0, 0], [1, 2, 3, 4, 5]], concentration: [[3], [300]] } }, values: [[0, 0.6, 0, 0.8, 0], [1, 0, 0, 0, 0]] },
}; // biome-ignore format: matrices

describe.each(Object.entries(cases))("VonMisesFisher in %s dimensions", (_, { params, values }) => {
  describeDistribution("laws", {
    build,
    params: params as never,
    values,
    lacks: noCdf,
    invalid: [
      { meanDirection: values[0]!.map(() => 0), concentration: 1 },
      { meanDirection: values[0]!, concentration: -1 },
    ],
  });
  vectorLaws(build, params as never);
});

test.each(references.fisher.map((r) => [r.d, r.concentration, r] as const))(
  "%d dimensions, concentration %d: density, mean, variance and entropy of 60 digits",
  (d, concentration, r) => {
    const meanDirection = new Float64Array(d);
    meanDirection[d - 1] = 1;
    const law = new VonMisesFisher({ meanDirection, concentration });
    const near = (got: number, text: string, units: number, of = Math.abs(Number(text))): void =>
      expect(Math.abs(got - Number(text)), `${got} for ${text}`).toBeLessThanOrEqual(units * 2 ** -53 * of);
    // logarithms of areas of spheres are sums of numbers as large as d
    near(law.logProb(meanDirection).item(), r.atMode, 16, Math.abs(Number(r.atMode)) + d);
    near(law.mean().data()[d - 1]!, r.length, 16);
    // below the series' range 1 - A² and (d - 1) A / k cancel by a factor of d + k²
    near(law.variance().data()[d - 1]!, r.slope, 8 * (2 + d + (concentration > 1e4 ? 0 : concentration ** 2)));
    near(law.entropy().item(), r.entropy, 16, Math.abs(Number(r.entropy)) + d);
  },
);

describe("VonMisesFisher", () => {
  test("on the circle is von Mises' law", () => {
    const [vector, angle] = [build({ meanDirection: tensor([1, 0]), concentration: tensor(3) }), new VonMises({ loc: 0, concentration: 3 })]; // biome-ignore format: a pair
    const at = Math.atan2(0.8, 0.6);
    expect(vector.logProb([0.6, 0.8]).item()).toBeCloseTo(angle.logProb(at).item(), 14);
    expect(vector.entropy().item()).toBeCloseTo(angle.entropy().item(), 14);
  });

  test("integrates to 1 over the sphere", () => {
    // dΩ = 2π dz around the mean direction
    const law = build({ meanDirection: tensor([0, 0, 1]), concentration: tensor(4) });
    const n = 20_000;
    const points = new Float64Array(3 * n);
    for (let i = 0; i < n; i++) {
      const z = -1 + (2 * i + 1) / n;
      points.set([Math.sqrt(1 - z * z), 0, z], 3 * i);
    }
    expect(
      law
        .prob(tensor(points, { shape: [n, 3] }))
        .mean()
        .item() *
        4 *
        Math.PI,
    ).toBeCloseTo(1, 7);
  });

  test.each([2, 3, 4, 40])(
    "draws in %d dimensions have length 1 and the mean's and the variance's share along it",
    (d) => {
      const mean = Float64Array.from({ length: d }, (_, i) => i + 1);
      for (const concentration of [0, 0.3, 20, 1e6]) {
        const law = new VonMisesFisher({ meanDirection: mean, concentration });
        const draws = law.sample({ seed: 8, shape: [20_000] });
        expect(law.support.contains(draws).sum().item()).toBe(20_000);
        const below = draws.sub(law.meanDirection).square().sum(-1).mul(0.5).data() as Float64Array; // 1 - cos
        const { mean: found, meanError, variance, varianceError } = momentsOf([...below]);
        const k = tensor(concentration);
        expect(Math.abs(found - law.ratio.complement(k).item())).toBeLessThan(STANDARD_ERRORS * meanError);
        expect(Math.abs(variance - law.ratio.slope(k).item())).toBeLessThan(STANDARD_ERRORS * varianceError);
      }
    },
  );

  test.each([2, 3])("draws in %d dimensions follow the concentration", (d) => {
    const mean = Float64Array.from({ length: d }, (_, i) => i + 1);
    const height = (concentration: Tensor): Tensor => {
      const law = new VonMisesFisher({ meanDirection: mean, concentration });
      return law
        .sample({ seed: 3, shape: [20_000] })
        .mul(law.meanDirection)
        .sum(-1)
        .mean();
    };
    const law = new VonMisesFisher({ meanDirection: mean, concentration: 2 });
    // the slope of the mean cosine is A'
    expect(grad(height)(tensor(2)).item()).toBeCloseTo(law.ratio.slope(tensor(2)).item(), 2);
    expect(law.reparameterized).toBe(true);
    expect(new VonMisesFisher({ meanDirection: [1, 0, 0, 0], concentration: 1 }).reparameterized).toBe(false);
  });

  test("its divergence is that of draws, exact for near laws", () => {
    for (const d of [2, 3, 6]) {
      const mean = Float64Array.from({ length: d }, (_, i) => i + 1);
      const other = Float64Array.from({ length: d }, (_, i) => i - 0.5);
      const [p, q] = [new VonMisesFisher({ meanDirection: mean, concentration: 3 }), new VonMisesFisher({ meanDirection: other, concentration: 8 })]; // biome-ignore format: a pair
      const estimate = klDivergence(p, q, { method: "monteCarlo", samples: 40_000, seed: 1, explain: true });
      expect(Math.abs(klDivergence(p, q).item() - estimate.value.item())).toBeLessThan(
        STANDARD_ERRORS * estimate.standardError!.item(),
      );
      expect(klDivergence(p, p).item()).toBe(0);
      const e = 2 ** -20;
      const near = new VonMisesFisher({ meanDirection: mean, concentration: 3 * (1 + e) });
      expect(klDivergence(p, near).item() / (4.5 * e * e * p.ratio.slope(tensor(3)).item())).toBeCloseTo(1, 5);
      // both sides of where quadrature takes over
      const [inside, beyond] = [3.7499999, 3.7500001].map((k) => klDivergence(p, new VonMisesFisher({ meanDirection: mean, concentration: k })).item()); // biome-ignore format: a pair
      // the square of steps that differ by 3e-7
      expect(inside! / beyond!).toBeCloseTo(1, 5);
    }
  });

  test("vectors of other lengths have no density", () => {
    const law = new VonMisesFisher({ meanDirection: [1, 0], concentration: 1 });
    expect(law.logProb([0.6, 0.9]).item()).toBe(Number.NEGATIVE_INFINITY);
    expect(refusal(() => new VonMisesFisher({ meanDirection: [0, 0], concentration: 1 }))).toMatchInlineSnapshot(`
      "VonMisesFisher: meanDirection is 0 everywhere.
        allowed: vectors with a direction
        mend:    give any direction, and concentration 0 for a uniform law"
    `);
    expectCode("shape", () => new VonMisesFisher({ meanDirection: [1], concentration: 1 }));
    expectCode("shape", () => new VonMisesFisher({ meanDirection: 1, concentration: 1 }));
    const again = fromJSON(JSON.parse(JSON.stringify(law)));
    expect(again.sample({ seed: 3 }).toArray()).toEqual(law.sample({ seed: 3 }).toArray());
  });
});
