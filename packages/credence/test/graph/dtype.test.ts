import { describe, expect, test } from "vitest";
import { allocate, bytesOf, type DType, promote } from "../../src/graph/dtype.js";
import { broadcastShapes, checkShape, normalizeAxes, stridesOf } from "../../src/graph/shape.js";

const types: readonly DType[] = ["bool", "int32", "float32", "float64"];

describe("element types", () => {
  test("the later in the ladder wins, from either side", () => {
    for (const [i, a] of types.entries())
      for (const [j, b] of types.entries()) expect(promote(a, b)).toBe(types[Math.max(i, j)]);
  });

  test("have arrays of their own, and room in memory", () => {
    expect(types.map((type) => allocate(type, 3).constructor.name)).toEqual([
      "Uint8Array",
      "Int32Array",
      "Float32Array",
      "Float64Array",
    ]);
    expect(types.map(bytesOf)).toEqual([4, 4, 4, 8]);
  });
});

describe("shapes", () => {
  test("broadcast by NumPy's rule, any number of them", () => {
    expect(broadcastShapes("f", [[2, 3], [3]])).toEqual([2, 3]);
    expect(broadcastShapes("f", [[4, 1], [3], [2, 1, 1]])).toEqual([2, 4, 3]);
    expect(broadcastShapes("f", [[0], [1]])).toEqual([0]);
    expect(
      broadcastShapes("f", [
        [1, 0],
        [5, 1],
      ]),
    ).toEqual([5, 0]);
    expect(broadcastShapes("f", [[], [2, 2]])).toEqual([2, 2]);
    expect(() => broadcastShapes("f", [[0], [2]])).toThrow("f: shapes [0] and [2] do not broadcast");
  });

  test("have row-major strides", () => {
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
    expect(stridesOf([])).toEqual([]);
  });

  test("have axes from the front and from the back", () => {
    expect(normalizeAxes("f", [2, -3], 3)).toEqual([0, 2]);
    expect(normalizeAxes("f", undefined, 2)).toEqual([0, 1]);
    expect(normalizeAxes("f", -1, 1)).toEqual([0]);
  });

  test("hold whole sizes of at least 0", () => {
    expect(() => checkShape("f", [1, 0, 3])).not.toThrow();
    for (const bad of [[-1], [1.5], [Number.NaN], [2 ** 60]]) expect(() => checkShape("f", bad)).toThrow("f: shape");
  });
});
