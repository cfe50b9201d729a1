import { CredenceError, concat, matmul, stack, type Tensor, tensor, where } from "credence";
import { describe, expect, test } from "vitest";
import * as ops from "../../src/ops/index.js";

const of = (...shape: number[]): Tensor => tensor(new Float64Array(shape.reduce((a, b) => a * b, 1)), { shape });
const ints = tensor(Int32Array.of(1, 2));

function refusal(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    if (error instanceof CredenceError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return expect.fail("nothing was refused");
}

/** The words of every refusal of an op: thrown where the op is called, not where its numbers are asked for. */
describe("shapes", () => {
  test("that do not broadcast", () => {
    expect(refusal(() => of(2, 3).add(of(4)))).toMatchInlineSnapshot(`
      "shape: add: shapes [2, 3] and [4] do not broadcast.
        allowed: trailing sizes that are equal, or 1
        mend:    reshape one of them, or expand it with .expandDims(axis)"
    `);
    expect(refusal(() => where(tensor([true, false]), of(3), of(3)))).toMatchInlineSnapshot(`
      "shape: where: shapes [2] and [3] and [3] do not broadcast.
        allowed: trailing sizes that are equal, or 1
        mend:    reshape one of them, or expand it with .expandDims(axis)"
    `);
    expect(refusal(() => of(2, 3).broadcastTo([2, 4]))).toMatchInlineSnapshot(`
      "shape: broadcastTo: shapes [2, 3] and [2, 4] do not broadcast.
        allowed: trailing sizes that are equal, or 1
        mend:    reshape one of them, or expand it with .expandDims(axis)"
    `);
    expect(refusal(() => of(2, 3).broadcastTo([3]))).toMatchInlineSnapshot(`
      "shape: broadcastTo: [2, 3] to [3].
        allowed: axes that are equal, or 1 in the first"
    `);
    expect(refusal(() => of(1).broadcastTo([-3]))).toMatchInlineSnapshot(`
      "shape: broadcastTo: shape [-3].
        allowed: whole numbers of at least 0"
    `);
  });

  test("that have another number of elements", () => {
    expect(refusal(() => of(2, 3).reshape([4]))).toMatchInlineSnapshot(`
      "shape: reshape: from [2, 3] (6 elements) to [4].
        allowed: the same number of elements; at most one size -1"
    `);
    expect(refusal(() => of(2, 3).reshape([-1, -1]))).toMatchInlineSnapshot(`
      "shape: reshape: from [2, 3] (6 elements) to [-1, -1].
        allowed: the same number of elements; at most one size -1"
    `);
    expect(refusal(() => of(6).reshape([-2, -3]))).toMatchInlineSnapshot(`
      "shape: reshape: from [6] (6 elements) to [-2, -3].
        allowed: the same number of elements; at most one size -1"
    `);
    expect(refusal(() => of(6).reshape([4, -1]))).toMatchInlineSnapshot(`
      "shape: reshape: from [6] (6 elements) to [4, -1].
        allowed: the same number of elements; at most one size -1"
    `);
    expect(refusal(() => of(2, 3).item())).toMatchInlineSnapshot(`
      "shape: item: a tensor of shape [2, 3].
        allowed: one element
        mend:    use toArray()"
    `);
    expect(refusal(() => of(2, 3).squeeze(0))).toMatchInlineSnapshot(`
      "shape: squeeze: axis 0 of shape [2, 3].
        allowed: an axis of size 1"
    `);
  });

  test("that matrix products do not take", () => {
    expect(refusal(() => matmul(of(2, 3), of(2, 3)))).toMatchInlineSnapshot(`
      "shape: matmul: [2, 3] and [2, 3].
        allowed: [..., m, k] and [..., k, n]
        mend:    transpose one of them"
    `);
    expect(refusal(() => matmul(of(3), of(3, 2)))).toMatchInlineSnapshot(`
      "shape: matmul: [3] and [3, 2].
        allowed: [..., m, k] and [..., k, n]
        mend:    give vectors a second axis with .expandDims(axis)"
    `);
    expect(refusal(() => matmul(of(2, 2, 3), of(3, 3, 2)))).toMatchInlineSnapshot(`
      "shape: matmul: shapes [2] and [3] do not broadcast.
        allowed: trailing sizes that are equal, or 1
        mend:    reshape one of them, or expand it with .expandDims(axis)"
    `);
  });

  test("that cannot be joined", () => {
    expect(refusal(() => concat([of(2, 3), of(2, 4)]))).toMatchInlineSnapshot(`
      "shape: concat along axis 0: [2, 3], [2, 4].
        allowed: equal sizes on the other axes"
    `);
    expect(refusal(() => concat([of(2), of(2, 1)]))).toMatchInlineSnapshot(`
      "shape: concat along axis 0: [2], [2, 1].
        allowed: equal sizes on the other axes"
    `);
    expect(refusal(() => stack([of(2), of(3)]))).toMatchInlineSnapshot(`
      "shape: stack: [2], [3].
        allowed: equal shapes"
    `);
    expect(refusal(() => concat([]))).toMatchInlineSnapshot(`
      "argument: concat: no tensors.
        allowed: at least one"
    `);
  });

  test("with nothing to choose from", () => {
    expect(refusal(() => of(2, 0).argmax())).toMatchInlineSnapshot(`
      "shape: argmax: a tensor of shape [2, 0].
        allowed: a last axis of at least 1"
    `);
    expect(refusal(() => tensor(1).gather([0]))).toMatchInlineSnapshot(`
      "shape: gather: from a scalar.
        allowed: a tensor of rank 1 or more"
    `);
    expect(refusal(() => ops.iota([2.5]))).toMatchInlineSnapshot(`
      "shape: iota: shape [2.5].
        allowed: whole numbers of at least 0"
    `);
  });
});

describe("axes", () => {
  test("that are not there", () => {
    expect(refusal(() => of(2, 3).sum(2))).toMatchInlineSnapshot(`
      "axis: sum: axis 2 of a tensor of rank 2.
        allowed: -2 to 1"
    `);
    expect(refusal(() => of(2, 3).max([0, -3]))).toMatchInlineSnapshot(`
      "axis: max: axis -3 of a tensor of rank 2.
        allowed: -2 to 1"
    `);
    expect(refusal(() => tensor(1).cumsum())).toMatchInlineSnapshot(`
      "axis: cumsum: axis -1 of a tensor of rank 0.
        allowed: a scalar has no axes"
    `);
    expect(refusal(() => of(2).mean(0.5))).toMatchInlineSnapshot(`
      "axis: mean: axis 0.5 of a tensor of rank 1.
        allowed: -1 to 0"
    `);
    expect(refusal(() => of(2, 3).logSumExp(5))).toMatchInlineSnapshot(`
      "axis: logSumExp: axis 5 of a tensor of rank 2.
        allowed: -2 to 1"
    `);
    expect(refusal(() => of(2).expandDims(3))).toMatchInlineSnapshot(`
      "axis: expandDims: axis 3 of a tensor of rank 2.
        allowed: -2 to 1"
    `);
  });

  test("named twice, or not all named", () => {
    expect(refusal(() => of(2, 3).sum([1, -1]))).toMatchInlineSnapshot(`
      "axis: sum: axes [1, -1] name one axis twice.
        mend:    give each axis once"
    `);
    expect(refusal(() => of(2, 3).transpose([0, 0]))).toMatchInlineSnapshot(`
      "axis: transpose: axes [0, 0] for rank 2.
        allowed: each axis once"
    `);
    expect(refusal(() => of(2, 3).transpose([0]))).toMatchInlineSnapshot(`
      "axis: transpose: axes [0] for rank 2.
        allowed: each axis once"
    `);
  });

  test("with positions out of range", () => {
    expect(refusal(() => of(2, 3).slice(1, 2, 1))).toMatchInlineSnapshot(`
      "argument: slice: 2 to 1 of axis 1 with size 3.
        allowed: 0 <= start <= end <= 3"
    `);
    expect(refusal(() => of(2, 3).slice(1, 0, 4))).toMatchInlineSnapshot(`
      "argument: slice: 0 to 4 of axis 1 with size 3.
        allowed: 0 <= start <= end <= 3"
    `);
    expect(refusal(() => of(2, 3).slice(0, -3))).toMatchInlineSnapshot(`
      "argument: slice: -3 to 2 of axis 0 with size 2.
        allowed: 0 <= start <= end <= 2"
    `);
    expect(refusal(() => of(2, 3).slice(0, 0.5))).toMatchInlineSnapshot(`
      "argument: slice: 0.5 to 2 of axis 0 with size 2.
        allowed: 0 <= start <= end <= 2"
    `);
  });
});

describe("element types", () => {
  test("that an op does not take", () => {
    expect(refusal(() => where(ints, 1, 2))).toMatchInlineSnapshot(`
      "dtype: where: the condition is int32.
        allowed: bool
        mend:    compare it: x.gt(0)"
    `);
    expect(refusal(() => of(1).and(of(1)))).toMatchInlineSnapshot(`
      "dtype: and: an operand is float64.
        allowed: bool
        mend:    convert it with .cast("bool")"
    `);
    expect(refusal(() => ints.not())).toMatchInlineSnapshot(`
      "dtype: not: an operand is int32.
        allowed: bool
        mend:    convert it with .cast("bool")"
    `);
    expect(refusal(() => ops.bitAnd(of(2), ints))).toMatchInlineSnapshot(`
      "dtype: bitAnd: an operand is float64.
        allowed: int32
        mend:    convert it with .cast("int32")"
    `);
    expect(refusal(() => ops.bitAnd(ints, 1.5))).toMatchInlineSnapshot(`
      "dtype: bitAnd: an operand is float64.
        allowed: int32
        mend:    convert it with .cast("int32")"
    `);
  });
});
