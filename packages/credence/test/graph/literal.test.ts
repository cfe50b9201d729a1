import { CredenceError, tensor } from "credence";
import { describe, expect, test } from "vitest";

describe("tensor", () => {
  test("takes numbers, nested arrays and typed arrays", () => {
    expect([tensor(2).shape, tensor(2).dtype, tensor(2).item()]).toEqual([[], "float64", 2]);
    const nested = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect([nested.shape, nested.rank, nested.size, nested.dtype]).toEqual([[2, 3], 2, 6, "float64"]);
    expect(tensor(Float32Array.of(0.5)).dtype).toBe("float32");
    expect(tensor(Int32Array.of(1)).dtype).toBe("int32");
    expect(tensor([true, false]).dtype).toBe("bool");
    expect(tensor(true).dtype).toBe("bool");
    expect(tensor([true, 2]).toArray()).toEqual([1, 2]);
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
  });

  test("copies: the caller's array may change afterwards", () => {
    const source = Float32Array.of(1, 2);
    const t = tensor(source);
    source[0] = 9;
    expect(t.toArray()).toEqual([1, 2]);
  });

  test("answers a tensor as it is", () => {
    const t = tensor([1]);
    expect(tensor(t)).toBe(t);
  });

  test("converts as cast does", () => {
    expect(tensor([1.7, 3e9, -3e9, Number.NaN], { dtype: "int32" }).toArray()).toEqual([1, 2 ** 31 - 1, -(2 ** 31), 0]);
    expect(tensor(Float64Array.of(3e9), { dtype: "int32" }).toArray()).toEqual([2 ** 31 - 1]);
    expect(tensor([0, 2, -0, Number.NaN], { dtype: "bool" }).not().toArray()).toEqual([1, 0, 1, 0]);
    expect(tensor(256, { dtype: "bool" }).item()).toBe(1);
    expect(tensor(Uint8Array.of(0, 7)).toArray()).toEqual([0, 1]);
    expect(tensor([0.1], { dtype: "float32" }).item()).toBe(Math.fround(0.1));
  });

  test("gives a flat list a shape", () => {
    expect(tensor([1, 2, 3, 4], { shape: [2, 2] }).toArray()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(tensor(3, { shape: [1, 1] }).toArray()).toEqual([[3]]);
  });

  test.each([
    ["ragged", () => tensor([[1, 2], [3]])],
    [
      "ragged further in",
      () =>
        tensor([
          [[1], [2]],
          [[3], [4, 5]],
        ]),
    ],
    ["a number beside an array", () => tensor([[1], 2])],
    ["an array beside a number", () => tensor([1, [2]])],
    ["a text", () => tensor(["1"] as never)],
    ["undefined", () => tensor([1, undefined] as never)],
    ["null", () => tensor(null as never)],
    ["an object", () => tensor({} as never)],
    ["bytes of another kind", () => tensor(new Uint16Array(2) as never)],
    ["another size", () => tensor([1, 2, 3], { shape: [2, 2] })],
    ["no shape", () => tensor([1], { shape: [0.5] })],
    ["a negative shape", () => tensor([1], { shape: [-1, -1] })],
    ["options for a tensor", () => tensor(tensor([1]), { dtype: "float32" })],
  ])("refuses %s", (name, make) => {
    expect(make).toThrow(CredenceError);
    expect(() => make()).toThrowError(words[name]!);
  });
});

const words: Record<string, string> = {
  ragged: "tensor: ragged arrays: length 1 beside length 2 on axis 1.\n  allowed: arrays of equal length on each axis",
  "ragged further in": "tensor: ragged arrays: length 2 beside length 1 on axis 2.",
  "a number beside an array": "tensor: ragged arrays: a number beside length 1 on axis 1.",
  "an array beside a number":
    "tensor: an array deeper than its neighbours among the numbers.\n  allowed: numbers, nested to the same depth everywhere",
  "a text": "tensor: 1 (string) among the numbers.",
  undefined: "tensor: undefined (undefined) among the numbers.",
  null: "tensor: null.\n  allowed: a number, nested arrays of numbers, a Float64Array, Float32Array, Int32Array or Uint8Array, or a Tensor",
  "an object": "tensor: object.",
  "bytes of another kind":
    "tensor: a Uint16Array.\n  allowed: Float64Array, Float32Array, Int32Array, or Uint8Array (bool)",
  "another size": "tensor: 3 numbers for shape [2, 2].\n  allowed: 4 numbers",
  "no shape": "tensor: shape [0.5].\n  allowed: whole numbers of at least 0",
  "a negative shape": "tensor: shape [-1, -1].",
  "options for a tensor":
    "tensor: options for a tensor that is one already.\n  mend:    use .reshape(shape) or .cast(dtype)",
};
