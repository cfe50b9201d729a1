import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { readTable } from "../../src/table/index.js";
import { complaint, pipe } from "./support.js";

const folder = mkdtempSync(path.join(tmpdir(), "credence-table-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

/** The message, without the changing name of the folder. */
const complaintAbout = async (file: string) => (await complaint(() => readTable(file))).replaceAll(folder, "FOLDER");

describe("a source that is no table", () => {
  test("no such file, with the nearest name in its folder", async () => {
    write("trips.csv", "a\n1\n");
    expect(await complaintAbout(path.join(folder, "tripps.csv"))).toMatchInlineSnapshot(`
      "there is no file "FOLDER/tripps.csv".
        allowed: a CSV or TSV file, plain or .gz, or - for standard input
        mend:    did you mean "FOLDER/trips.csv"?"
    `);
    expect(await complaintAbout(path.join(folder, "zzzzzzzzzzzz"))).toMatch("check the path");
    expect(await complaintAbout(path.join(folder, "no", "such"))).toMatch("there is no file");
    expect(await complaintAbout(path.join(folder, "trips.csv", "x"))).toMatch("there is no file");
    expect(await complaintAbout("a\0b")).toMatch("cannot be read");
  });

  test("a directory", async () => {
    mkdirSync(path.join(folder, "data"));
    expect(await complaintAbout(path.join(folder, "data"))).toMatchInlineSnapshot(`
      ""FOLDER/data" is a directory.
        allowed: a CSV or TSV file, plain or .gz, or - for standard input
        mend:    name a file in it"
    `);
  });

  // root may read everything
  test.skipIf(process.getuid?.() === 0)("a file that may not be read", async () => {
    const file = write("secret.csv", "a\n1\n");
    chmodSync(file, 0);
    expect(await complaintAbout(file)).toMatch("may not be read");
  });

  test.each([
    ["nothing", ""],
    ["blank lines", "\n \n\r\n"],
    ["a byte order mark", "\ufeff"],
    ["nothing, gzipped", gzipSync("")],
  ])("empty: %s", async (_, content) => {
    expect(await complaint(() => pipe(content))).toMatch("standard input is empty");
  });

  test("a header only", async () => {
    expect(await complaint(() => pipe("a,b\n\n"))).toMatchInlineSnapshot(`
      "standard input has a header of 2 columns but no rows.
        allowed: at least one row after the header"
    `);
  });

  test("duplicate names, also when only spaces tell them apart", async () => {
    expect(await complaint(() => pipe("a,b, a\n1,2,3\n"))).toMatchInlineSnapshot(`
      "standard input: columns 1 and 3 are both called "a".
        allowed: each column name once
        mend:    rename one of them, or add a header line where the file has none"
    `);
    expect(await complaint(() => pipe('a,b,"a "\n1,2,3\n'))).toMatch('columns 1 and 3 are both called "a"');
  });

  test.each([
    ["a,,c\n1,2,3\n", "column 2 of 3"],
    ["a,b,\n1,2,\n", "column 3 of 3"],
    [",a,\n1,2,3\n", "column 3 of 3"],
    ['""\n1\n', "column 1 of 1"],
  ])("a name missing: %j", async (content, where) => {
    expect(await complaint(() => pipe(content))).toMatch(`${where} has no name in the header`);
  });

  test("rows of unequal length, with the line on which the row starts", async () => {
    expect(await complaint(() => pipe('a,b\n1,"2\n3"\n\n4,5,6\n'))).toMatchInlineSnapshot(`
      "standard input, line 5 has 3 cells, the header has 2.
        allowed: 2 cells in every row
        mend:    write a cell that holds a comma in double quotes"
    `);
    expect(await complaint(() => pipe("a;b;c\n1;2;3\n4;5"))).toMatch(
      /line 3 has 2 cells, the header has 3.\n.*\n.*add the missing cells/,
    );
    expect(await complaint(() => pipe("a\tb\n1\n"))).toMatch("line 2 has 1 cell, the header has 2");
  });

  test("quotes out of place, with the line on which the row starts", async () => {
    expect(await complaint(() => pipe('a,b\n1,"2"\n3,"4\n5,6\n'))).toMatchInlineSnapshot(`
      "standard input: the row that starts on line 3 has a double quote that is never closed.
        allowed: cells as they are, or in double quotes
        mend:    quote the whole cell and write a double quote inside it twice: "12"" pipe""
    `);
    expect(await complaint(() => pipe('a,b\n1,2\n\n12" pipe,6\n'))).toMatch(/line 4 has a double quote inside a cell/);
    expect(await complaint(() => pipe('a,b\n1,2\n"x"y,6\n'))).toMatch(/line 3 has text after the closing double quote/);
    expect(await complaint(() => pipe('a,"b\n1,2\n'))).toMatch(/line 1 has a double quote that is never closed/);
  });

  test("damaged gzip", async () => {
    const packed = gzipSync("a,b\n1,2\n".repeat(1000));
    const flipped = Uint8Array.from(packed);
    flipped[flipped.length - 6] = (flipped[flipped.length - 6] as number) ^ 1;
    expect(await complaint(() => pipe(packed.subarray(0, 30)))).toMatch(/cannot be unpacked: unexpected end of file/);
    expect(await complaint(() => pipe(flipped))).toMatch(/cannot be unpacked: incorrect data check/);
    expect(await complaint(() => pipe(Uint8Array.of(0x1f, 0x8b, 1, 2, 3)))).toMatch(/cannot be unpacked/);
  });

  test("text in another encoding, with the line and the byte", async () => {
    const latin = Buffer.concat([Buffer.from("città,b\nà,1\n"), Buffer.from("caf\xe9,2\n", "latin1")]);
    expect(await complaint(() => pipe(latin))).toMatchInlineSnapshot(`
      "standard input is not UTF-8: line 3, byte 4 is 0xE9 (17 bytes into the file).
        allowed: text in UTF-8
        mend:    save it as CSV UTF-8, or: iconv -f WINDOWS-1252 -t UTF-8 old.csv > new.csv"
    `);
    expect(await complaint(() => pipe(Buffer.from("a,b\n1,2", "utf16le")))).toMatch("byte 2 is 0");
    expect(await complaint(() => pipe(Buffer.from("\ufeffa,b\n1,2", "utf16le")))).toMatch("is UTF-16");
    expect(await complaint(() => pipe(Buffer.from("PK\x03\x04...")))).toMatch("spreadsheet");
    expect(await complaint(() => pipe(Uint8Array.of(0x61, 0x0a, 0xef, 0xbf)))).toMatch("line 2, byte 2 is 0xBF");
    expect(await complaint(() => pipe(Uint8Array.of(0xc3, 0x28, 0x0a)))).toMatch("line 1, byte 1 is 0xC3");
  });
});
