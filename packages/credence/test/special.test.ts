import { tensor } from "credence";
import { logChoose } from "credence/special";
import fc from "fast-check";
import { expect, test } from "vitest";

/** Rows of Pascal's triangle, exact up to 2^53. */
function pascal(n: number): number[] {
  let row = [1];
  for (let i = 0; i < n; i++) row = [1, ...row.slice(1).map((x, k) => x + row[k]!), 1];
  return row;
}

test("logChoose of whole numbers: Pascal's triangle", () => {
  for (const n of [0, 1, 2, 5, 20, 55]) {
    const k = Array.from({ length: n + 1 }, (_, i) => i);
    const found = logChoose(n, tensor(k)).data();
    pascal(n).forEach((exact, i) => {
      // two logarithms about log n, each of a few ulps
      expect(Math.abs(found[i]! - Math.log(exact))).toBeLessThanOrEqual(16 * 2 ** -53 * Math.log(n + 2));
    });
  }
});

test("logChoose for many: n (n - 1) / 2, and symmetric in its parts", () => {
  const n = 1e12;
  // lgamma(1e12) is 2.7e13, so a difference of three would be off by 4e-3
  expect(logChoose(n, 2).item()).toBeCloseTo(Math.log(n) + Math.log(n - 1) - Math.LN2, 12);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 1e9 }), (k, rest) => {
      expect(logChoose(k + rest, k).item()).toBe(logChoose(k + rest, rest).item());
    }),
    { numRuns: 30 },
  );
});
