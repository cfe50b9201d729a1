import { compile, matmul, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import type { FloatType } from "../../src/graph/dtype.js";
import { fromData } from "../../src/graph/literal.js";
import { sizeOf } from "../../src/graph/shape.js";
import { expectSameBits } from "../support/bits.js";
import { numbersOf } from "../support/numbers.js";

/** Each element is the sum over k, one term after the other from 0, every operation rounded. */
function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [m, k, n]: [number, number, number],
  dtype: FloatType,
): number[] {
  const round = dtype === "float32" ? Math.fround : (x: number) => x;
  return Array.from({ length: m * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let total = 0;
    for (let l = 0; l < k; l++) total = round(total + round(a[i * k + l]! * b[l * n + j]!));
    return total;
  });
}

const random = (shape: number[], dtype: FloatType, seed: number, wild = 0): Tensor =>
  fromData(numbersOf(dtype, sizeOf(shape), seed, wild), shape, dtype);

describe("matmul", () => {
  // all remainders of tiles of 4 rows by 8 or 4 columns (of float64: 4 or 2), below and above the size from which panels are packed
  test.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])("sums over k one term after the other: %i rows, up to 18 columns", (m) => {
    for (let n = 0; n <= 18; n++) {
      const products = [0, 1, 3, 4, 9].flatMap((k) =>
        (["float32", "float64"] as const).flatMap((dtype) =>
          [0, 1, 2, 3].map((flips) => {
            const [flipA, flipB] = [flips % 2 === 1, flips > 1];
            const a = random(flipA ? [k, m] : [m, k], dtype, m + 1, k === 9 ? 20 : 0);
            const b = random(flipB ? [n, k] : [k, n], dtype, n + 100, k === 9 ? 20 : 0);
            const fn = (x: Tensor, y: Tensor): Tensor => matmul(flipA ? x.transpose() : x, flipB ? y.transpose() : y);
            const [left, right] = [flipA ? a.transpose() : a, flipB ? b.transpose() : b];
            return {
              a,
              b,
              fn,
              expected: product(left.data(), right.data(), [m, k, n], dtype),
              what: `${dtype}, k = ${k}, n = ${n}`,
            };
          }),
        ),
      );
      const compiled = compile((pairs: { a: Tensor; b: Tensor }[]) =>
        pairs.map(({ a, b }, i) => products[i]!.fn(a, b)),
      );
      const found = compiled(products.map(({ a, b }) => ({ a, b })));
      products.forEach(({ a, b, fn, expected, what }, i) => {
        expectSameBits(fn(a, b).data(), expected, `interpreted ${what}`);
        expectSameBits(found[i]!.data(), expected, `compiled ${what}`);
      });
    }
  });

  test("of larger sizes, and with batches", () => {
    for (const [batch, m, k, n] of [
      [1, 33, 65, 34],
      [3, 5, 7, 9],
      [2, 1, 100, 3],
      [4, 8, 16, 8],
    ] as const) {
      const [a, b] = [random([batch, m, k], "float32", 1), random([batch, k, n], "float32", 2)];
      const expected = Array.from({ length: batch }, (_, s) =>
        product(
          a.data().slice(s * m * k, (s + 1) * m * k),
          b.data().slice(s * k * n, (s + 1) * k * n),
          [m, k, n],
          "float32",
        ),
      ).flat();
      expectSameBits(matmul(a, b).data(), expected, "interpreted");
      expectSameBits(compile(matmul)(a, b).data(), expected, "compiled");
    }
  });

  // blocks of k hold 1024 terms (of float64: 512), blocks of rows 128
  test.each([
    [5, 1025, 10],
    [4, 2049, 3],
    [9, 515, 11],
    [6, 3000, 9],
    [133, 6, 9],
    [257, 4, 2],
    [129, 1026, 5],
    [1, 2100, 1],
    [2, 1030, 3],
    [7, 1030, 1],
    [1, 1030, 7],
  ])("in blocks of k and of rows: %i x %i by %i columns", (m, k, n) => {
    for (const dtype of ["float32", "float64"] as const) {
      for (const flips of [0, 1, 2, 3]) {
        const [flipA, flipB] = [flips % 2 === 1, flips > 1];
        const a = random(flipA ? [k, m] : [m, k], dtype, 1);
        const b = random(flipB ? [n, k] : [k, n], dtype, 2, 1);
        const fn = (x: Tensor, y: Tensor): Tensor => matmul(flipA ? x.transpose() : x, flipB ? y.transpose() : y);
        const [left, right] = [flipA ? a.transpose() : a, flipB ? b.transpose() : b];
        const expected = product(left.data(), right.data(), [m, k, n], dtype);
        expectSameBits(compile(fn)(a, b).data(), expected, `${dtype}, turned ${flips}`);
      }
    }
  });

  test("broadcasts leading axes as NumPy does", () => {
    const shapes = (a: number[], b: number[]) => matmul(random(a, "float64", 1), random(b, "float64", 2)).shape;
    expect(shapes([5, 2, 3], [3, 4])).toEqual([5, 2, 4]);
    expect(shapes([2, 3], [5, 3, 4])).toEqual([5, 2, 4]);
    expect(shapes([5, 1, 2, 3], [6, 3, 4])).toEqual([5, 6, 2, 4]);
    expect(shapes([2, 3, 0], [0, 4])).toEqual([2, 3, 4]);
  });

  test("of nothing is 0", () => {
    const zero = matmul(random([2, 3, 0], "float32", 1), random([0, 4], "float32", 2));
    expect(zero.data().every((x) => x === 0)).toBe(true);
  });

  test("keeps float32, promotes the rest", () => {
    const [single, double] = [random([1, 1], "float32", 1), random([1, 1], "float64", 1)];
    expect(matmul(single, single).dtype).toBe("float32");
    expect(matmul(single, double).dtype).toBe("float64");
    expect(matmul(single, tensor(Int32Array.of(1), { shape: [1, 1] })).dtype).toBe("float32");
    expect(matmul(tensor([[true]]), tensor([[true]])).dtype).toBe("float64");
  });

  test("takes constants of one element", () => {
    const doubled = compile((x: Tensor) => x.matmul(tensor([[2]])))(tensor([[1], [2], [3]]));
    expect(doubled.toArray()).toEqual([[2], [4], [6]]);
  });
});
