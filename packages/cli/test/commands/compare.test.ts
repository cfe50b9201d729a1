import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { standingLines, verdict } from "../../src/commands/compare/lines.js";
import { standingsOf } from "../../src/commands/compare/standings.js";
import { credence, emptyFolder, filesUnder } from "./support.js";

const SMALL = ["--hidden", "8", "--epochs", "3"] as const;

function folderWithTable(): string {
  const cwd = emptyFolder();
  const lines = Array.from(
    { length: 80 },
    (_, i) => `${((i * 0.37) % 3).toFixed(2)},${Math.exp(Math.sin(i * 1.7)).toFixed(4)}`,
  );
  writeFileSync(path.join(cwd, "table.csv"), `x,y\n${lines.join("\n")}\n`);
  return cwd;
}

describe("standings", () => {
  const rows = (...values: number[]) => Float64Array.from(values);
  const crps = rows(1, 1, 1, 1);

  test("are by mean NLL; differences are taken row by row, with their standard error", () => {
    const [best, second] = standingsOf([
      { family: "laplace", nll: rows(11, 22, 31, 42), crps, seconds: 1 },
      { family: "gaussian", nll: rows(10, 20, 30, 40), crps, seconds: 1 },
    ]);
    expect(best).toMatchObject({ family: "gaussian", nll: 25, behind: 0, tied: false, title: "normal distribution" });
    // differences 1, 2, 1, 2: mean 1.5, variance 1/3, so √(1/12), although the rows themselves differ by 10
    expect(second).toMatchObject({ family: "laplace", behind: 1.5, tied: false });
    expect(second?.error).toBeCloseTo(Math.sqrt(1 / 12), 12);
  });

  test("within two standard errors are a tie; no probability at all comes last", () => {
    const standings = standingsOf([
      { family: "cauchy", nll: rows(1, 1, Number.POSITIVE_INFINITY, 1), crps, seconds: 1 },
      { family: "laplace", nll: rows(1, 2, 1, 2.1), crps, seconds: 1 },
      { family: "gaussian", nll: rows(2, 1, 2, 1), crps, seconds: 1 },
    ]);
    expect(standings.map(({ family, tied }) => [family, tied])).toEqual([
      ["gaussian", false],
      ["laplace", true],
      ["cauchy", false],
    ]);
    expect(verdict({ rows: 4, standings })).toBe(
      "gaussian does best on 4 rows that none had seen, but laplace is within two standard errors of it: these rows cannot tell them apart.",
    );
    const lines = standingLines(standings, 80);
    expect(lines).toHaveLength(4);
    expect(lines[3]).toMatch(/cauchy +∞ .*→$/);
    for (const width of [30, 50, 80, 200]) {
      for (const line of standingLines(standings, width)) expect(line.length).toBeLessThan(Math.max(width, 60));
    }
  });
});

describe.concurrent("compare", () => {
  test("scores families on rows that none has seen, as a table, as JSON and as a picture", async () => {
    const cwd = folderWithTable();
    const words = ["compare", "table.csv", "--target", "y", "--families", "gaussian,log-normal", ...SMALL];
    const { code, stdout, stderr } = await credence([...words, "--plot", "out.svg"], { cwd });
    expect([code, stderr]).toEqual([0, expect.stringContaining("64 rows to learn from, 16 rows held out -> y")]);
    expect(stderr).toMatch(/1\/2 gaussian: NLL .*\n {2}2\/2 logNormal: NLL /);
    expect(stdout).toMatch(
      /^ {2}family +NLL +CRPS +NLL behind\n {2}\w+ .*\n {2}\w+ .*±.*\n {2}\w+ does best on 16 rows/,
    );
    expect(filesUnder(cwd)).toEqual(["out.svg", "table.csv"]);
    expect(readFileSync(path.join(cwd, "out.svg"), "utf8")).toMatch(/^<svg xmlns=.*logNormal/s);
    const json = await credence([...words, "--json"], { cwd });
    const found = JSON.parse(json.stdout);
    expect(found).toMatchObject({ rows: 16, best: expect.any(String), ties: expect.any(Array) });
    expect(found.families.map((row: { family: string }) => row.family).sort()).toEqual(["gaussian", "logNormal"]);
  });

  test("refuses a family that the target does not fit, and one named twice", async () => {
    const cwd = folderWithTable();
    const refused = (families: string) =>
      credence(["compare", "table.csv", "--target", "y", "--families", families], { cwd });
    const [poisson, twice] = await Promise.all([refused("gamma,poisson"), refused("gamma,gamma")]);
    expect([poisson.code, poisson.stderr]).toEqual([
      2,
      expect.stringContaining("no value that a Poisson distribution takes"),
    ]);
    expect([twice.code, twice.stderr]).toEqual([2, expect.stringContaining("--families names gamma twice")]);
  });
});

describe.concurrent("fit --family auto", () => {
  test("keeps the family that does best, and reports the others", async () => {
    const cwd = folderWithTable();
    const { code, stdout, stderr } = await credence(
      ["fit", "table.csv", "--target", "y", "--family", "auto", "--json", ...SMALL],
      { cwd },
    );
    expect([code, stderr]).toEqual([0, expect.stringContaining("80 rows -> y: trying mixture, gaussian, gamma")]);
    const { family, families } = JSON.parse(stdout);
    expect(families[0].family).toBe(family);
    expect(families.length).toBeGreaterThan(3);
    const report = readFileSync(path.join(cwd, "runs/y/report.html"), "utf8");
    expect(report).toContain("<h2>Families compared</h2>");
    const scores = await credence(["evaluate", "runs/y/model.safetensors", "table.csv", "--json"], { cwd });
    expect(JSON.parse(scores.stdout).rows).toBe(80);
  });
});
