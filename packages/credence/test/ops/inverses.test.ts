import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as betaQuantiles from "../../src/ops/functions/betaQuantile.js";
import * as gammaQuantiles from "../../src/ops/functions/gammaQuantile.js";
import { betainc, betaincc, logBetainc } from "../../src/ops/functions/incompleteBeta.js";
import type { Machine } from "../../src/ops/machine.js";
import { expectSameBits } from "../support/bits.js";
import { toWasm } from "../support/elementwise.js";
import { machines, type Precision, precisions } from "../support/ulps.js";

/** Inverses of the incomplete gamma and beta functions: from the references of those functions, and by their laws. */

const { gammaincInv, gammainccInv, logGammaincInv, logGammainccInv, gammaDrift, gammaTailOverDensity } = gammaQuantiles;
const { betaincInv, betainccInv, logBetaincInv, logBetainccInv, betaDrift, betaTailOverDensity } = betaQuantiles;

/** What the level alone, rounded, and the shape do to x, relatively, is its condition number; errors are in units of 2^-24 or 2^-53. */
const BAR = 16; // 5 in float64, 6 in float32

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
  return (JSON.parse(text) as Record<Precision, (number | string)[][]>)[precision].map((row) => {
    const [a, x, lower, upper, logLower, logUpper, da, dx] = row.map((v) =>
      Number(String(v).replace("inf", "Infinity")),
    );
    return { a, x, lower, upper, logLower, logUpper, da, dx } as Row;
  });
}

describe.each(precisions)("%s", (precision) => {
  const m = machines[precision];
  const round = precision === "float32" ? Math.fround : (x: number) => x;
  const [unit, normal] = precision === "float32" ? [2 ** -24, 2 ** -126] : [2 ** -53, 2 ** -1022];

  const inverses = {
    gammaincInv: { f: gammaincInv, level: (row: Row) => row.lower, moves: (row: Row) => row.lower },
    gammainccInv: { f: gammainccInv, level: (row: Row) => row.upper, moves: (row: Row) => row.upper },
    logGammaincInv: {
      f: logGammaincInv,
      level: (row: Row) => row.logLower,
      moves: (row: Row) => row.lower * Math.abs(row.logLower),
    },
    logGammainccInv: {
      f: logGammainccInv,
      level: (row: Row) => row.logUpper,
      moves: (row: Row) => row.upper * Math.abs(row.logUpper),
    },
  };

  test.each(Object.keys(inverses) as (keyof typeof inverses)[])("%s finds the references' x", (name) => {
    const { f, level, moves } = inverses[name];
    let compared = 0;
    for (const row of gammaRows(precision)) {
      const { a, x, da, dx } = row;
      const given = round(level(row));
      if (Math.abs(given) < normal || !Number.isFinite(given) || given === 1 || dx < normal || x < normal) continue;
      const condition = (moves(row) + a * Math.abs(da)) / (x * dx);
      const got = f(m, a, given);
      const error = Math.abs(got / x - 1) / unit;
      expect(error, `${name} at ${JSON.stringify(row)}: ${got}`).toBeLessThanOrEqual(BAR * (1 + condition));
      compared++;
    }
    expect(compared).toBeGreaterThan(80);
  });

  test("slopes of x are those of the references", () => {
    for (const { a, x, lower, upper, da, dx } of gammaRows(precision)) {
      if (Math.abs(da) < normal || dx < normal) continue;
      const slopes = [[gammaDrift(m, a, x), -da / dx] as const];
      if (lower > normal) slopes.push([gammaTailOverDensity(m, a, x, "lower"), lower / dx]);
      if (upper > normal) slopes.push([gammaTailOverDensity(m, a, x, "upper"), upper / dx]);
      for (const [got, exact] of slopes) {
        // as the derivatives of the functions themselves, in incomplete.test.ts
        expect(Math.abs(got / exact - 1), `at ${a}, ${x}`).toBeLessThanOrEqual(precision === "float32" ? 3e-5 : 1e-12);
      }
    }
  });

  const shape = fc.double({ min: -2, max: 3, noNaN: true }).map((e) => round(10 ** e));
  const anySize = fc.double({ min: -30, max: 30, noNaN: true }).map((e) => round(10 ** e));
  const level = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: -37, max: 0, noNaN: true }).map((e) => 10 ** e),
  );

  test("betainc at betaincInv is the level, as near as floats come; the same for complements, logarithms and swapped shapes", () => {
    fc.assert(
      fc.property(shape, shape, level.map(round), (a, b, p) => {
        const x = betaincInv(m, a, b, p);
        const y = betainccInv(m, b, a, p); // 1 - x, also where x rounds to 1
        expect(Math.abs(x + y - 1)).toBeLessThanOrEqual(2 * unit);
        if (Math.min(x, y) < normal || Math.min(p, 1 - p) < normal) return;
        // the density on the scale of log z, over the function: what a rounding of z does to the level
        const [f, z, rate] =
          x < y
            ? [betainc(m, a, b, x), x, x / betaTailOverDensity(m, [a, b], x, "lower")]
            : [betaincc(m, b, a, y), y, y / betaTailOverDensity(m, [b, a], y, "upper")];
        const shapes =
          x < y
            ? [a * betaDrift(m, [a, b], x, "a"), b * betaDrift(m, [a, b], x, "b")]
            : [a * betaDrift(m, [b, a], y, "b"), b * betaDrift(m, [b, a], y, "a")];
        const condition = 1 + rate * (1 + (Math.abs(shapes[0]!) + Math.abs(shapes[1]!)) / z);
        expect(Math.abs(f / p - 1) / unit, `${a}, ${b}, ${p}: ${x}, ${y}, ${f}`).toBeLessThanOrEqual(
          2 * BAR * condition,
        );
        const l = round(Math.log(p));
        if (l === 0) return;
        const bar = (2 * BAR * unit * (condition + 1 - Math.log(p) + 1 / Math.abs(l))) / rate;
        expect(Math.abs(logBetaincInv(m, a, b, l) - x)).toBeLessThanOrEqual(bar * z + 4 * unit * x);
        expect(Math.abs(logBetainccInv(m, b, a, l) - y)).toBeLessThanOrEqual(bar * z + 4 * unit * y);
      }),
      { numRuns: 300 },
    );
  });

  test("shapes of any size: quantiles on the support, slopes no NaN", () => {
    fc.assert(
      fc.property(anySize, anySize, level.map(round), (a, b, p) => {
        for (const f of [gammaincInv, gammainccInv]) {
          const x = f(m, a, p);
          expect(x, `${a}, ${p}`).toBeGreaterThanOrEqual(0);
          expect(gammaDrift(m, a, x), `drift ${a}, ${x}`).not.toBeNaN();
          expect(gammaTailOverDensity(m, a, x, "upper")).not.toBeNaN();
        }
        for (const f of [betaincInv, betainccInv]) {
          const x = f(m, a, b, p);
          expect(x >= 0 && x <= 1, `${a}, ${b}, ${p}: ${x}`).toBe(true);
          for (const by of ["a", "b"] as const) {
            expect(betaDrift(m, [a, b], x, by), `drift ${by} ${a}, ${b}, ${x}`).not.toBeNaN();
          }
          expect(betaTailOverDensity(m, [a, b], x, "lower")).not.toBeNaN();
        }
      }),
      { numRuns: 300 },
    );
  });

  test("quantiles grow with the level", () => {
    fc.assert(
      fc.property(shape, shape, fc.array(fc.double({ min: 0, max: 1, noNaN: true }).map(round)), (a, b, list) => {
        const levels = list.sort((x, y) => x - y);
        for (const quantile of [(p: number) => gammaincInv(m, a, p), (p: number) => betaincInv(m, a, b, p)]) {
          const found = levels.map(quantile);
          // neighbouring levels may be out of order by their rounding
          for (let i = 1; i < found.length; i++) expect(found[i]! * (1 + 1e-3)).toBeGreaterThanOrEqual(found[i - 1]!);
        }
      }),
      { numRuns: 30 },
    );
  });

  test("known quantiles", () => {
    const near = (got: number, exact: number, condition = 0) =>
      expect(Math.abs(got / exact - 1)).toBeLessThanOrEqual(BAR * unit * (1 + condition));
    for (const p of [0.1, 0.5, 0.9].map(round)) {
      near(gammaincInv(m, 1, p), -Math.log1p(-p)); // the exponential distribution
      near(gammainccInv(m, 1, p), -Math.log(p));
      near(betaincInv(m, 3, 1, p), Math.cbrt(p));
      near(betaincInv(m, 1, 2, p), p / (1 + Math.sqrt(1 - p)));
      near(betaincInv(m, 0.5, 0.5, p), Math.sin((Math.PI / 2) * p) ** 2); // the arcsine distribution
    }
    near(gammainccInv(m, 1, round(1e-30)), -Math.log(round(1e-30)));
    near(logGammainccInv(m, 1, -5000), 5000);
    near(logGammaincInv(m, 2, -40), Math.SQRT2 * Math.exp(-20) * (1 + (Math.SQRT2 * Math.exp(-20)) / 3), 20);
    near(logBetainc(m, 2000, 3, logBetaincInv(m, 2000, 3, -9000)), -9000);
  });

  test("the ends, and levels and shapes that are none", () => {
    expect([0, 1].map((p) => gammaincInv(m, 2, p))).toEqual([0, Infinity]);
    expect([0, 1].map((q) => gammainccInv(m, 2, q))).toEqual([Infinity, 0]);
    expect([-Infinity, 0].map((l) => logGammaincInv(m, 2, l))).toEqual([0, Infinity]);
    expect([-Infinity, 0].map((l) => logGammainccInv(m, 2, l))).toEqual([Infinity, 0]);
    expect([0, 1].map((p) => betaincInv(m, 2, 3, p))).toEqual([0, 1]);
    expect([0, 1].map((q) => betainccInv(m, 2, 3, q))).toEqual([1, 0]);
    expect([-Infinity, 0].map((l) => logBetaincInv(m, 2, 3, l))).toEqual([0, 1]);
    expect([0, Infinity].map((a) => gammaincInv(m, a, 0.3))).toEqual([0, Infinity]);
    expect([betaincInv(m, 0, 2, 0.3), betaincInv(m, 2, 0, 0.3), betaincInv(m, 2, Infinity, 0.3)]).toEqual([0, 1, 0]);
    for (const p of [-0.1, 1.1, Number.NaN]) {
      for (const f of [gammaincInv, gammainccInv]) expect(f(m, 2, p)).toBeNaN();
      for (const f of [betaincInv, betainccInv]) expect(f(m, 2, 3, p)).toBeNaN();
    }
    for (const l of [0.1, Number.NaN]) {
      for (const f of [logGammaincInv, logGammainccInv]) expect(f(m, 2, l)).toBeNaN();
      for (const f of [logBetaincInv, logBetainccInv]) expect(f(m, 2, 3, l)).toBeNaN();
    }
    for (const a of [-1, Number.NaN]) {
      expect(gammaincInv(m, a, 0.5)).toBeNaN();
      expect(betaincInv(m, a, 1, 0.5)).toBeNaN();
      expect(betaincInv(m, 1, a, 0.5)).toBeNaN();
    }
    expect(betaincInv(m, 0, 0, 0.5)).toBeNaN();
    expect(betaincInv(m, Infinity, Infinity, 0.5)).toBeNaN();
  });

  test("compiled, with neighbours that take other numbers of steps, they give the same bits", () => {
    const sizes = [1e-3, 0.3, 0.7, 1, 4, 60, 3000];
    const ps = [0, 1e-30, 0.02, 0.5, 0.97, 1];
    const grid = sizes.flatMap((a, i) => ps.map((p) => [a, sizes[(i + 3) % sizes.length]!, p].map(round)));
    const [a, b, p] = [0, 1, 2].map((k) => grid.map((at) => at[k]!)) as [number[], number[], number[]];
    const both = <V>(machine: Machine<V>, [s, r, level]: readonly V[]): V =>
      machine.add(gammaincInv(machine, s!, level!), betaincInv(machine, s!, r!, level!));
    expectSameBits(
      toWasm(both, precision)([a, b, p]),
      grid.map((at) => both(m, at)),
    );
    const x = p.map((level) => round(0.1 + 0.8 * level));
    const drift = <V>(machine: Machine<V>, [s, r, at]: readonly V[]): V =>
      machine.add(gammaDrift(machine, s!, at!), betaDrift(machine, [s!, r!], at!, "b"));
    expectSameBits(
      toWasm(drift, precision)([a, b, x]),
      grid.map((at, i) => drift(m, [at[0]!, at[1]!, x[i]!])),
    );
  });
});
