import { describe, expect, test } from "vitest";
import { type Column, densityRegressor, type FitOptions, type Table } from "../../src/models/index.js";
import { encodeInputs, fitInputs, moments } from "../../src/models/inputs.js";
import { refused } from "../support/refused.js";
import { column, curve, drawn, numbers, quick, table, texts } from "./tables.js";

const fit = (rows: Table, more: Partial<FitOptions> = {}) =>
  densityRegressor(quick).fit(rows, { target: "y", ...more });
const upTo = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

/** The features of one column, fitted on all its rows, as rows of numbers; and the notes. */
function features(fitted: Column, asked: Column = fitted): { rows: number[][]; notes: string[] } {
  const notes: string[] = [];
  const inputs = fitInputs(table(fitted), [fitted.name], upTo(fitted.values.length), notes);
  const n = asked.values.length;
  const flat = Array.from(encodeInputs(table(asked), inputs));
  const width = flat.length / n;
  return { rows: Array.from({ length: n }, (_, i) => flat.slice(i * width, (i + 1) * width)), notes };
}

describe("a column of numbers", () => {
  test("is standardised", () => {
    expect(features(numbers("x", [10, 20, 30, 40, 50])).rows.flat()).toEqual(
      [-2, -1, 0, 1, 2].map((z) => Math.fround(z / Math.SQRT2)),
    );
  });

  test("that is constant becomes 0, and the unit stays", () => {
    expect(features(numbers("x", [7, 7, 7]), numbers("x", [7, 8])).rows).toEqual([[0], [1]]);
    // the spread of 0.1 + 0.2 and 0.3 is rounding
    expect(moments([0.1 + 0.2, 0.3], upTo(2)).constant).toBe(true);
  });

  test("with gaps gets a flag; a gap is the mean", () => {
    const gaps = features(numbers("x", [-1, Number.NaN, 1]), numbers("x", [0, Number.NaN, 2]));
    expect(gaps).toEqual({
      rows: [
        [0, 0],
        [0, 1],
        [2, 0],
      ],
      notes: [],
    });
  });

  test("without gaps has no flag; a gap that comes later is the mean", () => {
    expect(features(numbers("x", [-1, 1]), numbers("x", [Number.NaN, 1])).rows).toEqual([[0], [1]]);
  });

  test("of nothing but gaps is left out, with a note", () => {
    const { rows, notes } = features(numbers("x", [Number.NaN, Number.NaN]));
    expect([rows, notes]).toEqual([[[], []], ["x has no values in the training rows and was left out."]]);
  });

  test("may hold any float64: nothing overflows or vanishes", () => {
    for (const unit of [1e300, 1e-300, 5e-324 * 2 ** 60]) {
      const [low, high] = features(numbers("x", [-unit, unit])).rows.flat() as [number, number];
      expect([low, high]).toEqual([-1, 1]);
    }
    expect(
      features(numbers("x", [1e308, -1e308, 0, 0]))
        .rows.flat()
        .map((z) => z / Math.SQRT2),
    ).toSatisfy(
      (z: number[]) => Math.abs(z[0]! - 1) < 1e-6, // float32
    );
    expect(features(numbers("x", [-1, 1]), numbers("x", [1e300, -1e300])).rows).toEqual([[1e6], [-1e6]]);
  });

  test("far from 0 keeps its spread", () => {
    expect(moments([1e9, 1e9 + 1, 1e9 + 2], upTo(3))).toMatchObject({ mean: 1e9 + 1, sd: Math.sqrt(2 / 3) });
  });

  test("may come as text where all of it is missing", () => {
    expect(features(numbers("x", [-1, Number.NaN, 1]), texts("x", ["", ""])).rows).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });
});

describe("a column of text", () => {
  const colours = texts("c", ["red", "blue", "", "red"]);

  test("has a feature for each text, in order", () => {
    expect(features(colours).rows).toEqual([
      [0, 1],
      [1, 0],
      [0, 0],
      [0, 1],
    ]);
  });

  test("unseen and missing texts are none of them", () => {
    expect(features(colours, texts("c", ["pink", "", "Red", "red"])).rows).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
      [0, 1],
    ]);
  });

  test("may come as numbers", () => {
    expect(features(texts("c", ["1", "2", "x"]), numbers("c", [2, Number.NaN, 3])).rows).toEqual([
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  });

  test("of many texts: the fifty most frequent count, with a note", () => {
    const names = Array.from({ length: 60 }, (_, i) => `name ${String(i).padStart(2, "0")}`);
    const { rows, notes } = features(
      texts("c", [...names, ...names.slice(20)]),
      texts("c", ["name 59", "name 00", "name 10"]),
    );
    expect(notes).toEqual(["c has 60 different texts; the 50 most frequent count, the others are taken as one."]);
    // 20 to 59 occur twice; of the others the first ten
    expect(rows.map((row) => row.reduce((a, b) => a + b))).toEqual([1, 1, 0]);
    expect(rows[0]!.length).toBe(50);
  });

  test("of nothing but gaps is left out, with a note", () => {
    expect(features(texts("c", ["", ""])).notes).toEqual(["c has no values in the training rows and was left out."]);
  });
});

describe("a model", () => {
  test("learns what a missing number says", async () => {
    const [x, noise] = [drawn(400, 5), drawn(400, 6)];
    const gaps = x.map((value, i) => (i % 3 === 0 ? Number.NaN : value));
    const rows = table(
      numbers("x", gaps),
      numbers(
        "y",
        gaps.map((value, i) => (Number.isNaN(value) ? 4 : value) + 0.1 * noise[i]!),
      ),
    );
    const model = await densityRegressor({ ...quick, hidden: [16], epochs: 80 }).fit(rows, { target: "y" });
    const [known, missing] = model
      .predict(table(numbers("x", [0, Number.NaN])))
      .mean()
      .data() as Float64Array;
    expect(Math.abs(known! - 0)).toBeLessThan(0.3); // between -1 and 1 where known, 4 where missing
    expect(Math.abs(missing! - 4)).toBeLessThan(0.3);
  });

  test("learns from text, and answers for one it never saw", async () => {
    const kinds = drawn(400, 7).map((u) => (u < 0 ? "low" : "high"));
    const rows = table(
      texts("kind", kinds),
      numbers(
        "y",
        drawn(400, 8).map((e, i) => 0.1 * e + (kinds[i] === "low" ? -1 : 1)),
      ),
    );
    const model = await densityRegressor({ ...quick, epochs: 40 }).fit(rows, { target: "y" });
    const [low, high, unseen, missing] = model
      .predict(table(texts("kind", ["low", "high", "middle", ""])))
      .mean()
      .data() as Float64Array;
    expect(Math.abs(low! + 1)).toBeLessThan(0.2);
    expect(Math.abs(high! - 1)).toBeLessThan(0.2);
    expect(unseen).toSatisfy(Number.isFinite);
    expect(missing).toBe(unseen);
  });

  test("does without a column that is empty, and with one that is constant", async () => {
    const rows = table(
      ...curve(40).columns,
      numbers("empty", Array(40).fill(Number.NaN)),
      numbers("always", Array(40).fill(3)),
    );
    const model = await fit(rows);
    expect(model.inputs.map(({ name }) => name)).toEqual(["x", "always"]);
    expect(model.summary.notes).toEqual(["empty has no values in the training rows and was left out."]);
    const asked = table(numbers("x", [0]), numbers("always", [3]));
    expect(model.predict(asked).mean().item()).toSatisfy(Number.isFinite);
  });

  test("takes its inputs by name, whatever else the table holds", async () => {
    const rows = table(...curve(40).columns, texts("note", Array(40).fill("a")));
    const model = await fit(rows, { inputs: ["x"] });
    const asked = table(texts("other", ["?", "?"]), numbers("x", [0, 1]));
    expect(Array.from(model.predict(asked).mean().data())).toEqual(
      Array.from(
        model
          .predict(table(numbers("x", [0, 1])))
          .mean()
          .data(),
      ),
    );
  });

  test("refuses columns that it can't use, in these words", async () => {
    const model = await fit(table(...curve(40).columns, texts("colour", Array(40).fill("red"))));
    const [x, colour] = [numbers("x", [0, 1]), texts("colour", ["red", "red"])];
    const message = (code: "argument" | "domain" | "shape", ...columns: Column[]) =>
      refused(code, () => model.predict(table(...columns)));
    expect(await message("argument", numbers("X", [0, 1]), colour)).toMatchInlineSnapshot(`
      "the table has no column "x" (an input of the model).
        allowed: X, colour
        mend:    did you mean "X"?"
    `);
    expect(await message("argument", texts("x", ["0", "1"]), colour)).toMatchInlineSnapshot(`
      "column "x" is text.
        allowed: numbers, as in the table the model was fitted to"
    `);
    expect(await message("domain", numbers("x", [0, Number.NEGATIVE_INFINITY]), colour)).toMatchInlineSnapshot(`
      "column "x" holds -Infinity at row 2.
        allowed: finite numbers, or NaN for a missing one"
    `);
    expect(await message("shape", x, texts("colour", ["red"]))).toMatchInlineSnapshot(
      `"column "colour" has 1 values in a table of 2 rows."`,
    );
    expect(await refused("argument", () => model.nll(table(x, colour)))).toMatchInlineSnapshot(`
      "the table has no column "y" (the target).
        allowed: x, colour
        mend:    did you mean "x"?"
    `);
  });
});

describe("a fit", () => {
  const rows = curve(20);
  const [x, y] = ["x", "y"].map((name) => numbers(name, column(rows, name))) as [Column, Column];

  test("refuses tables and choices of columns that don't fit, in these words", async () => {
    const argument = (given: Table, more: Partial<FitOptions> = {}) => refused("argument", () => fit(given, more));
    expect(await argument(table(x, y, x))).toMatchInlineSnapshot(`
      "fit: two columns are named "x".
        allowed: different names"
    `);
    expect(await argument(rows, { target: "z" })).toMatchInlineSnapshot(`
      "the table has no column "z" (the target).
        allowed: x, y
        mend:    did you mean "x"?"
    `);
    expect(
      await argument(table(x, y, numbers("distance", Array(20).fill(1))), { target: "distanse" }),
    ).toMatchInlineSnapshot(`
      "the table has no column "distanse" (the target).
        allowed: x, y, distance
        mend:    did you mean "distance"?"
    `);
    expect(await argument(rows, { target: [] })).toMatchInlineSnapshot(`
      "fit: no target.
        allowed: at least one column"
    `);
    expect(await argument(rows, { target: ["y", "y"] })).toMatchInlineSnapshot(`
      "fit: target lists "y" twice.
        allowed: each column once"
    `);
    expect(await argument(rows, { inputs: ["x", "x"] })).toMatchInlineSnapshot(`
      "fit: inputs lists "x" twice.
        allowed: each column once"
    `);
    expect(await argument(rows, { inputs: ["x", "y"] })).toMatchInlineSnapshot(`
      "fit: y is both input and target.
        mend:    leave it out of inputs"
    `);
    expect(await argument(rows, { inputs: [] })).toMatchInlineSnapshot(`
      "fit: no inputs.
        allowed: at least one column beside the target"
    `);
    expect(await argument(table(y))).toMatchInlineSnapshot(`
      "fit: no inputs.
        allowed: at least one column beside the target"
    `);
    expect(await argument(table(y, numbers("x", Array(20).fill(Number.NaN))))).toMatchInlineSnapshot(`
      "fit: no input column has values.
        allowed: at least one"
    `);
    expect(await argument(rows, { workers: 0 })).toMatchInlineSnapshot(`
      "fit: workers is 0.
        allowed: a whole number of at least 1"
    `);
    const shape = (given: Table) => refused("shape", () => fit(given));
    expect(await shape(curve(1))).toMatchInlineSnapshot(`
      "fit: a table of 1 rows.
        allowed: at least 2"
    `);
    expect(await shape({ rows: 20, columns: [numbers("x", [1, 2]), y] })).toMatchInlineSnapshot(
      `"column "x" has 2 values in a table of 20 rows."`,
    );
    const infinite = numbers("x", [...column(rows, "x").slice(1), Number.POSITIVE_INFINITY]);
    expect(await refused("domain", () => fit(table(infinite, y)))).toMatchInlineSnapshot(`
      "column "x" holds Infinity at row 20.
        allowed: finite numbers, or NaN for a missing one"
    `);
  });
});
