import { compile, concat, stack, type Tensor, tensor } from "credence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromData } from "../../src/graph/literal.js";
import { type Shape, sizeOf, stridesOf } from "../../src/graph/shape.js";
import * as ops from "../../src/ops/index.js";
import { expectSameBits } from "../support/bits.js";
import { runs } from "../support/runs.js";

const counted = (shape: Shape): Tensor =>
  fromData(
    Float64Array.from({ length: sizeOf(shape) }, (_, i) => i),
    shape,
    "float64",
  );
const shapes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 });
const indices = (shape: Shape): number[][] =>
  shape.reduce<number[][]>((all, n) => all.flatMap((at) => Array.from({ length: n }, (_, i) => [...at, i])), [[]]);
/** Of `counted(shape)`: the element at an index. */
const elementAt = (shape: Shape, index: readonly number[]): number =>
  stridesOf(shape).reduce((sum, s, axis) => sum + s * index[axis]!, 0);

/** Interpreted and compiled, `move` puts the element `from(index)` of the input at each index of the result. */
function expectMoves(x: Tensor, move: (x: Tensor) => Tensor, from: (index: number[]) => number): void {
  const interpreted = move(x);
  const expected = indices(interpreted.shape).map(from);
  expectSameBits(interpreted.data(), expected, "interpreted");
  expectSameBits(compile(move)(x).data(), expected, "compiled");
}

describe("by index", () => {
  test("transpose", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), (shape, seed) => {
        const axes = shape
          .map((_, i) => i)
          .sort((a, b) => (((a + 1) * 7919 * (seed + 1)) % 31) - (((b + 1) * 7919 * (seed + 1)) % 31));
        expectMoves(
          counted(shape),
          (x) => x.transpose(axes),
          (index) => {
            const source: number[] = [];
            axes.forEach((axis, i) => {
              source[axis] = index[i]!;
            });
            return elementAt(shape, source);
          },
        );
      }),
      runs(60),
    );
    expect(counted([2, 3, 4]).transpose().shape).toEqual([4, 3, 2]);
    expect(counted([2, 3, 4]).transpose([-1, 0, 1]).shape).toEqual([4, 2, 3]);
  });

  test("slice, from the front and from the back", () => {
    fc.assert(
      fc.property(shapes, fc.nat(), fc.nat(), fc.nat(), (shape, a, b, c) => {
        const axis = a % shape.length;
        const n = shape[axis]!;
        const start = b % (n + 1);
        const end = start + (c % (n - start + 1));
        const source = (index: number[]) =>
          elementAt(
            shape,
            index.map((i, d) => (d === axis ? i + start : i)),
          );
        expectMoves(counted(shape), (x) => x.slice(axis, start, end), source);
        if (start < n && end < n)
          expectMoves(counted(shape), (x) => x.slice(axis - shape.length, start - n, end - n), source);
      }),
      runs(60),
    );
  });

  test("pad, with zeros", () => {
    fc.assert(
      fc.property(shapes, fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 8, maxLength: 8 }), (shape, sides) => {
        const [before, after] = [shape.map((_, i) => sides[i]!), shape.map((_, i) => sides[i + 4]!)];
        expectMoves(
          counted(shape),
          (x) => ops.pad(x, before, after),
          (index) => {
            const source = index.map((i, d) => i - before[d]!);
            return source.every((i, d) => i >= 0 && i < shape[d]!) ? elementAt(shape, source) : 0;
          },
        );
      }),
      runs(60),
    );
  });

  test("broadcastTo repeats leading axes and those of size 1", () => {
    expectMoves(
      counted([3, 1]),
      (x) => x.broadcastTo([2, 3, 4]),
      ([, i]) => i!,
    );
    expect(tensor(7).broadcastTo([2, 2]).toArray()).toEqual([
      [7, 7],
      [7, 7],
    ]);
    expect(counted([1]).broadcastTo([0]).toArray()).toEqual([]);
  });

  test("gather takes rows by number; NaN, 0 or false where there is no such row", () => {
    const rows = tensor(Int32Array.of(2, 0, 5, -1, 2), { shape: [5] });
    expectMoves(
      counted([3, 2]),
      (x) => x.gather(rows),
      ([i, j]) => [4 + j!, j!, Number.NaN, Number.NaN, 4 + j!][i!]!,
    );
    const whole = compile((x: Tensor) => x.gather(rows))(tensor(Int32Array.of(7, 8, 9)));
    expect(whole.toArray()).toEqual([9, 7, 0, 0, 9]);
    expect(tensor([true, true, true]).gather(rows).toArray()).toEqual([1, 1, 0, 0, 1]);
    expect(counted([3, 2]).gather(1).toArray()).toEqual([2, 3]);
    expect(counted([3, 2]).gather([[0], [1.9]]).shape).toEqual([2, 1, 2]);
    expect(
      tensor(new Float32Array(0), { shape: [0, 2] })
        .gather([0])
        .toArray(),
    ).toEqual([[Number.NaN, Number.NaN]]);
  });
});

describe("shapes", () => {
  test("reshape keeps row-major order; -1 is what is left", () => {
    expect(counted([2, 6]).reshape([-1, 4]).toArray()).toEqual([
      [0, 1, 2, 3],
      [4, 5, 6, 7],
      [8, 9, 10, 11],
    ]);
    expect(counted([2, 3]).transpose().reshape([6]).toArray()).toEqual([0, 3, 1, 4, 2, 5]);
    expect(tensor(5).reshape([1, 1]).toArray()).toEqual([[5]]);
    expect(tensor([], { shape: [0, 3] }).reshape([3, -1]).shape).toEqual([3, 0]);
  });

  test("expandDims and squeeze", () => {
    const x = counted([2, 3]);
    expect([x.expandDims(0), x.expandDims(1), x.expandDims(2), x.expandDims(-1)].map((t) => t.shape)).toEqual([
      [1, 2, 3],
      [2, 1, 3],
      [2, 3, 1],
      [2, 3, 1],
    ]);
    expect(x.expandDims(1).squeeze(-2).shape).toEqual([2, 3]);
  });

  test("concat and stack join along any axis, in one type", () => {
    const [x, y] = [counted([2, 2]), tensor(Float32Array.of(9, 8), { shape: [2, 1] })];
    expect(concat([x, y], 1).toArray()).toEqual([
      [0, 1, 9],
      [2, 3, 8],
    ]);
    expect(concat([x, y], -1).dtype).toBe("float64");
    expect(concat([x, tensor([], { shape: [0, 2] }), x]).shape).toEqual([4, 2]);
    expect(
      stack(
        [
          [1, 2],
          [3, 4],
        ],
        1,
      ).toArray(),
    ).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(stack([1, 2, 3]).toArray()).toEqual([1, 2, 3]);
  });

  test("iota counts in row-major order", () => {
    expect(ops.iota([2, 3]).toArray()).toEqual([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    expect(compile(() => ops.iota([5]))().toArray()).toEqual([0, 1, 2, 3, 4]);
    expect(ops.iota([0]).toArray()).toEqual([]);
  });

  test("toArray nests, item asks for one element", () => {
    expect(counted([2, 1, 2]).toArray()).toEqual([[[0, 1]], [[2, 3]]]);
    expect(tensor([[[4]]]).item()).toBe(4);
    expect(tensor([], { shape: [2, 0] }).toArray()).toEqual([[], []]);
  });
});
