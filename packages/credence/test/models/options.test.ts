import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type DensityOptions, densityRegressor } from "../../src/models/index.js";
import { defaults, resolveOptions } from "../../src/models/options.js";
import { batchFor, patienceFor } from "../../src/models/schedule.js";
import { refused } from "../support/refused.js";
import { runs } from "../support/runs.js";
import { curve, quick } from "./tables.js";

describe("options", () => {
  test("what is not given, or undefined, is the default", () => {
    expect(resolveOptions({})).toEqual(defaults);
    const given = { hidden: [4], seed: undefined } as unknown as DensityOptions;
    expect(resolveOptions(given)).toEqual({ ...defaults, hidden: [4] });
  });

  test("the ends of each range are allowed", () => {
    expect(resolveOptions({ hidden: [], validation: 0, components: 1, seed: 0, patience: 1 })).toMatchObject({
      hidden: [],
    });
    expect(resolveOptions({ components: 1000, seed: Number.MAX_SAFE_INTEGER })).toMatchObject({ components: 1000 });
  });

  test("what is out of range is refused in these words", async () => {
    const message = (options: object) => refused("argument", () => densityRegressor(options));
    // as many as there are heads
    const allowed = "allowed: mixture, gaussian, laplace, ";
    expect(await message({ family: "normal" })).toContain(`family is "normal".\n  ${allowed}`);
    expect(await message({ components: 0 })).toMatchInlineSnapshot(`
      "densityRegressor: components is 0.
        allowed: a whole number from 1 to 1000"
    `);
    expect(await message({ hidden: [16, 0] })).toMatchInlineSnapshot(`
      "densityRegressor: hidden is [16, 0].
        allowed: widths of the hidden layers: at most 100 whole numbers from 1 to 65536"
    `);
    expect(await message({ hidden: 16 })).toMatchInlineSnapshot(`
      "densityRegressor: hidden is 16.
        allowed: widths of the hidden layers: at most 100 whole numbers from 1 to 65536"
    `);
    expect(await message({ epochs: 1.5 })).toMatchInlineSnapshot(`
      "densityRegressor: epochs is 1.5.
        allowed: a whole number from 1 to 1000000"
    `);
    expect(await message({ validation: 1 })).toMatchInlineSnapshot(`
      "densityRegressor: validation is 1.
        allowed: a share of the rows: 0 up to, not including, 1"
    `);
    expect(await message({ learningRate: Number.NaN })).toMatchInlineSnapshot(`
      "densityRegressor: learningRate is NaN.
        allowed: a positive number"
    `);
    expect(await message({ seed: "1" })).toMatchInlineSnapshot(`
      "densityRegressor: seed is "1".
        allowed: a whole number from 0 to 9007199254740991"
    `);
    expect(await message({ validation: "0.5" })).toMatch('validation is "0.5"');
    expect(await message({ component: 5 })).toMatchInlineSnapshot(`
      "densityRegressor: there is no option "component".
        allowed: family, components, hidden, epochs, batchSize, validation, learningRate, patience, ensemble, seed, low, high, totalCount
        mend:    did you mean "components"?"
    `);
    expect(await message({ colour: "red" })).toMatchInlineSnapshot(`
      "densityRegressor: there is no option "colour".
        allowed: family, components, hidden, epochs, batchSize, validation, learningRate, patience, ensemble, seed, low, high, totalCount"
    `);
  });

  test("no values but those in range are let through", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(defaults)), fc.anything({ withBigInt: true }), (name, value) => {
        try {
          const resolved = resolveOptions({ [name]: value } as DensityOptions) as unknown as Record<string, unknown>;
          const usual: unknown = defaults[name as keyof DensityOptions];
          expect(resolved[name]).toEqual(value === undefined ? usual : value);
          expect(typeof resolved[name]).toBe(typeof usual);
        } catch (error) {
          expect(error).toMatchObject({ code: "argument" });
        }
      }),
      runs(500),
    );
  });
});

describe("how long and in what batches", () => {
  test("batches are of 128 rows, halved for small tables", () => {
    expect([100_000, 2048, 2047, 1000, 200, 100, 10, 1].map((rows) => batchFor(rows))).toEqual([
      128, 128, 64, 32, 8, 8, 8, 1,
    ]);
  });

  test("an epoch has 16 batches or more, or the smallest", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50_000 }), (rows) => {
        const batch = batchFor(rows);
        expect(batch).toBeGreaterThanOrEqual(Math.min(8, rows));
        expect(batch <= 8 || rows / batch >= 16).toBe(true);
        expect(batch).toBeLessThanOrEqual(batchFor(rows + 1));
      }),
      runs(200),
    );
  });

  test("patience is at least ten epochs and a thousand steps; the rate falls before training stops", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), fc.integer({ min: 1, max: 4096 }), (rows, batch) => {
        const { plateau, patience } = patienceFor(rows, batch);
        expect(patience).toBeGreaterThanOrEqual(10);
        expect(patience * Math.ceil(rows / batch)).toBeGreaterThanOrEqual(1000);
        expect(plateau).toBeGreaterThanOrEqual(5);
        expect(plateau).toBeLessThan(patience);
      }),
      runs(200),
    );
  });

  test("what is given is taken; a batch is no larger than the training rows", async () => {
    const fitted = (options: DensityOptions) =>
      densityRegressor({ ...quick, ...options }).fit(curve(50), { target: "y" });
    const given = await fitted({ batchSize: 1000, patience: 2, epochs: 2 });
    expect(given.options).toMatchObject({ batchSize: 42, patience: 2 });
    expect(given.summary.steps).toBe(2);
    expect((await fitted({})).options).toMatchObject({
      batchSize: batchFor(42),
      patience: patienceFor(42, batchFor(42)).patience,
    });
  });
});
