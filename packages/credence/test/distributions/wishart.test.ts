import { Gamma, grad, klDivergence, linalg, type Tensor, tensor } from "credence";
import { fromJSON, Wishart } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";
import { refusal } from "../support/refused.js";
import { vectorLaws } from "../support/vectorLaws.js";
import references from "./vectors.json" with { type: "json" };

const turned = (x: Tensor): Tensor => x.transpose([...x.shape.slice(2).map((_, i) => i), x.rank - 1, x.rank - 2]);
const noCdf = ["cdf", "logCdf", "survival", "logSurvival", "quantile"] as const;
const pair = [[1, 0.5], [-0.3, 2]]; // biome-ignore format: a matrix
const covarianceOf = (root: Tensor): Tensor => root.matmul(turned(root));

describe.each(["covarianceMatrix", "precisionMatrix", "scaleTril"] as const)("Wishart by %s", (key) => {
  const build = ({ df, root }: Record<string, Tensor>) => {
    const covariance = covarianceOf(root!);
    const tril = (): Tensor => {
      const low = linalg.tril(root!);
      const onDiagonal = linalg.diagonal(low);
      return low.sub(linalg.diagonalMatrix(onDiagonal)).add(linalg.diagonalMatrix(onDiagonal.exp()));
    };
    return new Wishart({ df: df!, [key]: key === "scaleTril" ? tril() : covariance } as never);
  };
  const params = { plain: { df: 8, root: pair }, "in a batch [2]": { df: [5.5, 40], root: pair } };
  describeDistribution("pairs", {
    build,
    params,
    values: [[[3, 0.5], [0.5, 7]], [[20, -3], [-3, 2]]], // biome-ignore format: matrices
    lacks: noCdf,
  });
  vectorLaws(build, params);
});

describe("Wishart", () => {
  test.each(references.wishart.map((r) => [r.df, r.scaleTril.length, r] as const))(
    "df %d, %d rows: density, entropy and divergence of 60 digits",
    (df, p, r) => {
      const [law, other] = [new Wishart(r), new Wishart(r.q)];
      // x and its factor are rounded, which moves log det X by p units times the conditioning of X
      const conditioning = 2 ** -52 * (df + p) * 1e3;
      expect(Math.abs(law.logProb(r.x).item() - Number(r.logProb))).toBeLessThan(
        1e-12 * Math.abs(Number(r.logProb)) + conditioning,
      );
      expect(Math.abs(law.entropy().item() / Number(r.entropy) - 1)).toBeLessThan(1e-13);
      expect(Math.abs(klDivergence(law, other).item() / Number(r.divergence) - 1)).toBeLessThan(1e-12);
    },
  );

  test("of one number is a gamma law", () => {
    const [matrix, number] = [new Wishart({ df: 5, covarianceMatrix: [[3]] }), new Gamma({ concentration: 2.5, rate: 1 / 6 })]; // biome-ignore format: a pair
    expect(matrix.logProb([[4]]).item()).toBeCloseTo(number.logProb(4).item(), 13);
    expect(matrix.entropy().item()).toBeCloseTo(number.entropy().item(), 13);
    expect(matrix.variance().item()).toBeCloseTo(number.variance().item(), 12);
    expect(matrix.mode().item()).toBeCloseTo(number.mode().item(), 13);
  });

  test("its divergence keeps its digits for near laws, and is 0 for equal ones", () => {
    const of = (df: number, by: number) => new Wishart({ df, scaleTril: [[1, 0], [0.5, 2 * (1 + by)]] }); // biome-ignore format: a matrix
    expect(klDivergence(of(5, 0), of(5, 0)).item()).toBe(0);
    // df e² to the leading order, of one diagonal number off by a share e
    const e = 2 ** -27;
    expect(klDivergence(of(5, 0), of(5, e)).item() / (5 * e * e)).toBeCloseTo(1, 7);
  });

  test("matrices outside of the support have no density", () => {
    const law = new Wishart({ df: 3, scaleTril: [[1, 0], [0, 1]] }); // biome-ignore format: a matrix
    for (const x of [[[1, 2], [2, 1]], [[1, 0.5], [0.4, 1]], [[0, 0], [0, 1]]]) // biome-ignore format: matrices
      expect(law.logProb(x).item()).toBe(Number.NEGATIVE_INFINITY);
    expect(law.mode().toArray()).toEqual([[0, 0], [0, 0]]); // biome-ignore format: a matrix
    expect(new Wishart({ df: 2.5, scaleTril: [[1, 0], [0, 1]] }).mode().data()[0]).toBeNaN(); // biome-ignore format: a matrix
  });

  test("too few degrees of freedom are refused", () => {
    expect(refusal(() => new Wishart({ df: [3, 1], covarianceMatrix: [[1, 0], [0, 1]] }))).toMatchInlineSnapshot(`
      "Wishart: df is 1 for matrices of 2 rows.
        allowed: numbers > 1: with fewer vectors their sum is singular"
    `); // biome-ignore format: a matrix
    expect(refusal(() => new Wishart({ df: 3, scaleTril: [1, 2] }))).toMatchInlineSnapshot(`
      "Wishart: scaleTril of shape [2].
        allowed: [..., p, p]"
    `);
  });

  test("draws follow their parameters, and come back from JSON", () => {
    const law = new Wishart({ df: 4.5, scaleTril: [[1, 0], [0.5, 2]] }); // biome-ignore format: a matrix
    const again = fromJSON(JSON.parse(JSON.stringify(law)));
    expect(again.sample({ seed: 3 }).toArray()).toEqual(law.sample({ seed: 3 }).toArray());
    const trace = (df: Tensor): Tensor =>
      linalg.diagonal(new Wishart({ df, scaleTril: [[1, 0], [0.5, 2]] }).sample({ seed: 5, shape: [4000] })).sum(-1).mean(); // biome-ignore format: a matrix
    // E tr X = df tr Σ, and tr Σ = 5.25; the slope of 4000 draws is its mean to some hundredths
    expect(Math.abs(grad(trace)(tensor(4.5)).item() - 5.25)).toBeLessThan(0.3);
  });
});
