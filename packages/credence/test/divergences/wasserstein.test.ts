import {
  compile,
  Gumbel,
  grad,
  Independent,
  LowRankMultivariateNormal,
  MultivariateNormal,
  Normal,
  type Tensor,
  tensor,
  wasserstein2,
} from "credence";
import { describe, expect, test } from "vitest";
import references from "../distributions/vectors.json" with { type: "json" };
import { expectCode } from "../support/laws.js";

const normalOf = ([loc, scaleTril]: (number[] | number[][])[]): MultivariateNormal =>
  new MultivariateNormal({ loc: loc as number[], scaleTril: scaleTril as number[][] });

describe("wasserstein2", () => {
  test.each(references.wasserstein.map((r, i) => [i, r] as const))("of pair %i is that by singular values", (_, r) => {
    const [p, q] = [normalOf(r.p), normalOf(r.q)];
    const found = wasserstein2(p, q).item();
    expect(Math.abs(found / Number(r.distance) - 1)).toBeLessThan(2 ** -47);
    expect(Math.abs(wasserstein2(q, p).item() / found - 1)).toBeLessThan(2 ** -47);
  });

  test("of numbers, and of independent ones", () => {
    const [p, q] = [new Normal({ loc: [0, 1e200], scale: 1 }), new Normal({ loc: 3, scale: 5 })];
    expect(wasserstein2(p, q).toArray()).toEqual([5, 1e200]);
    const [a, b] = [new Independent(p, 1), new Independent(new Normal({ loc: [3, 1e200], scale: 5 }), 1)];
    expect(wasserstein2(a, b).item()).toBeCloseTo(Math.sqrt(41), 14);
  });

  test("between kinds of normal laws, in batches and compiled", () => {
    const low = new LowRankMultivariateNormal({ loc: [[0, 1], [2, 3]], covFactor: [[1], [2]], covDiag: [1, 0.5] }); // biome-ignore format: a matrix
    const plain = new Independent(new Normal({ loc: [0, 1], scale: [1, 2] }), 1);
    const distance = wasserstein2(low, plain);
    expect(distance.shape).toEqual([2]);
    // the means of the second are (2, 2) further apart
    const [near, far] = distance.toArray() as number[];
    expect(far! ** 2 - near! ** 2).toBeCloseTo(8, 13);
    const compiled = compile((loc: Tensor) => wasserstein2(new MultivariateNormal({ loc, scaleTril: [[1, 0], [1, 2]] }), plain)); // biome-ignore format: a matrix
    const law = new MultivariateNormal({ loc: [1, 1], scaleTril: [[1, 0], [1, 2]] }); // biome-ignore format: a matrix
    expect(compiled(tensor([1, 1])).item()).toBe(wasserstein2(law, plain).item());
  });

  test("is 0 for equal laws, and small for near ones", () => {
    const of = (by: number) => normalOf([[1, 2], [[1, 0], [0.5, 1e-6 * (1 + by)]]]); // biome-ignore format: a matrix
    expect(wasserstein2(of(0), of(0)).item()).toBeLessThan(1e-15);
    expect(wasserstein2(of(0), of(0.5)).item()).toBeLessThan(1e-6);
    const slopes = grad((loc: Tensor) => wasserstein2(new Normal({ loc, scale: 1 }), new Normal({ loc: 0, scale: 1 })));
    expect(slopes(tensor(0)).item()).toBe(0);
  });

  test("has the gradient of its differences", () => {
    const q = normalOf(references.wasserstein[3]!.q);
    const [loc, factor] = references.wasserstein[3]!.p as [number[], number[][]];
    const at = (scale: Tensor): Tensor => wasserstein2(new MultivariateNormal({ loc, scaleTril: scale }), q);
    const slope = grad(at)(tensor(factor)).toArray() as number[][];
    factor.forEach((row, i) => {
      for (let j = 0; j <= i; j++) {
        const moved = (h: number): number =>
          at(tensor(factor.map((r, k) => r.map((x, l) => (k === i && l === j ? x + h : x))))).item();
        expect(slope[i]![j]!).toBeCloseTo((moved(1e-5) - moved(-1e-5)) / 2e-5, 8);
      }
      for (let j = i + 1; j < row.length; j++) expect(slope[i]![j]).toBe(0);
    });
  });

  test("other laws are refused", () => {
    expectCode("missing", () => wasserstein2(new Normal({ loc: 0, scale: 1 }), new Gumbel({ loc: 0, scale: 1 })));
    expectCode("shape", () => wasserstein2(new Normal({ loc: 0, scale: 1 }), normalOf([[0], [[1]]])));
  });
});
