import { densityRegressor, type Table } from "credence/models";
import { describe, expect, test } from "vitest";
import { momentsOf, normalBaseline, uniformityP } from "../../src/commands/fit/calibration.js";
import { defaultFolder } from "../../src/commands/fit/folder.js";
import { rankInputs } from "../../src/commands/fit/importance.js";
import { prepareTable } from "../../src/commands/fit/table.js";
import { heldAt, typicalRow, vary } from "../../src/commands/fit/typical.js";
import { viewsOf } from "../../src/commands/fit/views.js";
import { columnNames, numbersBetween, wholeNumber } from "../../src/commands/options.js";
import { freeNames } from "../../src/commands/predict/names.js";
import { UsageError } from "../../src/errors.js";
import { plain, shortNumber } from "../../src/words.js";
import { pipe } from "../table/support.js";

/** y follows b closely and c a little; a and the constant k say nothing. */
function table(rows = 400): Table {
  const part = (i: number, step: number) => (i * step) % 1;
  const a = Array.from({ length: rows }, (_, i) => part(i, 0.61803));
  const b = Array.from({ length: rows }, (_, i) => part(i, 0.41421));
  const c = Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? "one" : "two"));
  const y = b.map((value, i) => 3 * value + (c[i] === "one" ? 0.5 : 0) + 0.2 * part(i, 0.73205));
  return {
    rows,
    columns: [
      { name: "a", kind: "number", values: a },
      { name: "k", kind: "number", values: a.map(() => 7) },
      { name: "b", kind: "number", values: b },
      { name: "c", kind: "text", values: c },
      { name: "y", kind: "number", values: y },
    ],
  };
}

describe("what the report is made of", async () => {
  const given = table();
  const model = await densityRegressor({ components: 2, hidden: [16], epochs: 40 }).fit(given, { target: "y" });

  test("inputs are ranked by what they tell", () => {
    const names = rankInputs(model, "y", given).map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(["b", "c"]);
    expect([...names].sort()).toEqual(["a", "b", "c", "k"]);
  });

  test("views: a constant has none, a density is one over the target", () => {
    const views = viewsOf({ model, target: "y", table: given, seed: 1 }, ["k", "b", "c", "a"], 2);
    expect(views.map(({ input }) => input)).toEqual(["b", "c"]);
    const [first, second] = views;
    if (first?.kind !== "number" || second?.kind !== "text") throw new Error("b is of numbers, c is text");
    const step = (first.y[1] as number) - (first.y[0] as number);
    for (const column of first.density) {
      const mass = column.reduce((sum, density) => sum + density * step, 0);
      expect(mass).toBeGreaterThan(0.5); // the rest lies beyond the picture
      expect(mass).toBeLessThan(1 + 1e-9);
    }
    const median = first.quantiles.find(({ p }) => p === 0.5)?.y ?? [];
    expect((median.at(-1) as number) - (median[0] as number)).toBeGreaterThan(2); // of 3
    expect(second.categories.map(({ category, rows }) => [category, rows])).toEqual([
      ["two", 266],
      ["one", 134],
    ]);
    expect(second.held.map(([name]) => name)).toEqual(["k", "b", "a"]);
  });

  test("one input is drawn with samples at the rows' own inputs", async () => {
    const only = await densityRegressor({ components: 2, hidden: [8], epochs: 2 }).fit(given, {
      target: "y",
      inputs: ["b"],
    });
    const [view] = viewsOf({ model: only, target: "y", table: given, seed: 1 }, ["b"], 4);
    if (view?.kind !== "number") throw new Error("b is of numbers");
    expect(view.samples?.x).toEqual(view.data.x);
    expect(view.samples?.y).toHaveLength(400);
  });
});

describe("a typical row", () => {
  const given: Table = {
    rows: 4,
    columns: [
      { name: "n", kind: "number", values: [2011, 2012, Number.NaN, 2011] },
      { name: "t", kind: "text", values: ["b", "a", "b", ""] },
      { name: "none", kind: "number", values: [Number.NaN, Number.NaN, Number.NaN, Number.NaN] },
    ],
  };

  test("has values that occur", () => {
    expect([...typicalRow(given, ["t", "n", "none"])]).toEqual([
      ["t", "b"],
      ["n", 2011],
      ["none", Number.NaN],
    ]);
  });

  test("is told and varied", () => {
    const typical = typicalRow(given, ["n", "t", "none"]);
    expect(heldAt(typical, "t")).toEqual([
      ["n", "2011"],
      ["none", "missing"],
    ]);
    expect(vary(typical, "t", ["a", "b"]).columns).toEqual([
      { name: "n", kind: "number", values: [2011, 2011] },
      { name: "t", kind: "text", values: ["a", "b"] },
      { name: "none", kind: "number", values: [Number.NaN, Number.NaN] },
    ]);
  });
});

describe("calibration", () => {
  test("uniformityP agrees with the tables of the exact distribution", () => {
    // every step of the empirical distribution lies `distance` above the diagonal
    const atDistance = (n: number, distance: number) =>
      Float64Array.from({ length: n }, (_, i) => Math.max(0, (i + 1) / n - distance));
    // Miller (1956), table 1, two-sided: Stephens' form is good to three digits from n = 20 on
    expect(uniformityP(atDistance(100, 0.13403))).toBeCloseTo(0.05, 3);
    expect(uniformityP(atDistance(100, 0.16081))).toBeCloseTo(0.01, 3);
    expect(uniformityP(atDistance(20, 0.29408))).toBeCloseTo(0.05, 3);
    expect(uniformityP(atDistance(1000, 0.0005))).toBe(1);
    expect(uniformityP(new Float64Array(0))).toBe(1);
  });

  test("the baseline is the best normal for its own rows", () => {
    const y = Float64Array.from({ length: 1001 }, (_, i) => Math.sin(i) * 3 + 10);
    const { mean, deviation } = momentsOf(y);
    const { nll, crps } = normalBaseline(y, y);
    // of the best normal: log sd + (1 + log 2 pi) / 2
    expect(nll).toBeCloseTo(Math.log(deviation) + 0.5 * (1 + Math.log(2 * Math.PI)), 12);
    // CRPS as the integral of (cdf - step)^2, here for one value at the mean: sd (sqrt 2 - 1) / sqrt pi
    const atMean = normalBaseline(y, Float64Array.of(mean)).crps;
    expect(atMean).toBeCloseTo((deviation * (Math.SQRT2 - 1)) / Math.sqrt(Math.PI), 12);
    expect(crps).toBeGreaterThan(atMean);
  });
});

describe("options", () => {
  test("column names may hold commas, in quotes", () => {
    expect(columnNames("--inputs")('speed, "length, cm"')).toEqual(["speed", "length, cm"]);
    for (const text of ["", "a,,b", "a,a", 'a,"b']) expect(() => columnNames("--inputs")(text)).toThrow(UsageError);
  });

  test("numbers are checked", () => {
    expect(numbersBetween("--quantiles", 0, 1, "0.5")("0.05, .5,9e-1")).toEqual([0.05, 0.5, 0.9]);
    for (const text of ["0", "1", "0.5,x", "", "0.5,0.5", "0.5,"]) {
      expect(() => numbersBetween("--quantiles", 0, 1, "0.5")(text)).toThrow(UsageError);
    }
    expect(wholeNumber("--epochs", { least: 1, most: 10 })("7")).toBe(7);
    for (const text of ["0", "11", "1.5", "1e1", "-3", "x", ""]) {
      expect(() => wholeNumber("--epochs", { least: 1, most: 10 })(text)).toThrow(UsageError);
    }
  });
});

describe("columns", () => {
  test("numbers of the rows are no input, a time that goes up by one is", async () => {
    const rows = Array.from({ length: 9 }, (_, i) => `${i + 1},${i},${i % 4}`).join("\n");
    const { inputs, notes } = prepareTable(await pipe(`rownames,day,y\n${rows}\n`), { target: "y" });
    expect(inputs).toEqual(["day"]);
    expect(notes).toEqual([expect.stringContaining('"rownames" is left out: it only counts the rows')]);
    const asked = prepareTable(await pipe(`rownames,day,y\n${rows}\n`), { target: "y", inputs: ["rownames"] });
    expect(asked.inputs).toEqual(["rownames"]);
    const shuffled = prepareTable(await pipe("id,y\n2,1\n1,2\n3,3\n"), { target: "y" });
    expect(shuffled.inputs).toEqual(["id"]);
  });

  test("many different texts are no input, few are", async () => {
    const rows = Array.from({ length: 300 }, (_, i) => `note ${i % 250},${i % 40},${i % 7}`).join("\n");
    const { inputs, notes } = prepareTable(await pipe(`note,n,y\n${rows}\n`), { target: "y" });
    expect(inputs).toEqual(["n"]);
    expect(notes).toEqual([expect.stringContaining('"note" is left out: it has 250 different values')]);
    const few = prepareTable(await pipe("t,y\na,1\nb,2\nc,3\na,4\n"), { target: "y" });
    expect(few.inputs).toEqual(["t"]);
    const asked = prepareTable(await pipe("t,y\na,1\nb,2\n"), { target: "y", inputs: ["t"] });
    expect(asked.inputs).toEqual(["t"]);
  });

  test("taken names get a number", () => {
    expect(freeNames(["y_mean", "y_q0.5"], ["y_mean", "y_mean_2"])).toEqual(["y_mean_3", "y_q0.5"]);
  });
});

test("folders have names that every file system takes", () => {
  expect(["minutes", "Länge/cm", "..", "a b", " "].map(defaultFolder)).toEqual(
    ["minutes", "Länge_cm", "_", "a_b", "_"].map((name) => `runs/${name}`),
  );
});

test("short numbers keep what tells", () => {
  expect([2.13149, -0.00012345, 18_204.4, 0, Number.POSITIVE_INFINITY].map((x) => shortNumber(x))).toEqual([
    "2.131",
    "-0.0001234",
    "18204",
    "0",
    "Infinity",
  ]);
});

test("no name can rewrite the terminal", () => {
  expect(plain("a\x1b[31mb\u202ec\n−1\u00a0%")).toBe("a\\u{1b}[31mb\\u{202e}c\n-1 %");
});
