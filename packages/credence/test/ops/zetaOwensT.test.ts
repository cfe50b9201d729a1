import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ndtr, owensT, zeta } from "../../src/ops/functions/index.js";
import type { Machine } from "../../src/ops/machine.js";
import { float64Machine } from "../../src/ops/numbers.js";
import { machines, type Precision, precisions, references, ulp, ulpsOff } from "../support/ulps.js";

/** Two functions of two arguments, against references of 60 digits and by their laws. */

const m64 = float64Machine;
const functions = {
  zeta: <V>(m: Machine<V>, s: V, q: V): V => zeta(m, 0, s, q),
  owensT,
};
type Name = keyof typeof functions;
const names = Object.keys(functions) as Name[];

/** What a relative change of both arguments by 1 does to the value. */
const changes: Record<Name, (x: number, y: number) => number> = {
  zeta: (s, q) => Math.abs(s * zeta(m64, 1, s, q)) + Math.abs(s * q * zeta(m64, 0, s + 1, q)),
  owensT: (h, a) => {
    const density = Math.exp((-h * h) / 2);
    const byA = Math.exp((-h * h * a * a) / 2) / (1 + a * a);
    return Math.abs(h / Math.sqrt(8 * Math.PI)) * density + (Math.abs(a) * density * byA) / (2 * Math.PI);
  },
};

/** The largest error allowed, in ulps of the value times 1 + the condition number. Beside it what long searches found. */
const BARS: Record<Name, number> = {
  zeta: 4,
  owensT: 8,
};

function share(name: Name, precision: Precision, row: { args: number[]; high: number; low: number }): number {
  const [x, y] = row.args as [number, number];
  const error = ulpsOff(functions[name](machines[precision], x, y), row.high, row.low, precision);
  if (error === 0 || !Number.isFinite(error)) return error;
  const moved = changes[name](x, y);
  const whole = Math.abs(row.high) + (Number.isFinite(moved) ? moved : 0);
  return (error * ulp(row.high, precision)) / ulp(whole, precision);
}

describe.each(precisions)("%s, against references of 60 digits", (precision) => {
  test.each(names)("%s", (name) => {
    let worst = { error: 0, args: [] as number[] };
    for (const row of references(name, precision, 2)) {
      const error = share(name, precision, row);
      if (!(error <= worst.error)) worst = { error, args: row.args };
    }
    expect(worst.error, `at ${worst.args}`).toBeLessThanOrEqual(BARS[name]);
  });
});

describe.each(precisions)("%s", (precision) => {
  const m = machines[precision];
  const round = precision === "float32" ? Math.fround : (x: number) => x;
  const epsilon = precision === "float32" ? 2 ** -23 : 2 ** -52;
  const least = precision === "float32" ? 2 ** -149 : 2 ** -1074;
  const anySize = fc.double({ min: -30, max: 30, noNaN: true }).map((e) => round(10 ** e));

  test("zeta(s, q) has one term more than zeta(s, q + 1)", () => {
    const s = fc.double({ min: 1.001, max: 20, noNaN: true }).map(round);
    const q = fc.double({ min: 1, max: 50, noNaN: true }).map((x) => round(Math.round(x * 64) / 64)); // q + 1 is exact
    fc.assert(
      fc.property(s, q, (power, start) => {
        const whole = zeta(m, 0, power, start);
        const parts = zeta(m, 0, power, start + 1) + start ** -power;
        expect(Math.abs(parts / whole - 1)).toBeLessThanOrEqual(16 * epsilon);
      }),
    );
  });

  test("zeta is no NaN from s = 1 on, whatever the size, nor are its first derivatives", () => {
    fc.assert(
      fc.property(anySize, anySize, (excess, q) => {
        const s = round(1 + excess);
        expect(zeta(m, 0, s, q), `${s}, ${q}`).toBeGreaterThanOrEqual(0);
        expect(zeta(m, 1, s, q), `${s}, ${q}`).not.toBeNaN();
      }),
    );
  });

  test("zeta's ends", () => {
    expect([1, 2].map((s) => zeta(m, 0, s, 0))).toEqual([Infinity, Infinity]);
    expect(zeta(m, 0, 2, Infinity)).toBe(0);
    for (const [s, q] of [
      [0.5, 1],
      [2, -1],
    ] as const)
      expect(zeta(m, 0, s, q)).toBeNaN();
  });

  test("owensT: even in h, odd in a; a known value at a = 1; arcs at h = 0", () => {
    const height = fc.double({ min: 0, max: 30, noNaN: true }).map(round);
    fc.assert(
      fc.property(height, anySize, (h, a) => {
        const value = owensT(m, h, a);
        expect(value >= 0 && value <= 0.25, `${h}, ${a}: ${value}`).toBe(true);
        expect(owensT(m, -h, a)).toBe(value);
        expect(owensT(m, h, -a)).toBe(-value);
        const below = ndtr(m64, h);
        const above = ndtr(m64, -h);
        const change = epsilon * (1 + h * h) * above + 2 * least; // by half an ulp of h^2, and where the density is subnormal
        expect(Math.abs(owensT(m, h, 1) - (below * above) / 2)).toBeLessThanOrEqual(4 * change);
        expect(Math.abs(owensT(m, 0, a) - Math.atan(a) / (2 * Math.PI))).toBeLessThanOrEqual(2 * epsilon * a);
      }),
    );
  });
});
