import { writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { credence, emptyFolder, filesUnder, QUICK, smallTable } from "./support.js";

const RUN = ["runs/y/history.csv", "runs/y/model.safetensors", "runs/y/report.html"];

/** Fits a table with the target `y` and expects a whole run. @returns what came on stderr, and the JSON */
async function fits(table: string | Uint8Array, words: readonly string[] = []) {
  const cwd = emptyFolder();
  writeFileSync(path.join(cwd, "table.csv"), table);
  const { code, stdout, stderr } = await credence(["fit", "table.csv", "--target", "y", "--json", ...QUICK, ...words], {
    cwd,
  });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
  expect(filesUnder(cwd)).toEqual([...RUN, "table.csv"]);
  return { stderr, json: JSON.parse(stdout) as Record<string, unknown>, cwd };
}

describe.concurrent("fit takes", () => {
  test("fewer rows than a batch", async () => {
    const { json } = await fits("x,y\n1,2\n2,3\n3,5\n", ["--batch", "128"]);
    expect(json).toMatchObject({ rows: 3, columns: 2, epochs: 3, steps: 3 });
  });

  test("a constant input", async () => {
    const { json } = await fits(smallTable().replaceAll(/^[\d.]+(?=,)/gm, "7"));
    expect(json.validationNll).toEqual(expect.any(Number));
  });

  test("missing inputs, of numbers and of text", async () => {
    const lines = smallTable().split("\n");
    lines[3] = `,${lines[3]?.split(",").slice(1).join(",")}`;
    lines[5] = lines[5]?.replace(/red|blue/, "NA") ?? "";
    const { json } = await fits(lines.join("\n"));
    expect(json.validationNll).toEqual(expect.any(Number));
  });

  test("a thousand columns", async () => {
    const row = (i: number) => Array.from({ length: 999 }, (_, j) => Math.sin(i * 999 + j).toFixed(3)).join(",");
    const names = Array.from({ length: 999 }, (_, j) => `x${j}`).join(",");
    const { json } = await fits(
      `${names},y\n${Array.from({ length: 40 }, (_, i) => `${row(i)},${i % 7}`).join("\n")}\n`,
    );
    expect(json).toMatchObject({ rows: 40, columns: 1000 });
  });

  test("a byte order mark, CRLF, quoted commas and line feeds", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => `"${i % 2 ? "a, b" : "c\nd"}",${i},${i % 5}`);
    const { cwd } = await fits(`\ufeff"kind, of thing","x ""1""",y\r\n${rows.join("\r\n")}\r\n`);
    const { stdout } = await credence(["predict", "runs/y/model.safetensors", "table.csv"], { cwd });
    expect(stdout).toMatch(/^"kind, of thing","x ""1""",y,y_q0.05,y_q0.5,y_q0.95\n"c\nd",0,0,/);
  });

  test("a gzipped TSV, and standard input", async () => {
    const tabs = smallTable().replaceAll(",", "\t");
    await fits(gzipSync(tabs));
    const cwd = emptyFolder();
    const { code } = await credence(["fit", "-", "--target", "y", ...QUICK], { cwd, stdin: tabs });
    expect([code, filesUnder(cwd)]).toEqual([0, RUN]);
  });

  test("a target with a name that is no folder's", async () => {
    const cwd = emptyFolder();
    writeFileSync(path.join(cwd, "table.csv"), smallTable().replace("y\n", "../km/h\n"));
    const { code } = await credence(["fit", "table.csv", "--target", "../km/h", ...QUICK], { cwd });
    expect([code, filesUnder(cwd)[0]]).toEqual([0, "runs/__km_h/history.csv"]);
  });

  test("names of rows as no input, and says so", async () => {
    const lines = smallTable().trim().split("\n");
    const named = lines.map((line, i) => (i === 0 ? `,${line},id` : `${i},${line},id${i}`)).join("\n");
    const { stderr } = await fits(named);
    expect(stderr).toContain("60 rows, 2 inputs (1 text) -> y, mixture of 3 normals");
    expect(stderr).toContain("the first column, which has no name, is left out");
    expect(stderr).toContain('the text column "id" is left out: it differs in every row');
  });

  test("columns of numbers as text", async () => {
    const { stderr } = await fits(smallTable().replaceAll("red", "1").replaceAll("blue", "2"), ["--text", "colour"]);
    expect(stderr).toContain("2 inputs (1 text)");
  });
});
