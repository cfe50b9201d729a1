import { compile, maximum, minimum, type Tensor, tensor, where } from "credence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DType, isFloat } from "../../src/graph/dtype.js";
import { fromData } from "../../src/graph/literal.js";
import * as ops from "../../src/ops/index.js";
import { expectSameBits } from "../support/bits.js";
import { anyNumber } from "../support/numbers.js";
import { runs } from "../support/runs.js";

const types: readonly DType[] = ["bool", "int32", "float32", "float64"];
const one = (dtype: DType): Tensor => tensor([1], { dtype });
const ints = (...values: number[]): Tensor => tensor(Int32Array.from(values));
const floats = (...values: number[]): Tensor => tensor(Float32Array.from(values));

describe("mixed element types", () => {
  // rows: left operand; columns: right; in the order of `types`
  const table: Record<string, [op: (x: Tensor, y: Tensor) => Tensor, rows: string]> = {
    "add, sub, mul, minimum, maximum": [
      (x, y) => {
        const results = [ops.add(x, y), ops.sub(x, y), ops.mul(x, y), minimum(x, y), maximum(x, y)];
        expect(new Set(results.map((t) => t.dtype)).size).toBe(1);
        return results[0]!;
      },
      `int32   int32   float32 float64
       int32   int32   float32 float64
       float32 float32 float32 float64
       float64 float64 float64 float64`,
    ],
    div: [
      ops.div,
      `float64 float64 float32 float64
       float64 float64 float32 float64
       float32 float32 float32 float64
       float64 float64 float64 float64`,
    ],
    "where, concat": [
      (x, y) => where(tensor([true]), x, y),
      `bool    int32   float32 float64
       int32   int32   float32 float64
       float32 float32 float32 float64
       float64 float64 float64 float64`,
    ],
  };
  test.each(Object.entries(table))("%s", (_, [op, rows]) => {
    const found = types.map((a) => types.map((b) => op(one(a), one(b)).dtype));
    expect(found).toEqual(rows.split("\n").map((row) => row.trim().split(/\s+/)));
  });

  test("comparisons give bool, whatever they compare", () => {
    for (const a of types) for (const b of types) expect(ops.le(one(a), one(b)).dtype).toBe("bool");
  });

  test("functions of a real number give floats", () => {
    for (const op of [ops.exp, ops.log, ops.tanh, ops.sqrt, ops.floor]) {
      expect(types.map((type) => op(one(type)).dtype)).toEqual(["float64", "float64", "float32", "float64"]);
    }
  });
});

describe("JavaScript numbers are weak", () => {
  test("they take the float type of what they meet", () => {
    expect(floats(1).mul(0.1).dtype).toBe("float32");
    expect(floats(1).add(1).sub(2).div(3).maximum(4).dtype).toBe("float32");
    expect(floats(1).mul(0.1).item()).toBe(Math.fround(Math.fround(0.1)));
    expect(where(tensor([true]), floats(1), 0).dtype).toBe("float32");
    expect(tensor([1]).mul(2).dtype).toBe("float64");
  });

  test("so do results of nothing but numbers", () => {
    expect(floats(1).mul(tensor(2).mul(3).sqrt()).dtype).toBe("float32");
    expect(floats(1).add(tensor(2).neg().exp().sum()).dtype).toBe("float32");
  });

  test("an array, or a number with an element type, is not weak", () => {
    expect(floats(1).mul(tensor([2])).dtype).toBe("float64");
    expect(floats(1).mul(tensor(2, { dtype: "float64" })).dtype).toBe("float64");
    expect(floats(1).mul(tensor(2).cast("float64")).dtype).toBe("float64");
  });

  test("whole ones join whole numbers, others do not", () => {
    expect(ints(3).add(2).dtype).toBe("int32");
    expect(ints(3).mul(0.5).toArray()).toEqual([1.5]);
    expect(ints(3).lt(3.5).toArray()).toEqual([true].map(Number));
    expect(
      ints(2 ** 31 - 1)
        .lt(2 ** 31)
        .toArray(),
    ).toEqual([1]);
    expect(tensor([true]).add(1).toArray()).toEqual([2]);
  });

  test("as arguments of a compiled function too", () => {
    const scaled = compile((x: Tensor, by: Tensor) => x.mul(by).add(by.mul(by)));
    const found = scaled(floats(1, 2), tensor(3));
    expect([found.dtype, found.toArray()]).toEqual(["float32", [12, 15]]);
    expect(scaled(floats(1), tensor([3])).dtype).toBe("float64");
  });
});

describe("results", () => {
  test("whole numbers wrap at 32 bits", () => {
    expect(
      ints(2 ** 31 - 1)
        .add(1)
        .item(),
    ).toBe(-(2 ** 31));
    expect(
      ints(-(2 ** 31))
        .neg()
        .item(),
    ).toBe(-(2 ** 31));
    expect(
      ints(-(2 ** 31))
        .abs()
        .item(),
    ).toBe(-(2 ** 31));
    expect(ints(65536).mul(ints(65537)).item()).toBe(65536);
    expect(ints(-8).square().item()).toBe(64);
  });

  test("round goes to the even neighbour, and keeps the sign of zero", () => {
    expect([...tensor([0.5, 1.5, 2.5, -0.5, -1.5, -2.5, 0.49999999999999994, -0.2]).round().data()]).toEqual([
      0, 2, 2, -0, -2, -2, 0, -0,
    ]);
    expect([
      ...tensor([2 ** 52 + 1, -(2 ** 52) - 1, 1e300])
        .round()
        .data(),
    ]).toEqual([2 ** 52 + 1, -(2 ** 52) - 1, 1e300]);
  });

  test("sign keeps zeros and NaN", () => {
    expect([...tensor([-3, -0, 0, 2, Number.NaN]).sign().data()]).toEqual([-1, -0, 0, 1, Number.NaN]);
  });

  test("minimum, maximum and relu let NaN through, on either side", () => {
    for (const op of [minimum, maximum]) {
      expect(op(tensor([Number.NaN, 1]), tensor([1, Number.NaN])).toArray()).toEqual([Number.NaN, Number.NaN]);
    }
    expect(tensor([Number.NaN, -1, 2]).relu().toArray()).toEqual([Number.NaN, 0, 2]);
    expect(minimum(0, -0).item()).toBe(-0);
  });

  test("float to int32 drops the fraction and saturates; to bool: not 0", () => {
    const x = tensor([1.9, -1.9, 1e10, -1e10, Number.NaN, -0]);
    expect(x.cast("int32").toArray()).toEqual([1, -1, 2 ** 31 - 1, -(2 ** 31), 0, 0]);
    expect(x.cast("bool").toArray()).toEqual([1, 1, 1, 1, 1, 0]);
    expect(tensor([true, false]).cast("float32").toArray()).toEqual([1, 0]);
  });

  test("bits of whole numbers", () => {
    expect(ops.bitAnd(ints(12, -1), 10).toArray()).toEqual([8, 10]);
    expect(ops.bitOr(ints(12), ints(10)).toArray()).toEqual([14]);
    expect(ops.bitXor(ints(12), ints(10)).toArray()).toEqual([6]);
    expect(ops.shiftRight(ints(-1, 256), 28).toArray()).toEqual([15, 0]);
  });

  test("masks of the adjoint products", () => {
    const [zero, pole] = [tensor([0, -0, 2, Number.NaN]), tensor([Number.NaN, Number.POSITIVE_INFINITY, 3, 0])];
    expect([...ops.pullMul(zero, pole).data()]).toEqual([0, -0, 6, Number.NaN]);
    expect([...ops.pullDiv(zero, pole).data()]).toEqual([0, -0, 2 / 3, Number.NaN]);
    expect([...ops.pullBoth(zero, pole).data()]).toEqual([0, 0, 6, 0]);
  });
});

describe("elementwise ops do what JavaScript's arithmetic does, rounded to their type", () => {
  type Binary = readonly [op: (x: Tensor, y: Tensor) => Tensor, js: (a: number, b: number) => number];
  const binary: Record<string, Binary> = {
    add: [ops.add, (a, b) => a + b],
    sub: [ops.sub, (a, b) => a - b],
    mul: [ops.mul, (a, b) => a * b],
    div: [ops.div, (a, b) => a / b],
    minimum: [ops.minimum, Math.min],
    maximum: [ops.maximum, Math.max],
    sqrt: [(x) => ops.sqrt(x), (a) => Math.sqrt(a)],
    floor: [(x) => ops.floor(x), (a) => Math.floor(a)],
    ceil: [(x) => ops.ceil(x), (a) => Math.ceil(a)],
    trunc: [(x) => ops.trunc(x), (a) => Math.trunc(a)],
    abs: [(x) => ops.abs(x), (a) => Math.abs(a)],
    neg: [(x) => ops.neg(x), (a) => -a],
    sign: [(x) => ops.sign(x), (a) => Math.sign(a)],
    lt: [ops.lt, (a, b) => Number(a < b)],
    ne: [ops.ne, (a, b) => Number(a !== b)],
    ge: [ops.ge, (a, b) => Number(a >= b)],
  };
  test.each(Object.entries(binary))("%s", (_, [op, js]) => {
    for (const dtype of ["float32", "float64"] as const) {
      const round = dtype === "float32" ? Math.fround : (x: number) => x;
      const list = fc.array(anyNumber(dtype), { minLength: 5, maxLength: 5 });
      fc.assert(
        fc.property(list, list, (a, b) => {
          const typed = (values: number[]) =>
            fromData(dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values), [5], dtype);
          const result = op(typed(a), typed(b));
          expectSameBits(
            result.data(),
            a.map((x, i) => (isFloat(result.dtype) ? round : Number)(js(x, b[i]!))),
          );
        }),
        runs(100),
      );
    }
  });
});
