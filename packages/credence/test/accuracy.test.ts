import * as credence from "credence";
import * as special from "credence/special";
import { describe, expect, test } from "vitest";
import {
  measure,
  nameOf,
  parseDecimal,
  type Reference,
  readSelection,
  worstLines,
} from "../../../scripts/accuracy/index.mjs";

const library = { ...credence, special };
const references = readSelection();
const results = references.map((reference) => measure(library, reference));
const measured = results.filter((result) => result.missing === undefined);

describe("every function keeps its bar on the project's own references", () => {
  test.each(measured.map((result) => [nameOf(result), result] as const))("%s", (_, result) => {
    expect(result.share, worstLines(result, 3).join("\n")).toBeLessThanOrEqual(1);
  });
});

describe("what the measurement catches", () => {
  const reference = references.find(
    ({ id, precision }) => id === "special/ndtr" && precision === "float64",
  ) as Reference;
  const withNdtr = (ndtr: typeof special.ndtr) => measure({ ...library, special: { ...special, ndtr } }, reference);

  test("a tail that is 0 too early", () => {
    const early = withNdtr((x) => special.ndtr(x).mul(special.ndtr(x).gt(1e-16)));
    expect(early.share).toBeGreaterThan(1e10);
  });

  test("a relative error of 10 · 2^-52, which is 10 to 20 units in the last place", () => {
    const off = withNdtr((x) => special.ndtr(x).mul(1 + 10 * 2 ** -52));
    expect(off.worst).toBeGreaterThan(10);
    expect(off.worst).toBeLessThan(25);
    expect(off.share).toBeGreaterThan(1);
  });

  test("NaN where there is a number, and a refusal, as wrong statuses", () => {
    const nan = withNdtr((x) => special.ndtr(x).mul(Number.NaN));
    expect(nan).toMatchObject({ wrong: nan.cases, share: Number.POSITIVE_INFINITY });
    const refused = withNdtr(() => {
      throw new Error("no");
    });
    expect(refused.wrong).toBe(refused.cases);
  });

  test("what is not there is missing, not wrong", () => {
    const { ndtr: _, ...others } = special;
    expect(measure({ ...library, special: others }, reference)).toMatchObject({ missing: "special.ndtr" });
  });
});

test("decimals are read as the nearest double and what it lacks", () => {
  expect(parseDecimal("0.1")).toEqual({ high: 0.1, low: -5.551115123125783e-18 }); // 0.1000000000000000055511151231257827 as a double
  expect(parseDecimal("-1234567890123456789012345e-25")).toEqual({
    high: -0.12345678901234568,
    low: -1.531348267900184e-18,
  });
  expect(parseDecimal("1.5e+300")).toEqual({ high: 1.5e300, low: -7.875714038280664e283 });
  expect(parseDecimal("2")).toEqual({ high: 2, low: 0 });
  expect(parseDecimal("1.2e-400")).toEqual({ high: 0, low: 0 });
  expect(parseDecimal("3e+500")).toEqual({ high: Number.POSITIVE_INFINITY, low: 0 });
  expect(parseDecimal("-inf")).toEqual({ high: Number.NEGATIVE_INFINITY, low: 0 });
});
