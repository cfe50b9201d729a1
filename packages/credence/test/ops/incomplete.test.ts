import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { partial } from "../../src/ops/dual.js";
import * as functions from "../../src/ops/functions/incompleteGamma.js";
import type { Machine } from "../../src/ops/machine.js";
import { float32Machine, float64Machine } from "../../src/ops/numbers.js";
import { expectSameBits } from "../support/bits.js";
import { toWasm } from "../support/elementwise.js";

const gamma = { ...functions };
const machines = { float32: float32Machine, float64: float64Machine };
const precisions = ["float32", "float64"] as const;
type Precision = (typeof precisions)[number];
type Function2 = <V>(m: Machine<V>, a: V, x: V) => V;

/**
 * The largest error allowed, in units of 2^-24 and 2^-53 of the exact value, times 1 + the condition number: the sum of |∂ log f / ∂ log of
 * each argument|, which is what rounding the arguments alone does. Beside it the worst of 7,000 other points, random ones of all
 * magnitudes.
 */
const BARS = {
  gammainc: 16, // 5 in float64, 6 in float32
  gammaincc: 16, // 6.6, 9.2
  logGammainc: 16, // 6.2, 9.3
  logGammaincc: 8, // 3.7, 3.1
};
/** The same for derivatives, whose own conditioning is at most about twice that of the function, squared. */
const SLOPE_BARS = { float32: 3e-5, float64: 1e-12 };

interface Row {
  readonly a: number;
  readonly x: number;
  readonly lower: number;
  readonly upper: number;
  readonly logLower: number;
  readonly logUpper: number;
  readonly da: number;
  readonly dx: number;
}

function gammaRows(precision: Precision): Row[] {
  const text = readFileSync(new URL("references/incompleteGamma.json", import.meta.url), "utf8");
  const rows = (JSON.parse(text) as Record<Precision, (number | string)[][]>)[precision];
  return rows.map((row) => {
    const [a, x, lower, upper, logLower, logUpper, da, dx] = row.map((v) =>
      Number(String(v).replace("inf", "Infinity")),
    );
    return { a, x, lower, upper, logLower, logUpper, da, dx } as Row;
  });
}

/** The error of `got`, in units of half an ulp of the exact value; 0 where both round to the same. */
function halfUlps(got: number, exact: number, precision: Precision): number {
  const unit = precision === "float32" ? 2 ** -24 : 2 ** -53;
  const least = precision === "float32" ? 2 ** -126 : 2 ** -1022;
  const rounded = precision === "float32" ? Math.fround(exact) : exact;
  return got === rounded ? 0 : Math.abs(got - exact) / (unit * Math.max(Math.abs(exact), least));
}

describe.each(precisions)("incomplete gamma functions in %s, against references of 60 digits", (precision) => {
  const m = machines[precision];
  const rows = gammaRows(precision);
  const exact: Record<keyof typeof BARS, (row: Row) => number> = {
    gammainc: (row) => row.lower,
    gammaincc: (row) => row.upper,
    logGammainc: (row) => row.logLower,
    logGammaincc: (row) => row.logUpper,
  };

  test.each(Object.keys(BARS) as (keyof typeof BARS)[])("%s", (name) => {
    let worst = { share: 0, row: {} as Row, got: Number.NaN };
    for (const row of rows) {
      const value = exact[name](row);
      const own = name.endsWith("cc") ? row.upper : row.lower;
      const moved = (row.a * Math.abs(row.da) + row.x * row.dx) / own; // of log f; of f itself the same, relatively
      const condition = name.startsWith("log") ? moved / Math.abs(value) : moved;
      const got = gamma[name](m, row.a, row.x);
      const share = halfUlps(got, value, precision) / (1 + (Number.isFinite(condition) ? condition : 0));
      if (!(share <= worst.share)) worst = { share, row, got };
    }
    expect(worst.share, `at ${JSON.stringify(worst.row)}: ${worst.got}`).toBeLessThanOrEqual(BARS[name]);
  });

  const slope = (f: Function2, by: "a" | "x", { a, x }: Row): number =>
    partial<"a" | "x">((machine, inputs) => f(machine, inputs.a, inputs.x), by)(m, { a, x });
  const normal = precision === "float32" ? 1e-37 : 1e-300;

  test("slopes in a and x", () => {
    for (const row of rows) {
      const pairs = [
        [slope(gamma.gammainc, "a", row), row.da],
        [slope(gamma.gammaincc, "a", row), -row.da],
        [slope(gamma.gammainc, "x", row), row.dx],
        [gamma.gammaDensity(m, row.a, row.x), row.dx],
        [slope(gamma.logGammainc, "a", row), row.lower > normal ? row.da / row.lower : 0],
        [slope(gamma.logGammaincc, "x", row), row.upper > normal ? -row.dx / row.upper : 0],
      ] as const;
      for (const [i, [got, value]] of pairs.entries()) {
        if (Math.abs(value) < normal) continue;
        const error = Math.abs(got / value - 1);
        expect(error, `slope ${i} at ${JSON.stringify(row)}: ${got}, not ${value}`).toBeLessThanOrEqual(
          SLOPE_BARS[precision],
        );
      }
    }
  });
});

describe.each(precisions)("incomplete gamma functions in %s", (precision) => {
  const m = machines[precision];
  const round = precision === "float32" ? Math.fround : (x: number) => x;
  const epsilon = precision === "float32" ? 2 ** -23 : 2 ** -52;
  const anySize = fc.double({ min: -30, max: 30, noNaN: true }).map((e) => round(10 ** e));
  const near = fc
    .tuple(anySize, fc.double({ min: -3, max: 3, noNaN: true }))
    .map(([a, d]) => [a, round(a + d * Math.sqrt(a))] as const);
  const pair = fc.oneof(
    fc.tuple(anySize, anySize),
    near.filter(([, x]) => x >= 0),
  );

  test("no pair of numbers gives NaN, or a value outside 0 to 1; P + Q = 1", () => {
    fc.assert(
      fc.property(pair, ([a, x]) => {
        const [p, q] = [gamma.gammainc(m, a, x), gamma.gammaincc(m, a, x)];
        for (const value of [p, q]) expect(value >= 0 && value <= 1, `${a}, ${x}: ${p}, ${q}`).toBe(true);
        expect(Math.abs(p + q - 1)).toBeLessThanOrEqual(2 * epsilon);
        for (const f of [gamma.logGammainc, gamma.logGammaincc]) expect(f(m, a, x)).toBeLessThanOrEqual(0);
        for (const f of [gamma.gammainc, gamma.logGammainc, gamma.logGammaincc, gamma.gammaDensity]) {
          for (const by of ["a", "x"] as const) {
            expect(partial<"a" | "x">((machine, at) => f(machine, at.a, at.x), by)(m, { a, x })).not.toBeNaN();
          }
        }
      }),
    );
  });

  test("the ends", () => {
    const of = (f: Function2, ...at: readonly [number, number][]) => at.map(([a, x]) => f(m, a, x) + 0); // no -0
    expect(of(gamma.gammainc, [2, 0], [2, Infinity], [0, 2], [Infinity, 2])).toEqual([0, 1, 1, 0]);
    expect(of(gamma.gammaincc, [2, 0], [2, Infinity], [0, 2], [Infinity, 2])).toEqual([1, 0, 0, 1]);
    expect(of(gamma.logGammainc, [2, 0], [2, Infinity], [0, 2])).toEqual([-Infinity, 0, 0]);
    expect(of(gamma.logGammaincc, [2, 0], [2, Infinity], [0, 2])).toEqual([0, -Infinity, -Infinity]);
    expect(of(gamma.gammaDensity, [0.5, 0], [1, 0], [2, 0], [2, Infinity])).toEqual([Infinity, 1, 0, 0]);
    for (const [a, x] of [
      [-1, 2],
      [2, -1],
      [0, 0],
      [Infinity, Infinity],
      [Number.NaN, 1],
      [1, Number.NaN],
    ] as const) {
      for (const f of [gamma.gammainc, gamma.gammaincc, gamma.logGammainc, gamma.logGammaincc])
        expect(f(m, a, x)).toBeNaN();
    }
  });

  test("a loop's steps end alike for neighbours in a vector and alone", () => {
    const rows = gammaRows(precision);
    const [a, x] = [rows.map((row) => row.a), rows.map((row) => row.x)];
    for (const f of [gamma.gammainc, gamma.logGammaincc]) {
      const expected = a.map((v, i) => f(m, v, x[i]!));
      expectSameBits(toWasm((machine, [b, y]) => f(machine, b!, y!), precision)([a, x]), expected);
      const slope = <V>(machine: Machine<V>, [b, y]: readonly V[]): V =>
        partial<"a" | "x">((inner, at) => f(inner, at.a, at.x), "a")(machine, { a: b!, x: y! });
      expectSameBits(
        toWasm(slope, precision)([a, x]),
        a.map((v, i) => slope(m, [v, x[i]!])),
      );
    }
  });
});
