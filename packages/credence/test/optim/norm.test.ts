import fc from "fast-check";
import { expect, test } from "vitest";
import "../../src/tensor/methods.js";
import { type Tensor, tensor } from "../../src/index.js";
import { clipByGlobalNorm, globalNorm, type Params } from "../../src/nn/index.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { runs } from "../support/runs.js";

const f32 = (...values: number[]): Tensor => tensor(Float32Array.from(values));
const tree = (...leaves: number[][]): Params => ({ layers: leaves.map((values) => ({ w: f32(...values) })) });
const numbers = (params: Params): number[] =>
  (params as { layers: { w: Tensor }[] }).layers.flatMap(({ w }) => Array.from(w.data()));

test("the norm is that of all leaves together", () => {
  expect(globalNorm(tree([3, 0], [4])).item()).toBe(5);
  expect(globalNorm(f32(3, -4)).item()).toBe(5);
});

test("squares neither overflow nor vanish, and 0 is 0", () => {
  // float32 ends at 3.4e38, so that the square of 1e30 is beyond it, that of 1e-30 below
  for (const scale of [1e30, 1e-30]) {
    const norm = globalNorm(tree([3 * scale], [-4 * scale])).item();
    expect(Math.abs(norm / (5 * scale) - 1)).toBeLessThan(1e-6); // three roundings of 6e-8
  }
  expect(globalNorm(tree([0, 0], [0])).item()).toBe(0);
});

test("it equals the norm computed in float64, by both engines", () => {
  const leaf = fc.array(fc.double({ min: -1e30, max: 1e30, noNaN: true }), { minLength: 1, maxLength: 9 });
  fc.assert(
    fc.property(fc.array(leaf, { minLength: 1, maxLength: 3 }), (leaves) => {
      const exact = Math.hypot(...leaves.flat().map(Math.fround));
      for (const engine of ["interpreter", "compiler"] as const) {
        const norm = withEngine(engine, () => globalNorm(tree(...leaves)).item());
        // 27 squares summed in float32, each addition off by up to 6e-8 of the sum; halved by the root
        expect(Math.abs(norm - exact)).toBeLessThanOrEqual(1e-6 * exact + 1e-37);
      }
    }),
    runs(25),
  );
});

test("a norm of something not finite is not finite", () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(globalNorm(tree([1, bad], [2])).item()).not.toSatisfy(Number.isFinite);
  }
});

test("clipping scales down to the limit and keeps the direction", () => {
  const clipped = numbers(clipByGlobalNorm(tree([3, 0], [-4]), 1));
  [0.6, 0, -0.8].forEach((x, i) => {
    expect(clipped[i]).toBeCloseTo(x, 6); // float32
  });
  expect(numbers(clipByGlobalNorm(tree([3e30, 0], [-4e30]), 1))[0]).toBeCloseTo(0.6, 6);
});

test("what is within the limit stays as it is, to the bit", () => {
  expect(numbers(clipByGlobalNorm(tree([3, 0.1], [-4]), 5.01))).toEqual([3, 0.1, -4].map(Math.fround));
  expect(numbers(clipByGlobalNorm(tree([0], [0]), 1e-3))).toEqual([0, 0]);
});

test("a limit that is not positive is refused", () => {
  for (const limit of [0, -1, Number.NaN]) {
    expect(() => clipByGlobalNorm(tree([1]), limit)).toThrow(`clipByGlobalNorm: limit is ${limit}`);
  }
});
