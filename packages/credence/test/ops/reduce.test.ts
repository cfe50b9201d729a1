import { compile, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import type { DType } from "../../src/graph/dtype.js";
import { fromData } from "../../src/graph/literal.js";
import { cumsumFromEnd, sum } from "../../src/ops/index.js";
import { lanesOf } from "../../src/ops/reduce.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { numbersOf } from "../support/numbers.js";

const cube = tensor([
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  [
    [7, 8, 9],
    [10, 11, 12],
  ],
]);
const inf = Number.POSITIVE_INFINITY;

describe("the order of additions", () => {
  const round = (dtype: DType): ((x: number) => number) => (dtype === "float32" ? Math.fround : (x) => x);

  /** Term i goes to partial sum i mod L, and the partial sums are folded in halves. */
  function folded(terms: readonly number[], lanes: number, add: (a: number, b: number) => number): number {
    let partial = Array.from({ length: lanes }, (_, lane) =>
      terms.filter((__, i) => i % lanes === lane).reduce(add, 0),
    );
    while (partial.length > 1) {
      const half = partial.length / 2;
      partial = partial.slice(0, half).map((p, i) => add(p, partial[i + half]!));
    }
    return partial[0]!;
  }

  const both = (x: Tensor, axes: number | number[]): ArrayLike<number>[] => [
    sum(x, axes).data(),
    compile((t: Tensor) => sum(t, axes))(x).data(),
  ];

  test("4 partial sums, 16 from 256 terms on", () => {
    expect([1, 255, 256, 10_000].map(lanesOf)).toEqual([4, 4, 16, 16]);
  });

  const lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 17, 63, 64, 254, 255, 256, 257, 258, 259, 260, 271, 272, 1000];
  test.each(["float32", "float64"] as const)("of neighbours is that of ops/reduce.ts: %s", (dtype) => {
    for (const n of lengths) {
      const x = fromData(numbersOf(dtype, 3 * n, n, 0), [3, n], dtype);
      const add = (a: number, b: number): number => round(dtype)(a + b);
      const rows = [0, 1, 2].map((r) => folded([...x.data()].slice(r * n, (r + 1) * n), n >= 256 ? 16 : 4, add));
      for (const found of both(x, 1)) expectSameBits(found, rows, `sums of ${n}`);
    }
  });

  test.each(["float32", "float64"] as const)("along an outer axis is one after the other: %s", (dtype) => {
    for (let inner = 2; inner <= 40; inner++) {
      const x = fromData(numbersOf(dtype, 9 * inner, inner, 0), [9, inner], dtype);
      const columns = Array.from({ length: inner }, (_, j) => {
        let total = 0;
        for (let k = 0; k < 9; k++) total = round(dtype)(total + x.data()[k * inner + j]!);
        return total;
      });
      for (const found of both(x, 0)) expectSameBits(found, columns, `sums of 9 over ${inner} columns`);
    }
  });

  test("neighbouring axes count as one, others go from the back", () => {
    const x = fromData(numbersOf("float32", 2 * 3 * 4 * 5, 1, 0), [2, 3, 4, 5], "float32");
    for (const found of both(x, [2, 3])) expectSameBits(found, sum(x.reshape([6, 20]), 1).data());
    for (const found of both(x, [0, 2])) expectSameBits(found, sum(sum(x, 2), 0).data());
    for (const found of both(x, [0, 1, 2, 3])) expectSameBits(found, sum(x.reshape([120])).data());
  });

  test("is the same whatever surrounds the sum", () => {
    const x = fromData(numbersOf("float32", 4 * 300, 2, 0), [4, 300], "float32");
    const alone = x.mul(2).exp().sum(1).data();
    const fused = compile((t: Tensor) => t.mul(2).exp().sum(1).add(1).sub(1).mul(1))(x);
    expect(alone).toHaveLength(4);
    expectSameBits(fused.data(), x.mul(2).exp().sum(1).add(1).sub(1).data());
  });
});

describe("axes", () => {
  test("count from the back where negative, in any order", () => {
    expect(cube.sum(-1).toArray()).toEqual([
      [6, 15],
      [24, 33],
    ]);
    expect(cube.sum([-1, 0]).toArray()).toEqual(cube.sum([0, 2]).toArray());
    expect(cube.sum(-3).shape).toEqual([2, 3]);
  });

  test("are all of them by default, none for an empty list", () => {
    expect(cube.sum().item()).toBe(78);
    expect(cube.sum([]).toArray()).toEqual(cube.toArray());
    expect(tensor(5).sum().item()).toBe(5);
  });

  test("stay as 1 with keepDims", () => {
    expect(cube.sum([0, 2], { keepDims: true }).shape).toEqual([1, 2, 1]);
    expect(cube.max(undefined, { keepDims: true }).shape).toEqual([1, 1, 1]);
    expect(cube.mean(-2, { keepDims: true }).toArray()).toEqual([[[2.5, 3.5, 4.5]], [[8.5, 9.5, 10.5]]]);
    expect(cube.min(1, { keepDims: true }).shape).toEqual([2, 1, 3]);
    expect(cube.logSumExp(0, { keepDims: true }).shape).toEqual([1, 2, 3]);
  });

  test("of size 0 sum to 0; nothing has no greatest element", () => {
    const none = tensor(new Float32Array(0), { shape: [2, 0, 3] });
    expect(none.sum(1).toArray()).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(none.max(1).toArray()).toEqual([
      [-inf, -inf, -inf],
      [-inf, -inf, -inf],
    ]);
    expect(none.min([1, 2]).toArray()).toEqual([inf, inf]);
    expect(none.sum(0).shape).toEqual([0, 3]);
    expect(none.mean().item()).toBeNaN();
  });
});

describe("values", () => {
  test("whole numbers wrap, bools count", () => {
    expect(
      tensor(Int32Array.of(2 ** 31 - 1, 1))
        .sum()
        .toArray(),
    ).toBe(-(2 ** 31));
    const counted = tensor([true, false, true]).sum();
    expect([counted.dtype, counted.item()]).toEqual(["int32", 2]);
    expect(tensor([true, false, true]).mean().item()).toBeCloseTo(2 / 3, 15);
    expect(tensor(Int32Array.of(1, 2)).mean().dtype).toBe("float64");
  });

  test("NaN is greatest and least", () => {
    expect(tensor([1, Number.NaN, 3]).max().item()).toBeNaN();
    expect(tensor([1, Number.NaN, 3]).min().item()).toBeNaN();
  });

  test.each(["float32", "float64"] as const)("NaN is found wherever it stands, compiled too: %s", (dtype) => {
    for (const n of [1, 2, 5, 8, 19, 256, 275]) {
      for (const at of new Set([0, 1, n >> 1, n - 2, n - 1].filter((i) => i >= 0 && i < n))) {
        const numbers = Array.from({ length: n }, (_, i) => (i === at ? Number.NaN : i - 3));
        const x = tensor([numbers, numbers.map((v) => v + 1)], { dtype });
        const [rows, columns] = withEngine("compiler", () => evaluate([x.max(1), x.max(0)]));
        expect([...rows!]).toEqual([Number.NaN, Number.NaN]);
        expect([...columns!]).toEqual(numbers.map((v) => v + 1));
      }
    }
  });

  test("a zero is 0 whatever its sign", () => {
    for (const engine of ["interpreter", "compiler"] as const) {
      for (const list of [[-0, 0], [0, -0], [-0], [-0, -0, -0, -0, -0]]) {
        const x = tensor(list);
        expect(withEngine(engine, () => x.max().item())).toBe(0);
        expect(withEngine(engine, () => x.min().item())).toBe(0);
      }
    }
  });

  test("the least int32 is found", () => {
    expect(
      tensor(Int32Array.of(5, -(2 ** 31), 2 ** 31 - 1))
        .min()
        .item(),
    ).toBe(-(2 ** 31));
    expect(
      tensor(Int32Array.of(-(2 ** 31)))
        .max()
        .item(),
    ).toBe(-(2 ** 31));
  });

  test("argmax is the first of equals along the last axis", () => {
    expect(
      tensor([
        [1, 3, 3],
        [5, 4, 5],
      ])
        .argmax()
        .toArray(),
    ).toEqual([1, 0]);
    expect(tensor([-0, 0]).argmax().item()).toBe(0);
    expect(tensor([false, true]).argmax().item()).toBe(1);
  });

  test("cumsum runs along the last axis", () => {
    expect(
      tensor([
        [1, 2, 3],
        [4, 5, 6],
      ])
        .cumsum()
        .toArray(),
    ).toEqual([
      [1, 3, 6],
      [4, 9, 15],
    ]);
    expect(tensor([true, true]).cumsum().toArray()).toEqual([1, 2]);
    expect(tensor(new Float64Array(0), { shape: [2, 0] }).cumsum().shape).toEqual([2, 0]);
  });

  test("sums from the end run along the last axis too", () => {
    const x = tensor([
      [1, 2, 3],
      [10, 20, 30],
    ]);
    expect(cumsumFromEnd(x).toArray()).toEqual([
      [6, 5, 3],
      [60, 50, 30],
    ]);
    expect(cumsumFromEnd(tensor(new Float64Array(0), { shape: [2, 0] })).shape).toEqual([2, 0]);
  });
});
