import { describe, expect, test } from "vitest";
import { densityRegressor, type Table } from "../../src/models/index.js";
import { fitTarget, repetition } from "../../src/models/targets.js";
import { refused } from "../support/refused.js";
import { column, curve, drawn, mixed, numbers, quick, table, texts } from "./tables.js";

const upTo = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

function fitted(values: readonly number[], rows: ArrayLike<number> = upTo(values.length)) {
  const notes: string[] = [];
  return { ...fitTarget(table(numbers("y", values)), "y", rows, notes), notes };
}

describe("the floor", () => {
  test("of values that do not repeat is a thousandth of their spread", () => {
    const { mean, sd, floor, notes } = fitted([1, 2, 4, 9]);
    expect([mean, sd, notes]).toEqual([4, Math.sqrt(38 / 4), []]);
    expect(floor).toBe(sd / 1000);
  });

  test("of whole numbers is their spacing over √(2 π): certainty to within the rounding", () => {
    const grades = Array.from({ length: 60 }, (_, i) => 3 + (i % 6));
    const { floor, notes } = fitted(grades);
    expect(floor).toBeCloseTo(1 / Math.sqrt(2 * Math.PI), 15);
    expect(notes).toEqual([
      "y repeats its values: 6 different ones in 60 training rows, typically 1 apart. A density could win by spikes on " +
        "them, so every scale is kept above 0.399.",
    ]);
  });

  test("follows the unit of the values", () => {
    const cents = Array.from({ length: 40 }, (_, i) => (i % 8) / 128); // exact in binary
    expect(fitted(cents).floor).toBeCloseTo(1 / 128 / Math.sqrt(2 * Math.PI), 15);
  });

  test("is not raised by a few values that happen to be alike", () => {
    const values = drawn(200, 3);
    values[7] = values[8]!; // 1 % of the rows
    expect(fitted(values).notes).toEqual([]);
  });

  test("sees the training rows alone", () => {
    const values = [...drawn(20, 4), ...Array<number>(20).fill(1)];
    expect(fitted(values, upTo(20)).notes).toEqual([]);
  });
});

test("training rows that are all alike get the spread of the table", () => {
  const { mean, sd } = fitted([1, 1, 1, 5], upTo(3));
  expect([mean, sd]).toEqual([2, Math.sqrt(3)]);
});

test("a value with a mass of its own is worth a word", () => {
  const values = drawn(100, 5).map((value, i) => (i % 4 === 0 ? 0 : value));
  expect(fitted(values).notes).toContain(
    "y is exactly 0 in 25 % of the training rows. A density spreads such a point mass out.",
  );
});

describe("repetition", () => {
  const seen = (values: number[]) => repetition(values, upTo(values.length));

  test("the spacing is the median distance of repeated values to their nearest neighbours, by rows", () => {
    expect(seen([1, 1, 3, 3, 3, 6, 6])).toEqual({ spacing: 2, distinct: 3, commonest: 3, share: 3 / 7 });
    // 10 and 20 are 10 apart, eight rows; 20.5 is a half from 20
    expect(seen([10, 10, 10, 10, 10, 20, 20, 20, 20.5]).spacing).toBe(10);
    expect(seen([0, 1, 0, 1]).spacing).toBe(1);
  });

  test("is 0 where nothing repeats, or all is one value", () => {
    expect(seen([3, 1, 2])).toMatchObject({ spacing: 0, distinct: 3, share: 1 / 3 });
    expect(seen([4, 4, 4])).toEqual({ spacing: 0, distinct: 1, commonest: 4, share: 1 });
  });
});

describe("a model of whole numbers", () => {
  const x = drawn(300, 6);
  const rows = table(
    numbers("x", x),
    numbers(
      "y",
      x.map((value) => Math.round(3 * value)),
    ),
  );

  test("has no scale below the floor, and wins nothing by spikes", async () => {
    const model = await densityRegressor({ ...quick, epochs: 60 }).fit(rows, { target: "y" });
    const floor = 1 / Math.sqrt(2 * Math.PI);
    const scales = model.parameters(rows).filter(({ name }) => name.startsWith("scale"));
    for (const { values } of scales) expect(Math.min(...values)).toBeGreaterThanOrEqual(floor * (1 - 1e-6)); // float32
    expect(model.summary.trainNll).toBeGreaterThanOrEqual(0); // no density above 1, that of certainty
    expect(model.summary.notes[0]).toMatch("y repeats its values: 7 different ones");
  });

  test("several targets have a floor each", async () => {
    const both = table(...rows.columns, numbers("free", drawn(300, 7)));
    const model = await densityRegressor(quick).fit(both, { target: ["y", "free"] });
    const lowest = (name: string) =>
      Math.min(
        ...model
          .parameters(both)
          .flatMap((p) => (p.name.startsWith("scale") && p.name.endsWith(name) ? [...p.values] : [])),
      );
    expect(lowest(".y")).toBeGreaterThanOrEqual(0.3989);
    expect(model.parts.targets.map((t) => t.floor > 0.1)).toEqual([true, false]);
    expect(lowest(".free")).toBeGreaterThan(model.parts.targets[1]!.floor);
  });
});

test("targets that can't be learnt are refused in these words", async () => {
  const x = numbers("x", drawn(10, 8));
  const message = (code: "domain" | "argument", y: Table["columns"][number], target: string | string[] = "y") =>
    refused(code, () => densityRegressor(quick).fit(table(x, y), { target }));
  const values = (last: number) => numbers("y", [...drawn(9, 9), last]);
  expect(await message("domain", numbers("y", Array(10).fill(5)))).toMatchInlineSnapshot(`
    "the target y is 5 in every row.
      allowed: a target that varies
      mend:    choose another column"
  `);
  expect(await message("domain", values(Number.NaN))).toMatchInlineSnapshot(`
    "the target y is missing at row 10.
      allowed: a finite number in every row
      mend:    remove the row, or fill the value in"
  `);
  expect(await message("domain", values(Number.POSITIVE_INFINITY))).toMatchInlineSnapshot(`
    "the target y is Infinity at row 10.
      allowed: a finite number in every row
      mend:    remove the row, or fill the value in"
  `);
  expect(await message("argument", texts("y", Array(10).fill("a")))).toMatchInlineSnapshot(`
    "the target y is text.
      allowed: a column of numbers"
  `);
});

test("a fit does not change the table it was given", async () => {
  const rows = mixed(40);
  const before = structuredClone(rows);
  await densityRegressor(quick).fit(rows, { target: "y" });
  expect(rows).toEqual(before);
  expect(column(rows, "y")).toEqual(column(curve(40), "y"));
});
