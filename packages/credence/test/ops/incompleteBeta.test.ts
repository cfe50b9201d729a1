import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partial } from "../../src/ops/dual.js";
import * as functions from "../../src/ops/functions/incompleteBeta.js";
import type { Machine } from "../../src/ops/machine.js";
import { expectSameBits } from "../support/bits.js";
import { toWasm } from "../support/elementwise.js";
import { machines, type Precision, precisions } from "../support/ulps.js";

const beta = { ...functions };
type Function3 = <V>(m: Machine<V>, a: V, b: V, x: V) => V;
type Argument = "a" | "b" | "x";

/** As for the incomplete gamma functions: units of 2^-24 and 2^-53 of the exact value, times 1 + the condition number. */
const BARS = {
  betainc: 16,
  betaincc: 24, // beside a shape of 1e-26 a power whose logarithm is -51
  logBetainc: 24,
  logBetaincc: 16,
};
const SLOPE_BARS = { float32: 3e-5, float64: 1e-12 };

const COLUMNS = ["a", "b", "x", "lower", "upper", "logLower", "logUpper", "da", "db", "dx"] as const;
type Row = Readonly<Record<(typeof COLUMNS)[number], number>>;

function rowsOf(precision: Precision): Row[] {
  const text = readFileSync(new URL("references/incompleteBeta.json", import.meta.url), "utf8");
  return (JSON.parse(text) as Record<Precision, (number | string)[][]>)[precision].map(
    (row) =>
      Object.fromEntries(COLUMNS.map((name, i) => [name, Number(String(row[i]).replace("inf", "Infinity"))])) as Row,
  );
}

describe.each(precisions)("incomplete beta functions in %s, against references of 60 digits", (precision) => {
  const m = machines[precision];
  const rows = rowsOf(precision);
  const [unit, normal] = precision === "float32" ? [2 ** -24, 2 ** -126] : [2 ** -53, 2 ** -1022];
  const exact: Record<keyof typeof BARS, (row: Row) => number> = {
    betainc: (row) => row.lower,
    betaincc: (row) => row.upper,
    logBetainc: (row) => row.logLower,
    logBetaincc: (row) => row.logUpper,
  };

  test.each(Object.keys(BARS) as (keyof typeof BARS)[])("%s", (name) => {
    let worst = { share: 0, row: {} as Row, got: Number.NaN };
    for (const row of rows) {
      const value = exact[name](row);
      const own = name.endsWith("cc") ? row.upper : row.lower;
      const moved = (row.a * Math.abs(row.da) + row.b * Math.abs(row.db) + row.x * row.dx) / own;
      const condition = name.startsWith("log") ? moved / Math.abs(value) : moved;
      const got = beta[name](m, row.a, row.b, row.x);
      const rounded = precision === "float32" ? Math.fround(value) : value;
      const error = got === rounded ? 0 : Math.abs(got - value) / (unit * Math.max(Math.abs(value), normal));
      const share = error / (1 + (Number.isFinite(condition) ? condition : 0));
      if (!(share <= worst.share)) worst = { share, row, got };
    }
    expect(worst.share, `at ${JSON.stringify(worst.row)}: ${worst.got}`).toBeLessThanOrEqual(BARS[name]);
  });

  const slope = (f: Function3, by: Argument, { a, b, x }: Row): number =>
    partial<Argument>((machine, at) => f(machine, at.a, at.b, at.x), by)(m, { a, b, x });

  test("slopes in a, b and x", () => {
    const least = 1e8 * normal;
    for (const row of rows) {
      const pairs = [
        [slope(beta.betainc, "a", row), row.da],
        [slope(beta.betaincc, "b", row), -row.db],
        [beta.betaDensity(m, row.a, row.b, row.x), row.dx],
        [slope(beta.logBetainc, "b", row), row.lower > least ? row.db / row.lower : 0],
        [slope(beta.logBetaincc, "a", row), row.upper > least ? -row.da / row.upper : 0],
      ] as const;
      for (const [i, [got, value]] of pairs.entries()) {
        if (Math.abs(value) < least) continue;
        const error = Math.abs(got / value - 1);
        expect(error, `slope ${i} at ${JSON.stringify(row)}: ${got}, not ${value}`).toBeLessThanOrEqual(
          SLOPE_BARS[precision],
        );
      }
    }
  });

  test("vectors give the bits of single numbers", () => {
    const [a, b, x] = (["a", "b", "x"] as const).map((name) => rows.map((row) => row[name])) as [
      number[],
      number[],
      number[],
    ];
    for (const f of [beta.betainc, beta.logBetaincc]) {
      const compiled = toWasm((machine, [p, q, z]) => f(machine, p!, q!, z!), precision)([a, b, x]);
      expectSameBits(
        compiled,
        rows.map((row) => f(m, row.a, row.b, row.x)),
      );
    }
  });
});

describe.each(precisions)("incomplete beta functions in %s", (precision) => {
  const m = machines[precision];
  const round = precision === "float32" ? Math.fround : (x: number) => x;
  const epsilon = precision === "float32" ? 2 ** -23 : 2 ** -52;
  const anySize = fc.double({ min: -30, max: 30, noNaN: true }).map((e) => round(10 ** e));
  const place = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }).map(round),
    fc.double({ min: -30, max: 0, noNaN: true }).map((e) => round(10 ** e)),
  );

  test("no numbers give NaN, or a value outside 0 to 1; both add up to 1; slopes are no NaN", () => {
    fc.assert(
      fc.property(anySize, anySize, place, (a, b, x) => {
        const [lower, upper] = [beta.betainc(m, a, b, x), beta.betaincc(m, a, b, x)];
        for (const value of [lower, upper]) expect(value >= 0 && value <= 1, `${a}, ${b}, ${x}: ${value}`).toBe(true);
        expect(Math.abs(lower + upper - 1)).toBeLessThanOrEqual(2 * epsilon);
        for (const f of [beta.logBetainc, beta.logBetaincc]) expect(f(m, a, b, x)).toBeLessThanOrEqual(0);
        for (const f of [beta.betainc, beta.logBetainc, beta.logBetaincc, beta.betaDensity]) {
          for (const by of ["a", "b", "x"] as const) {
            const slope = partial<Argument>((machine, at) => f(machine, at.a, at.b, at.x), by)(m, { a, b, x });
            expect(slope, `d${by} of ${f.name} at ${a}, ${b}, ${x}`).not.toBeNaN();
          }
        }
      }),
    );
  });

  test("the ends", () => {
    const of = (f: Function3, ...at: readonly [number, number, number][]) => at.map(([a, b, x]) => f(m, a, b, x) + 0);
    expect(of(beta.betainc, [2, 3, 0], [2, 3, 1], [0, 2, 0.5], [2, 0, 0.5])).toEqual([0, 1, 1, 0]);
    expect(of(beta.betaincc, [2, 3, 0], [2, 3, 1], [Infinity, 2, 0.5], [2, Infinity, 0.5])).toEqual([1, 0, 1, 0]);
    expect(of(beta.logBetainc, [2, 3, 0], [2, 3, 1])).toEqual([-Infinity, 0]);
    expect(of(beta.logBetaincc, [2, 3, 0], [2, 3, 1])).toEqual([0, -Infinity]);
    for (const [a, b, x] of [
      [-1, 2, 0.5],
      [2, -1, 0.5],
      [2, 3, -0.1],
      [2, 3, 1.1],
      [0, 0, 0.5],
      [Infinity, Infinity, 0.5],
      [Number.NaN, 1, 0.5],
      [1, 1, Number.NaN],
    ] as const) {
      for (const f of [beta.betainc, beta.betaincc, beta.logBetainc, beta.logBetaincc]) expect(f(m, a, b, x)).toBeNaN();
    }
  });
});
