import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { credence, emptyFolder, filesUnder, QUICK, smallTable } from "./support.js";

interface Refusal {
  readonly table?: string | Uint8Array;
  readonly words?: readonly string[];
  readonly says: readonly (string | RegExp)[];
}

/** Fits `table.csv` and expects exit code 2, these words, and nothing written. */
async function refuses({ table = smallTable(), words = ["table.csv", "--target", "y"], says }: Refusal): Promise<void> {
  const cwd = emptyFolder();
  writeFileSync(path.join(cwd, "table.csv"), table);
  mkdirSync(path.join(cwd, "folder"));
  const { code, stdout, stderr } = await credence(["fit", ...words, ...QUICK], { cwd });
  expect(stderr).toMatch(/^error: /);
  for (const words of says) {
    if (typeof words === "string") expect(stderr).toContain(words);
    else expect(stderr).toMatch(words);
  }
  expect(stderr).not.toMatch(/ {4}at /); // no stack
  expect(code).toBe(2);
  expect(stdout).toBe("");
  expect(filesUnder(cwd)).toEqual(["table.csv"]);
}

describe.concurrent("fit refuses, and says why", () => {
  const cases: Record<string, Refusal> = {
    "no such file": {
      words: ["tabel.csv", "--target", "y"],
      says: ['no file "tabel.csv"', 'did you mean "table.csv"?'],
    },
    "a directory": { words: ["folder", "--target", "y"], says: ['"folder" is a directory'] },
    "an empty file": { table: "", says: ['"table.csv" is empty'] },
    "a header alone": { table: "x,y\n", says: ["header of 2 columns but no rows"] },
    "an unknown target": {
      table: "x,minutes\n1,2\n2,3\n",
      words: ["table.csv", "--target", "minuts"],
      says: ['did you mean "minutes"?'],
    },
    "a target of text": {
      words: ["table.csv", "--target", "colour"],
      says: ['the target "colour" is text', 'line 2, column "colour": "red"'],
    },
    "rows of unequal length": { table: "x,y\n1,2\n3\n", says: ["line 3 has 1 cell, the header has 2"] },
    "a stray character": { table: "x,y\n1,2\n3x,4\n5,6\n", says: ['line 3, column "x": "3x" is not a number'] },
    "a stray character in the target": {
      table: "x,y\n1,2\n3,4x\n5,6\n",
      says: ['line 3, column "y": "4x" is not a number'],
    },
    "a constant target": { table: "x,y\n1,2\n3,2\n", says: ['the target "y" is 2 in all 2 rows'] },
    "NaN in the target": { table: "x,y\n1,2\n3,NaN\n4,5\n", says: ['line 3, column "y": "NaN" is a missing value'] },
    "inf in the target": { table: "x,y\n1,2\n3,inf\n4,5\n", says: ['line 3, column "y": "inf" is an infinite value'] },
    "inf in an input": { table: "x,y\n1,2\ninf,3\n4,5\n", says: ['line 3, column "x": "inf" is infinite'] },
    "duplicate names": { table: "x,x,y\n1,2,3\n4,5,6\n", says: ['columns 1 and 2 are both called "x"'] },
    "not UTF-8": { table: Buffer.from("x,y\n1,2\ncaf\xe9,3\n", "latin1"), says: ["is not UTF-8: line 3"] },
    "a target alone": { table: "y\n1\n2\n3\n", says: ['no column to predict "y" from'] },
    "an unknown input": {
      words: ["table.csv", "--target", "y", "--inputs", "x,color"],
      says: ['did you mean "colour"?'],
    },
    "the target as input": {
      words: ["table.csv", "--target", "y", "--inputs", "x,y"],
      says: ['--inputs names the target "y"'],
    },
    "text among no inputs": {
      words: ["table.csv", "--target", "y", "--inputs", "x", "--text", "colour"],
      says: ["not among the inputs"],
    },
  };
  for (const [name, refusal] of Object.entries(cases)) test(name, () => refuses(refusal));

  const options: Record<string, Refusal> = {
    "--components": {
      words: ["table.csv", "--target", "y", "--components", "0"],
      says: ['--components is "0"', "a whole number from 1"],
    },
    "--hidden": {
      words: ["table.csv", "--target", "y", "--hidden", "128;64"],
      says: ['--hidden is "128;64"', "--hidden 128,128"],
    },
    "--validation": {
      words: ["table.csv", "--target", "y", "--validation", "1"],
      says: ['--validation is "1"', "between 0 and 1"],
    },
    "--family": {
      words: ["table.csv", "--target", "y", "--family", "gauss"],
      says: ['--family is "gauss"', "mixture, gaussian, laplace"],
    },
    "--learning-rate": {
      words: ["table.csv", "--target", "y", "--learning-rate", "-1"],
      says: ["--learning-rate", "above 0"],
    },
    "an unknown option": {
      words: ["table.csv", "--target", "y", "--epoch", "3"],
      says: ["unknown option '--epoch'", "--epochs"],
    },
    "no target": { words: ["table.csv"], says: ["--target"] },
    "one table too many": { words: ["table.csv", "table.csv", "--target", "y"], says: ["too many arguments"] },
  };
  for (const [name, refusal] of Object.entries(options)) test(name, () => refuses(refusal));
});

describe.concurrent("fit does not write over a run", () => {
  test("unless --force is given, and leaves other files alone", async () => {
    const cwd = emptyFolder();
    writeFileSync(path.join(cwd, "table.csv"), smallTable());
    mkdirSync(path.join(cwd, "out"));
    writeFileSync(path.join(cwd, "out", "mine.txt"), "mine");
    const words = ["fit", "table.csv", "--target", "y", "--out", "out", ...QUICK];
    const refused = await credence(words, { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('--out "out" exists and is not empty');
    expect(refused.stderr).toContain("--force");
    expect(filesUnder(cwd)).toEqual(["out/mine.txt", "table.csv"]);
    const forced = await credence([...words, "--force"], { cwd });
    expect(forced.code).toBe(0);
    expect(filesUnder(path.join(cwd, "out"))).toEqual(["history.csv", "mine.txt", "model.safetensors", "report.html"]);
  });

  test("nor into a file", async () => {
    const cwd = emptyFolder();
    writeFileSync(path.join(cwd, "table.csv"), smallTable());
    for (const out of ["table.csv", "table.csv/out"]) {
      const { code, stderr } = await credence(["fit", "table.csv", "--target", "y", "--out", out, ...QUICK], { cwd });
      expect([code, stderr]).toEqual([2, expect.stringContaining("is a file")]);
    }
  });
});

test("a verb that does not exist gets a suggestion", async () => {
  const { code, stderr } = await credence(["fitt"], { cwd: emptyFolder() });
  expect(code).toBe(2);
  expect(stderr).toContain("Did you mean fit?");
});
