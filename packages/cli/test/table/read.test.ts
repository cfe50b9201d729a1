import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { delimiterOf } from "../../src/table/delimiter.js";
import { readTable, typeColumn } from "../../src/table/index.js";
import { pipe, rowsOf } from "./support.js";

const folder = mkdtempSync(path.join(tmpdir(), "credence-table-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

describe("reading", () => {
  const plain = "x,name\n1,ann\n2.5,bob\n";
  const expected = [
    ["1", "ann"],
    ["2.5", "bob"],
  ];

  test.each([
    ["commas", plain],
    ["tabs", plain.replaceAll(",", "\t")],
    ["semicolons", plain.replaceAll(",", ";")],
    ["a byte order mark", `\ufeff${plain}`],
    ["a byte order mark before a quote", `\ufeff"x",name\n1,ann\n2.5,bob\n`],
    ["CRLF", plain.replaceAll("\n", "\r\n")],
    ["CR alone", plain.replaceAll("\n", "\r")],
    ["no line break at the end", plain.trimEnd()],
    ["blank lines and spaces between", '\n  \nx, name\n\n 1 ,ann\n \t \n2.5, "bob" \n\n\n'],
    ["line breaks of several kinds", "x,name\r\n1,ann\n2.5,bob\r\n"],
  ])("takes %s", async (_, content) => {
    const table = await pipe(content);
    expect(table.names).toEqual(["x", "name"]);
    expect(rowsOf(table)).toEqual(expected);
  });

  test("takes files and pipes, plain and gzipped, by their first bytes and not by their name", async () => {
    const files = [
      write("a.csv", plain),
      write("b.gz", plain),
      write("c.csv.gz", gzipSync(plain)),
      write("d", gzipSync(plain)),
    ];
    for (const file of files) expect(rowsOf(await readTable(file))).toEqual(expected);
    expect(rowsOf(await pipe(plain, 3))).toEqual(expected);
    expect(rowsOf(await pipe(gzipSync(plain), 3))).toEqual(expected);
    // gzip files may be joined end to end
    const halves = Buffer.concat([gzipSync(plain.slice(0, 10)), gzipSync(plain.slice(10))]);
    expect(rowsOf(await pipe(halves))).toEqual(expected);
  });

  test("takes quoted delimiters, quotes and line breaks", async () => {
    const table = await pipe('"a, b",c\r\n"1,5","say ""hi"""\r\n"two\r\nlines",\r\n');
    expect(table.names).toEqual(["a, b", "c"]);
    expect(rowsOf(table)).toEqual([
      ["1,5", 'say "hi"'],
      ["two\r\nlines", ""],
    ]);
  });

  test.each([
    ["length, cm;width, cm\n1;2\n", ";"],
    ["length, cm;width, cm\r\n\r\n1,5;2,5\r\n", ";"], // decimal commas
    ["a\tb, c, d\n1\t2\n", "\t"],
    ["a,b;c,d\n1,2,3\n", ","],
    ["a;b;c,d\n1;2\n", ";"], // no delimiter fits both lines
    ["a;b,c,d\n1,2\n", ","],
    ["a\tb", "\t"],
    ['"a;b;c",d\n1,2\n', ","],
    ['"a\n;;",b\n"1;;;",2\n', ","],
    ["only\n1,5\n", ","],
  ])("decides on the delimiter by the first two lines: %j", (content, delimiter) => {
    expect(delimiterOf(Buffer.from(content))).toBe(delimiter);
  });

  test("keeps empty cells, rows of nothing but them, and the spaces inside quotes", async () => {
    expect(rowsOf(await pipe('a\tb\tc\n\t\t\n\n1\t\t" x "\n'))).toEqual([
      ["", "", ""],
      ["1", "", " x "],
    ]);
    expect(rowsOf(await pipe('a\n""\n\n1\n'))).toEqual([[""], ["1"]]);
  });

  test("knows the line on which each row starts", async () => {
    const table = await pipe('\n"a\r\nb"\tc\r\n\r\n1\t"x\n\ny"\r\n \r\n\t\n\n2\t\n3\t4');
    expect(rowsOf(table)).toEqual([
      ["1", "x\n\ny"],
      ["", ""],
      ["2", ""],
      ["3", "4"],
    ]);
    expect([...table.lines]).toEqual([5, 9, 11, 12]);
  });

  test("names a first column that has no name, as R and pandas write row names", async () => {
    const fromR = await pipe('"","row","y"\n"1",4,5\n');
    expect([fromR.names, fromR.rowNames]).toEqual([["row.1", "row", "y"], "row.1"]);
    const fromPandas = await pipe(",x,y\n0,4,5\n");
    expect([fromPandas.names, fromPandas.rowNames]).toEqual([["row", "x", "y"], "row"]);
    expect((await pipe("x,y\n4,5\n")).rowNames).toBeNull();
  });

  test("takes 100,000 rows of 20 columns in seconds, and 1,000 columns", async () => {
    const line = `${Array.from({ length: 20 }, (_, i) => (i * 0.123456).toFixed(5)).join(",")}\n`;
    const started = performance.now();
    const long = await pipe(`${Array.from({ length: 20 }, (_, i) => `x${i}`).join(",")}\n${line.repeat(100_000)}`);
    for (const name of long.names) typeColumn(long, name);
    expect(performance.now() - started).toBeLessThan(15_000); // 1.5 s on an idle core of 2020; CI machines share theirs
    expect([long.rows, long.lines.at(-1)]).toEqual([100_000, 100_001]);
    const wide = await pipe(
      `${Array.from({ length: 1000 }, (_, i) => `x${i}`).join("\t")}\n${`1${"\t2".repeat(999)}\n`.repeat(5)}`,
    );
    expect([wide.names.length, wide.rows]).toEqual([1000, 5]);
  });
});
