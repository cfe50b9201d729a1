import { describe, expect, test } from "vitest";
import { csvLine, findColumn, targetColumn, typeColumn } from "../../src/table/index.js";
import { complaint, pipe } from "./support.js";

test("a column that is not there: a near name, no far-fetched one, or a word about the header", async () => {
  const mendFor = async (text: string, name: string) =>
    complaint(async () => findColumn(await pipe(text), name)).then((words) => words.split("mend:")[1]?.trim());
  expect(await mendFor("price,y\n1,2\n", "prize")).toBe('did you mean "price"?');
  expect(await mendFor("x,y\n1,2\n", "Y")).toBe('did you mean "y"?');
  expect(await mendFor("x,y\n1,2\n", "z")).toBe("name one of the columns");
  expect(await mendFor("1,2\n3,4\n", "y")).toBe(
    "the first line is taken as column names: put a line with names above it",
  );
});

describe("columns", () => {
  const numbers = async (cells: readonly string[], as?: "number") => {
    const table = await pipe(`a,b\n${cells.map((cell) => `${csvLine([cell]).trimEnd()},x\n`).join("")}`);
    return typeColumn(table, "a", as === undefined ? {} : { as });
  };

  test("of numbers, in every form that is one", async () => {
    const cells = ["1", "-2.5", "+5", ".5", "5.", "1e-3", "1E+3", "007", "-0", "1e-999", "123456789012345678", '" 7 "'];
    const table = await pipe(`a\n${cells.join("\n")}\n`);
    const column = typeColumn(table, "a");
    expect(column).toEqual({
      name: "a",
      kind: "number",
      values: Float64Array.of(1, -2.5, 5, 0.5, 5, 0.001, 1000, 7, -0, 0, 123456789012345680, 7),
    });
  });

  test("with gaps, under any of the usual marks", async () => {
    const marks = [
      "",
      "NA",
      "N/A",
      "n/a",
      "#N/A",
      "<NA>",
      "NaN",
      "nan",
      "-nan",
      "NULL",
      "null",
      "None",
      "NaT",
      "?",
      "-",
      ".",
    ];
    const column = await numbers(["1", ...marks, "2"]);
    expect([...column.values]).toEqual([1, ...marks.map(() => Number.NaN), 2]);
    expect((await numbers(marks)).kind).toBe("number"); // nothing says otherwise
  });

  test("of text keep their cells; gaps become empty", async () => {
    const table = await pipe('a\nred\n"NA"\n" two words "\n\ngrün\n3\n');
    expect(typeColumn(table, "a")).toEqual({
      name: "a",
      kind: "text",
      values: ["red", "", " two words ", "grün", "3"],
    });
  });

  test.each(["12x", "1,000", "0x10", "1_000", "1e", "--1", "1 2", "٣", "$5", "5%", "true", "1.2.3"])(
    "of numbers with %j among them are an error",
    async (stray) => {
      expect(await complaint(() => numbers(["1", "2", "", stray, "3"]))).toMatch(
        `standard input, line 5, column "a": ${JSON.stringify(stray)} is not a number`,
      );
    },
  );

  test("the error says how to mend the cell", async () => {
    const table = await pipe("y,top speed\n1,3\n2,12x\n3,4\n");
    expect(await complaint(() => typeColumn(table, "top speed"))).toMatchInlineSnapshot(`
      "standard input, line 3, column "top speed": "12x" is not a number.
        allowed: numbers such as 12, -0.5 and 1e-3; an empty cell or NA where a value is missing
        mend:    correct the cell, or read the column as text with --text 'top speed'"
    `);
    expect(await complaint(() => numbers(["1", "2,5", "3"]))).toMatch("write a decimal point and no commas");
  });

  test("are text below half numbers, and numbers from half on", async () => {
    expect((await numbers(["1", "x", "y", "", "NA"])).kind).toBe("text");
    expect(await complaint(() => numbers(["1", "x", "", "NA"]))).toMatch('line 3, column "a": "x" is not a number');
  });

  test("are read as the caller says", async () => {
    const table = await pipe("zip,size\n8001,small\n8002,3\nNA,4\n12x,\n");
    expect(typeColumn(table, "zip", { as: "text" }).values).toEqual(["8001", "8002", "", "12x"]);
    const message = await complaint(() => typeColumn(table, "size", { as: "number" }));
    expect(message).toMatch('line 2, column "size": "small" is not a number');
    expect(message).not.toMatch("--text"); // the model knows this column as numbers
  });

  test.each(["inf", "-Inf", "Infinity", "1e999", "-1e999"])("hold no %s", async (cell) => {
    expect(await complaint(() => numbers(["1", cell]))).toMatch(`line 3, column "a": "${cell}" is infinite`);
    expect((await numbers(["red", cell, "blue"])).kind).toBe("text");
  });

  test("that nobody asks for cannot fail", async () => {
    const table = await pipe("good,bad\n1,1\n2,2x\n");
    expect(typeColumn(table, "good").values).toEqual(Float64Array.of(1, 2));
  });

  test("that are not there: the nearest name", async () => {
    const table = await pipe("minutes,Distance,x1,x2\n1,2,3,4\n");
    expect(findColumn(table, "x2")).toBe(3);
    expect(await complaint(() => findColumn(table, "minuets"))).toMatchInlineSnapshot(`
      "standard input has no column "minuets".
        allowed: "minutes", "Distance", "x1", "x2"
        mend:    did you mean "minutes"?"
    `);
    expect(await complaint(() => findColumn(table, "distance"))).toMatch('did you mean "Distance"?');
    expect(await complaint(() => findColumn(table, "colour"))).toMatch("name one of the columns");
    const wide = await pipe(`${Array.from({ length: 1000 }, (_, i) => `c${i}`).join(",")}\n${"1,".repeat(999)}1\n`);
    expect((await complaint(() => findColumn(wide, "nothing like it"))).length).toBeLessThan(250);
  });

  test("a cell cannot write to the terminal through a message", async () => {
    const message = await complaint(() =>
      numbers(["1", "\u001b[31m\u009b\u202e\u2028 very ".padEnd(200, "long"), "3"]),
    );
    expect(message).toMatch('"\\u001b[31m\\u{9b}\\u{202e}\\u{2028} very longlonglonglonglonglonglo…" is not a number');
  });
});

describe("the target", () => {
  const target = async (content: string, purpose: "fit" | "evaluate" = "fit", name = "y") =>
    targetColumn(await pipe(content), name, { purpose });

  test("is its values", async () => {
    expect(await target("x,y\na,1\nb,2.5\n")).toEqual(Float64Array.of(1, 2.5));
    expect(await target("y\n3\n", "evaluate")).toEqual(Float64Array.of(3));
    expect(await target("y\n3\n3\n", "evaluate")).toEqual(Float64Array.of(3, 3));
  });

  test("must be a column", async () => {
    expect(await complaint(() => target("x,minutes\n1,2\n3,4\n", "fit", "minute"))).toMatch('did you mean "minutes"?');
  });

  test("must not be text", async () => {
    expect(await complaint(() => target("x,y\n1,\n2,red\n3,blue\n"))).toMatchInlineSnapshot(`
      "the target "y" is text: standard input, line 3, column "y": "red".
        allowed: a target of numbers
        mend:    choose another --target, or code it as numbers"
    `);
  });

  test("of a model cannot be exchanged, and no advice says so", async () => {
    expect(await complaint(() => target("x,y\n1,a\n2,b\n", "evaluate"))).toMatch(
      "give the numbers that the model predicts",
    );
    expect(await complaint(() => target("x,y\n1,\n2,\n", "evaluate"))).toMatch("fill it in");
  });

  test("must hold no stray character", async () => {
    const message = await complaint(() => target("x,y\n1,1\n2,2x\n3,3\n"));
    expect(message).toMatch('line 3, column "y": "2x" is not a number, and the target "y" needs one');
    expect(message).not.toMatch("--text");
  });

  test("must have no gap", async () => {
    expect(await complaint(() => target("x,y\n1,1\n\n2,NaN\n3,3\n4,\n5,?\n"))).toMatchInlineSnapshot(`
      "standard input, line 4, column "y": "NaN" is a missing value of the target "y", as it is in 2 more rows.
        allowed: a finite number in every row
        mend:    fill it in, or delete the row"
    `);
    expect(await complaint(() => target("x,y\n1,1\n2,\n", "evaluate"))).toMatch(
      'is a missing value of the target "y".',
    );
    expect(await complaint(() => target("x,y\n1,\n2,NA\n"))).toMatch("no value in any row");
  });

  test("must be finite", async () => {
    expect(await complaint(() => target("y\n1\n-inf\n"))).toMatch('line 3, column "y": "-inf" is an infinite value');
    expect(await complaint(() => target("y\n1\n1e400\n", "evaluate"))).toMatch("infinite value");
  });

  test("must vary, over two rows at least", async () => {
    expect(await complaint(() => target("y\n3.50\n3.5\n35e-1\n"))).toMatchInlineSnapshot(`
      "the target "y" is 3.5 in all 3 rows of standard input.
        allowed: at least two different values
        mend:    choose another --target: there is nothing to learn"
    `);
    expect(await complaint(() => target("y\n3\n"))).toMatch("standard input has 1 row.");
  });
});
