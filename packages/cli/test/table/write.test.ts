import { Writable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { csvLine, writeCsv } from "../../src/table/index.js";
import { pipe, rowsOf } from "./support.js";

const SEED = 20261120;

describe("writing", () => {
  const collect = () => {
    const chunks: Buffer[] = [];
    const out = new Writable({
      highWaterMark: 16,
      write(chunk, _, done) {
        chunks.push(chunk);
        setImmediate(done);
      },
    });
    return { out, text: () => Buffer.concat(chunks).toString() };
  };

  test("quotes what needs quotes and keeps every digit", () => {
    expect(csvLine(["a", 'b "c"', "d,e", "f\ng", " h", "", 0.1 + 0.2, -0, 1e21, Number.NaN])).toBe(
      'a,"b ""c""","d,e","f\ng"," h",,0.30000000000000004,0,1e+21,\n',
    );
    expect(csvLine([""])).toBe('""\n');
    expect(csvLine([Number.NaN])).toBe('""\n');
  });

  test("waits for a slow reader, and fails with a broken one", async () => {
    const { out, text } = collect();
    const rows = Array.from({ length: 30_000 }, (_, i) => [i, "abcdefgh"]);
    await writeCsv(out, rows);
    await new Promise((done) => out.end(done));
    expect(text()).toBe(rows.map((row) => `${row.join(",")}\n`).join(""));

    const broken = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => done(new Error("gone")) });
    await expect(writeCsv(broken, rows)).rejects.toThrow("gone");
  });

  test("and reading give the same cells, whatever stands in them", async () => {
    const special = fc.constantFrom(
      '"',
      '""',
      ",",
      ";",
      "\t",
      "\n",
      "\r\n",
      "\r",
      " ",
      "\ufeff",
      "\u00a0",
      "",
      "é",
      "🙂",
      "#",
      "\\",
    );
    const cell = fc.oneof(
      fc.string({ unit: fc.oneof(special, fc.string({ unit: "grapheme", maxLength: 2 })) }),
      fc.string({ unit: "binary", maxLength: 5 }),
    );
    const readable = cell.map((text) => text.replace(/\0|\p{Cs}/gu, "0")); // NUL is refused, and half a character has no UTF-8
    const shape = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 6 }));
    const tables = shape.chain(([columns, rows]) =>
      fc.array(fc.array(readable, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
    );
    await fc.assert(
      fc.asyncProperty(tables, fc.integer({ min: 1, max: 50 }), async (rows, chunk) => {
        const names = (rows[0] as string[]).map((_, column) => `name ${column}`);
        const { out, text } = collect();
        await writeCsv(out, [names, ...rows]);
        await new Promise((done) => out.end(done));
        const table = await pipe(text(), chunk);
        expect(table.names).toEqual(names);
        expect(rowsOf(table)).toEqual(rows);
        const breaks = (cells: readonly string[]) => cells.join(",").match(/\r\n|\r|\n/g)?.length ?? 0;
        const lines = rows.map((_, row) => rows.slice(0, row).reduce((line, cells) => line + breaks(cells) + 1, 2));
        expect([...table.lines]).toEqual(lines);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});
