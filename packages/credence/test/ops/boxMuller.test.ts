import { key, normal } from "credence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxMuller } from "../../src/ops/boxMuller.js";
import { float32Machine, float64Machine, int32Machine } from "../../src/ops/numbers.js";
import { distanceToCdf, dkw, STANDARD_ERRORS } from "../support/bounds.js";

const machines = { float32: float32Machine, float64: float64Machine };
type Precision = keyof typeof machines;

const draw = (precision: Precision, words: readonly number[]): [number, number] =>
  boxMuller({ ints: int32Machine, floats: machines[precision], toFloat: machines[precision].num }, words);

const unsigned = (low: number): number => low + 2 ** 31 + 0.5;

/** The same by JavaScript's functions, in float64. */
function expected(precision: Precision, words: readonly number[]): [number, number] {
  const [w0, w1, w2, w3] = words as [number, number, number, number];
  const [distance, direction, last] =
    precision === "float32"
      ? [Math.fround(w0 | 1), Math.fround(w1), w1]
      : [w0 + unsigned(w1) / 2 ** 32, w2 + unsigned(w3) / 2 ** 32, w3];
  const most = precision === "float32" ? 2 ** 31 - 2 ** 7 : 2 ** 31 - 2 ** -22;
  const radius = Math.sqrt(-2 * Math.log(Math.min(Math.abs(distance), most) / 2 ** 31));
  const angle = ((direction / 2 ** 31) * Math.PI) / 4;
  const [along, across] = [Math.sign(distance) * radius * Math.cos(angle), radius * Math.sin(angle)];
  return (last & 1) === 1 ? [across, along] : [along, across];
}

describe.each(["float32", "float64"] as const)("%s", (precision) => {
  const count = precision === "float32" ? 2 : 4;
  const epsilon = precision === "float32" ? 2 ** -23 : 2 ** -52;
  const word = fc.oneof(
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31 - 64, 2 ** 31 - 65, 2 ** 30, -(2 ** 30)),
  );
  const words = fc.array(word, { minLength: count, maxLength: count });

  test("is what sine, cosine and logarithm say", () => {
    fc.assert(
      fc.property(words, (list) => {
        const [got, want] = [draw(precision, list), expected(precision, list)];
        const size = Math.hypot(...want);
        // the curve for the radius is good to 2^-23 in float32; near u = 1 JavaScript's own -log(u) is off by its rounding
        const reference = 2 ** -52 / size ** 2;
        got.forEach((z, i) => {
          expect(Math.abs(z - want[i]!)).toBeLessThanOrEqual(size * (5 * epsilon + reference));
        });
      }),
      { numRuns: 3000 },
    );
  });

  test("no words give 0 twice, infinity or NaN; the largest number is as promised", () => {
    fc.assert(
      fc.property(words, (list) => {
        const [a, b] = draw(precision, list);
        const size = Math.hypot(a, b);
        expect(size).toBeGreaterThan(0);
        expect(size).toBeLessThan(precision === "float32" ? 6.56 : 9.42);
      }),
      { numRuns: 3000 },
    );
    const least = precision === "float32" ? [0, 0] : [0, -(2 ** 31), 0, 0];
    expect(Math.hypot(...draw(precision, least))).toBeGreaterThan(precision === "float32" ? 6.55 : 9.41);
  });

  test("each sign is a bit: the opposite bits give the opposite number", () => {
    fc.assert(
      fc.property(words, (list) => {
        const half = count / 2;
        const opposite = list.map((w, i) => (i < half ? ~w : w));
        const [[a, b], [c, d]] = [draw(precision, list), draw(precision, opposite)];
        const swapped = (list[count - 1]! & 1) === 1;
        expect(swapped ? [a, b] : [b, a]).toEqual(swapped ? [c, -d] : [d, -c]);
      }),
    );
  });

  test("the two of a pair are independent: half their square sum is exponential, their angle uniform", () => {
    const n = 40_000;
    const z = normal(key(11), [n], { dtype: precision }).data();
    // numbers j and j + 1 of block i stand a quarter or half of all apart
    const step = n / (precision === "float32" ? 4 : 2);
    const pairs = Array.from({ length: n / 2 }, (_, i) => {
      const start = Math.floor(i / step) * 2 * step + (i % step);
      return [z[start]!, z[start + step]!] as const;
    });
    const uniforms = [
      pairs.map(([a, b]) => -Math.expm1(-(a * a + b * b) / 2)),
      pairs.map(([a, b]) => (Math.atan2(a, b) / Math.PI + 1) / 2),
    ];
    for (const u of uniforms) {
      const sorted = u.sort((a, b) => a - b);
      expect(distanceToCdf(sorted, sorted, false)).toBeLessThan(dkw(n / 2));
    }
    for (const [power, mean, variance] of [
      [1, 0, 1],
      [2, 1, 8],
    ] as const) {
      const average = pairs.reduce((sum, [a, b]) => sum + (a * b) ** power, 0) / pairs.length;
      expect(Math.abs(average - mean)).toBeLessThan(STANDARD_ERRORS * Math.sqrt(variance / pairs.length));
    }
  });
});
