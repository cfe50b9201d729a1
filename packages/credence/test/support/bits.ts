import { expect } from "vitest";

/** The first place where two lists of numbers differ in any bit (all NaN are alike), or -1. */
export function firstDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Math.min(a.length, b.length);
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
}

/** Fails unless both hold the same numbers, -0 and 0 told apart. */
export function expectSameBits(actual: ArrayLike<number>, expected: ArrayLike<number>, what = "numbers"): void {
  const at = firstDifference(actual, expected);
  if (at < 0) return;
  const show = (x: ArrayLike<number>): string =>
    at < x.length ? String(Object.is(x[at], -0) ? "-0" : x[at]) : "nothing";
  expect.fail(`${what} differ at ${at} of ${expected.length}: ${show(actual)} instead of ${show(expected)}`);
}
