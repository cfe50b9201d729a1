import { type Tensor, tensor } from "credence";
import { fromJSON, LKJCholesky } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { distanceToCdf, dkw } from "../support/bounds.js";
import { describeDistribution, expectCode } from "../support/laws.js";
import { vectorLaws } from "../support/vectorLaws.js";
import references from "./vectors.json" with { type: "json" };

const noCdf = ["cdf", "logCdf", "survival", "logSurvival", "quantile"] as const;

describe.each([2, 3, 5])("LKJCholesky of %d rows", (dimension) => {
  const build = ({ concentration }: Record<string, Tensor>) =>
    new LKJCholesky({ dimension, concentration: concentration! });
  const params = { flat: { concentration: 1 }, "in a batch [2]": { concentration: [0.4, 6] } };
  const identity = Array.from({ length: dimension }, (_, i) => Array.from({ length: dimension }, (__, j) => (i === j ? 1 : 0))); // biome-ignore format: a matrix
  const bent = identity.map((row, i) => (i === 1 ? row.map((_, j) => (j === 0 ? 0.6 : j === 1 ? 0.8 : 0)) : row));
  describeDistribution("laws", {
    build,
    params,
    values: [identity, bent],
    lacks: noCdf,
    invalid: [{ concentration: 0 }, { concentration: [1, -2] }],
  });
  vectorLaws(build, params);
});

describe("LKJCholesky", () => {
  test.each(references.lkj.map((r) => [r.concentration, r.l.length, r] as const))(
    "concentration %d, %d rows: density and entropy of 60 digits",
    (concentration, dimension, r) => {
      const law = new LKJCholesky({ dimension, concentration });
      // a factor's rows are rounded: its diagonal moves by a unit, times the power
      const tolerance = 2 ** -50 * (1 + Math.abs(Number(r.logProb)) + concentration * dimension);
      expect(Math.abs(law.logProb(r.l).item() - Number(r.logProb))).toBeLessThan(tolerance);
      expect(Math.abs(law.entropy().item() - Number(r.entropy))).toBeLessThan(
        2 ** -49 * (1 + Math.abs(Number(r.entropy))),
      );
    },
  );

  test("of two rows and concentration 1 has a uniform correlation", () => {
    const law = new LKJCholesky({ dimension: 2, concentration: 1 });
    const draws = law.sample({ seed: 4, shape: [20_000] });
    const below = draws.slice(-2, 1).slice(-1, 0, 1).data();
    const sorted = Float64Array.from(below).sort();
    expect(distanceToCdf(sorted, sorted.map((x) => (x + 1) / 2), false)).toBeLessThan(dkw(20_000, 1)); // biome-ignore format: short
    expect(law.logProb([[1, 0], [0.6, 0.8]]).item()).toBeCloseTo(-Math.LN2, 15); // biome-ignore format: a matrix
  });

  test("every correlation of a matrix has the same law", () => {
    // of n rows each is 2 beta(b, b) - 1 with b = concentration - 1 + n / 2, so its variance is 1 / (2 b + 1)
    const law = new LKJCholesky({ dimension: 4, concentration: 2 });
    const l = law.sample({ seed: 6, shape: [40_000] });
    const matrices = l.matmul(l.transpose([0, 2, 1]));
    const squares = matrices.square().mean(0).toArray() as number[][];
    for (let i = 0; i < 4; i++) for (let j = 0; j < i; j++) expect(squares[i]![j]!).toBeCloseTo(1 / 7, 2);
    expect(law.support.contains(l).sum().item()).toBe(40_000);
  });

  test("what is no factor of a correlation matrix has no density", () => {
    const law = new LKJCholesky({ dimension: 2, concentration: 3 });
    for (const l of [[[1, 0], [0.6, 0.7]], [[1, 0.1], [0.6, 0.8]], [[1, 0], [0.6, -0.8]]]) // biome-ignore format: matrices
      expect(law.logProb(l).item()).toBe(Number.NEGATIVE_INFINITY);
    expect(new LKJCholesky({ dimension: 3, concentration: 0.5 }).mode().data()[8]).toBeNaN();
  });

  test("its dimension is a whole number from 2 on, and comes back from JSON", () => {
    for (const dimension of [1, 2.5, Number.NaN])
      expectCode("argument", () => new LKJCholesky({ dimension, concentration: 1 }));
    const law = new LKJCholesky({ dimension: 3, concentration: tensor([1, 2]) });
    const again = fromJSON(JSON.parse(JSON.stringify(law)));
    expect(again.sample({ seed: 3 }).toArray()).toEqual(law.sample({ seed: 3 }).toArray());
  });
});
