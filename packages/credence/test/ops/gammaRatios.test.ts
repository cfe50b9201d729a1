import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as fn from "../../src/ops/functions/index.js";
import { float64Machine } from "../../src/ops/numbers.js";
import { machines, precisions, references, ulp, ulpsOff } from "../support/ulps.js";

/** Functions of two arguments that are differences of logarithms of gamma functions. */

const functions = { ...fn };
const m64 = float64Machine;
const digamma = (x: number): number => fn.digamma(m64, x);
const trigamma = (x: number): number => fn.trigamma(m64, x);

/**
 * The largest error allowed, in ulps of the value or, where that is larger, of what a relative change of both arguments does to
 * it: near their zeros the functions are as uncertain as their arguments. Beside the bars what long searches found, for float32
 * and float64.
 */
const cases = {
  bd0: {
    bar: 8, // 4.1, 6.7
    changes: (): number => 0,
  },
  lbeta: {
    bar: 3, // 2.24, 2.26
    changes: (a: number, b: number) =>
      Math.abs(a * fn.digammaDifference(m64, a, b)) + Math.abs(b * fn.digammaDifference(m64, b, a)),
  },
  logGammaRatio: {
    bar: 4, // 2.2, 2.4
    changes: (x: number, d: number) => Math.abs(x * fn.digammaDifference(m64, x, d)) + Math.abs(d * digamma(x + d)),
  },
  logGammaRatioRest: {
    bar: 5, // 3.9, 3.5
    changes: (x: number, d: number) =>
      Math.abs(x * fn.digammaDifferenceRest(m64, x, d)) + Math.abs(d * (digamma(x + d) - fn.log(m64, x))),
  },
  digammaDifference: {
    bar: 4, // 2.0, 1.9
    changes: (x: number, d: number) => Math.abs(x * (trigamma(x + d) - trigamma(x))) + Math.abs(d * trigamma(x + d)),
  },
  digammaDifferenceRest: {
    bar: 8, // 3.5, 6.4
    changes: (x: number, d: number) =>
      Math.abs(x * (trigamma(x + d) - trigamma(x) + d / x / x)) + Math.abs(d * (trigamma(x + d) - 1 / x)),
  },
};
type Name = keyof typeof cases;
const names = Object.keys(cases) as Name[];

describe.each(precisions)("%s, against references of 60 digits", (precision) => {
  test.each(names)("%s", (name) => {
    const { bar, changes } = cases[name];
    let worst = { error: 0, args: [] as number[], got: Number.NaN };
    for (const { args, high, low } of references(name, precision, 2)) {
      const [a, b] = args as [number, number];
      const got = functions[name](machines[precision], a, b);
      let error = ulpsOff(got, high, low, precision);
      if (error > 0 && Number.isFinite(error)) {
        error *= ulp(high, precision) / ulp(Math.max(Math.abs(high), changes(a, b)), precision);
      }
      if (!(error <= worst.error)) worst = { error, args, got };
    }
    expect(worst.error, `at ${worst.args}: ${worst.got}`).toBeLessThanOrEqual(bar);
  });
});

describe.each(precisions)("%s", (precision) => {
  const m = machines[precision];
  const within = (low: number, high: number): fc.Arbitrary<number> =>
    fc.double({ min: low, max: high, noNaN: true }).map(precision === "float32" ? Math.fround : (x) => x);

  test.each(names)("%s of NaN is NaN on either side", (name) => {
    for (const other of [0, 0.5, 1, 3, Infinity]) {
      expect(functions[name](m, Number.NaN, other)).toBeNaN();
      expect(functions[name](m, other, Number.NaN)).toBeNaN();
    }
  });

  test.each(["bd0", "lbeta"] as const)("%s has no value below 0", (name) => {
    for (const other of [-2, 0, 0.5, 3]) {
      expect(functions[name](m, -0.5, other)).toBeNaN();
      expect(functions[name](m, other, -1)).toBeNaN();
    }
  });

  test("lbeta is symmetric, bit by bit", () => {
    fc.assert(
      fc.property(within(0, 1e30), within(0, 1e30), (a, b) => {
        expect(fn.lbeta(m, a, b)).toBe(fn.lbeta(m, b, a));
      }),
    );
  });

  test("nothing is left where d is 0, and of bd0 where both are equal", () => {
    fc.assert(
      fc.property(within(1e-30, 1e30), (x) => {
        for (const name of names.slice(2) as Exclude<Name, "bd0" | "lbeta">[])
          expect(functions[name](m, x, 0) + 0).toBe(0);
        expect(fn.bd0(m, x, x) + 0).toBe(0);
      }),
    );
  });

  test("bd0 is never negative", () => {
    fc.assert(
      fc.property(within(0, 1e30), within(0, 1e30), (x, y) => {
        expect(fn.bd0(m, x, y)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
