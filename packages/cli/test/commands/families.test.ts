import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { credence, emptyFolder } from "./support.js";

const SMALL = ["--hidden", "8", "--epochs", "3"] as const;

/** x rises evenly; y follows it, made by the function from x and noise in [-1, 1]. */
function tableOf(y: (x: number, noise: number) => number, rows = 60): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const x = (i * 0.37) % 3;
    return `${x.toFixed(2)},${y(x, Math.sin(i * 1.7))}`;
  });
  return `x,y\n${lines.join("\n")}\n`;
}

function folderWith(table: string): string {
  const cwd = emptyFolder();
  writeFileSync(path.join(cwd, "table.csv"), table);
  return cwd;
}

async function runs(words: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await credence(words, { cwd });
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("error")]);
  return stdout;
}

const cellsOf = (csv: string): string[][] =>
  csv
    .trim()
    .split("\n")
    .map((line) => line.split(","));

describe.concurrent("fit, predict and evaluate with", () => {
  test("a family of positive targets", async () => {
    const cwd = folderWith(tableOf((x, noise) => Math.exp(x + noise / 3)));
    const out = await runs(["fit", "table.csv", "--target", "y", "--family", "Weibull", "--json", ...SMALL], cwd);
    expect(JSON.parse(out).validationNll).toEqual(expect.any(Number));
    const model = "runs/y/model.safetensors";
    const rows = cellsOf(
      await runs(
        ["predict", model, "table.csv", "--quantiles", "0.1,0.9", "--mean", "--params", "--samples", "1"],
        cwd,
      ),
    );
    const names = ["q0.1", "q0.9", "mean", "sample1", "weight1", "scale1", "concentration1"].map((name) => `y_${name}`);
    expect(rows[0]).toEqual(["x", "y", ...names]);
    for (const row of rows.slice(1)) {
      const [q10, q90, mean, draw, weight] = row.slice(2).map(Number) as [number, number, number, number, number];
      expect([q10 > 0, q10 < q90, mean > 0, draw > 0, weight]).toEqual([true, true, true, true, 1]);
    }
    const scores = JSON.parse(await runs(["evaluate", model, "table.csv", "--json"], cwd));
    expect(scores).toMatchObject({ rows: 60, nll: expect.any(Number), crps: expect.any(Number) });
  });

  test("a family without a mean", async () => {
    const cwd = folderWith(tableOf((x, noise) => x + noise));
    await runs(["fit", "table.csv", "--target", "y", "--family", "cauchy", ...SMALL], cwd);
    const model = "runs/y/model.safetensors";
    const text = await runs(["evaluate", model, "table.csv"], cwd);
    expect(text).toMatch(/RMSE +none +as a predicted mean is infinite, or there is none/);
    const rows = cellsOf(await runs(["predict", model, "table.csv", "--no-quantiles", "--mean"], cwd));
    expect(rows[1]?.at(-1)).toBe("");
  });

  test("counts, whose quantiles and draws are whole numbers", async () => {
    const cwd = folderWith(tableOf((x, noise) => Math.floor(4 * x * (1.5 + noise))));
    await runs(["fit", "table.csv", "--target", "y", "--family", "negative-binomial", ...SMALL], cwd);
    const model = "runs/y/model.safetensors";
    const rows = cellsOf(await runs(["predict", model, "table.csv", "--samples", "2", "--params"], cwd));
    expect(rows[0]?.slice(2)).toEqual(
      ["q0.05", "q0.5", "q0.95", "sample1", "sample2", "weight1", "totalCount1", "logits1"].map((name) => `y_${name}`),
    );
    for (const row of rows.slice(1)) {
      const whole = row.slice(2, 7).map(Number);
      expect(whole.every((k) => Number.isInteger(k) && k >= 0)).toBe(true);
    }
    const scores = JSON.parse(await runs(["evaluate", model, "table.csv", "--json"], cwd));
    expect(scores.calibrationError).toEqual(expect.any(Number));
  });

  test("counts out of a number of trials", async () => {
    const cwd = folderWith(tableOf((x, noise) => Math.round(2 * x + 1.5 + noise)));
    const words = ["fit", "table.csv", "--target", "y", "--family", "binomial"];
    const lacking = await credence(words, { cwd });
    expect([lacking.code, lacking.stderr]).toEqual([
      2,
      expect.stringContaining("--family binomial needs --total-count"),
    ]);
    await runs([...words, "--total-count", "10", ...SMALL], cwd);
    const out = await runs(["predict", "runs/y/model.safetensors", "table.csv", "--quantiles", "0.999999"], cwd);
    for (const row of cellsOf(out).slice(1)) expect(Number(row[2])).toBeLessThanOrEqual(10);
  });

  test("limits and an ensemble", async () => {
    const cwd = folderWith(tableOf((x, noise) => Math.min(10, Math.max(0, 3 * x + noise))));
    const words = ["fit", "table.csv", "--target", "y", "--family", "truncated-normal", "--low", "0", "--high", "10"];
    await runs([...words, "--ensemble", "2", ...SMALL], cwd);
    const out = await runs(["predict", "runs/y/model.safetensors", "table.csv", "--quantiles", "0.001,0.999"], cwd);
    for (const row of cellsOf(out).slice(1)) {
      expect(Number(row[2])).toBeGreaterThanOrEqual(0);
      expect(Number(row[3])).toBeLessThanOrEqual(10);
    }
  });
});

describe.concurrent("fit refuses", () => {
  async function refuses(words: readonly string[], table: string): Promise<string> {
    const cwd = folderWith(table);
    const { code, stdout, stderr } = await credence(["fit", "table.csv", "--target", "y", ...words, ...SMALL], { cwd });
    expect([code, stdout]).toEqual([2, ""]);
    return stderr;
  }

  test("a target outside the family's support, and says where and what would do", async () => {
    const words = await refuses(
      ["--family", "log-normal"],
      tableOf((x, noise) => (x > 2.5 ? 0 : x + 1 + noise / 9)),
    );
    expect(words).toMatch(/"table.csv", line 9, column "y": "0" is no value that a log-normal distribution takes/);
    expect(words).toContain("allowed: finite numbers > 0");
    expect(words).toMatch(
      /mend: {4}choose a --family that takes every y of the table: mixture, gaussian, .*exponential/,
    );
  });

  test("limits that the family has no use for, or that contradict each other", async () => {
    const table = tableOf((x, noise) => x + noise);
    expect(await refuses(["--low", "0"], table)).toContain("--low is 0, but --family mixture has no use for it");
    const words = await refuses(["--family", "truncatedNormal", "--low", "2", "--high", "1"], table);
    expect(words).toContain("--low is 2 and --high 1");
    expect(await refuses(["--family", "weibul"], table)).toContain("did you mean weibull?");
  });
});
