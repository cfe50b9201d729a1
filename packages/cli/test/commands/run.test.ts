import { lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { credence, emptyFolder, filesUnder, type Outcome, QUICK, readSome, smallTable } from "./support.js";

const MODEL = "runs/y/model.safetensors";
const cells = (csv: string) => parse(csv) as string[][];
const lastLine = (text: string) => JSON.parse(text.trimEnd().split("\n").at(-1) ?? "") as Record<string, unknown>;

describe("a run from table to prediction", () => {
  let cwd: string;
  let fit: Outcome;
  const command = (...words: string[]) => credence(words, { cwd });

  beforeAll(async () => {
    cwd = mkdtempSync(path.join(os.tmpdir(), "credence-run-"));
    writeFileSync(path.join(cwd, "table.csv"), smallTable(200));
    fit = await command("fit", "table.csv", "--target", "y", ...QUICK, "--json");
  });

  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  test("fit tells its result as JSON, and in words on stderr", () => {
    expect(fit.code).toBe(0);
    const json = lastLine(fit.stdout);
    expect(Object.keys(json)).toEqual(
      "model report rows columns epochs steps seconds stepMilliseconds trainNll validationNll stoppedBy".split(" "),
    );
    expect(json).toMatchObject({
      model: MODEL,
      report: "runs/y/report.html",
      rows: 200,
      columns: 3,
      epochs: 3,
      stoppedBy: "epochs",
    });
    expect(fit.stderr).toContain("200 rows, 2 inputs (1 text) -> y, mixture of 3 normals");
    expect(fit.stderr).toMatch(/done in .* s \(3 epochs\): validation NLL -?\d/);
    expect(fit.stderr).not.toMatch(/epoch +\d+\/3/);
    expect(fit.stderr).not.toContain("\x1b"); // neither colour nor progress in a pipe
  });

  test("the history has a line an epoch", () => {
    const [header, ...rows] = cells(readFileSync(path.join(cwd, "runs/y/history.csv"), "utf8"));
    expect(header).toEqual(["member", "epoch", "loss", "validation_loss", "learning_rate"]);
    expect(rows.map(([member, epoch]) => [member, epoch])).toEqual([
      ["1", "1"],
      ["1", "2"],
      ["1", "3"],
    ]);
  });

  test("the report shows both inputs and the settings", () => {
    const report = readFileSync(path.join(cwd, "runs/y/report.html"), "utf8");
    for (const words of ["<title>y · credence fit of table.csv", "by <code>x", "by <code>colour", "PIT", "seed"]) {
      expect(report).toContain(words);
    }
  });

  test("the same seed gives the same model, another seed another", async () => {
    const again = await command("fit", "table.csv", "--target", "y", ...QUICK, "--out", "again");
    expect(again.stdout).toMatch(/validation NLL/); // without --json the words are the result
    await command("fit", "table.csv", "--target", "y", ...QUICK, "--seed", "2", "--out", "other");
    const [first, second, third] = [MODEL, "again/model.safetensors", "other/model.safetensors"].map((file) =>
      readFileSync(path.join(cwd, file)),
    );
    expect(second?.equals(first as Buffer)).toBe(true);
    expect(third?.equals(first as Buffer)).toBe(false);
  });

  test("evaluate prints scores, as JSON too", async () => {
    const words = await command("evaluate", MODEL, "table.csv");
    expect(words.stdout).toMatch(
      /NLL +-?\d[\s\S]*CRPS[\s\S]*RMSE[\s\S]*MAE[\s\S]*90 % interval[\s\S]*calibration error/,
    );
    const json = lastLine((await command("evaluate", MODEL, "table.csv", "--json")).stdout);
    expect(Object.keys(json)).toEqual("rows nll crps rmse mae coverage width calibrationError".split(" "));
    expect(json).toMatchObject({ rows: 200, coverage: { "0.5": expect.any(Number), "0.9": expect.any(Number) } });
  });

  test("predict adds columns to the table as it was", async () => {
    const { code, stdout, stderr } = await command(
      "predict",
      MODEL,
      "table.csv",
      "--mean",
      "--samples",
      "2",
      "--params",
    );
    expect([code, stderr]).toEqual([0, ""]);
    const [header, ...rows] = cells(stdout);
    const params = [1, 2, 3].flatMap((k) => [`y_weight${k}`, `y_loc${k}`, `y_scale${k}`]);
    expect(header).toEqual([
      "x",
      "colour",
      "y",
      "y_q0.05",
      "y_q0.5",
      "y_q0.95",
      "y_mean",
      "y_sample1",
      "y_sample2",
      ...params,
    ]);
    expect(rows.map((row) => row.slice(0, 3))).toEqual(cells(smallTable(200)).slice(1));
    for (const row of rows) {
      const [low, middle, high, mean] = row.slice(3, 7).map(Number) as [number, number, number, number];
      expect(low < middle && middle < high).toBe(true);
      const parts = [0, 1, 2].map((k) => row.slice(9 + 3 * k, 12 + 3 * k).map(Number) as [number, number, number]);
      expect(parts.reduce((sum, [weight]) => sum + weight, 0)).toBeCloseTo(1, 6);
      expect(parts.reduce((sum, [weight, loc]) => sum + weight * loc, 0)).toBeCloseTo(mean, 6);
    }
  });

  test("predict writes files, draws by seed, and takes a table without the target", async () => {
    writeFileSync(path.join(cwd, "new.csv"), "colour,x\nred,1\nblue,2.5\nred,\n");
    const draw = (seed: string) =>
      command("predict", MODEL, "new.csv", "--no-quantiles", "--samples", "3", "--seed", seed);
    const [one, same, two] = await Promise.all([draw("1"), draw("1"), draw("2")]);
    expect(cells(one.stdout)[0]).toEqual(["colour", "x", "y_sample1", "y_sample2", "y_sample3"]);
    expect(same.stdout).toBe(one.stdout);
    expect(two.stdout).not.toBe(one.stdout);
    const written = await command("predict", MODEL, "new.csv", "--quantiles", "0.25", "-o", "predicted.csv");
    expect([written.code, written.stdout]).toEqual([0, ""]);
    const again = await command("predict", MODEL, "predicted.csv", "--quantiles", "0.25");
    expect(again.stderr).toContain('has a column "y_q0.25" already: the new one is "y_q0.25_2"');
    const [, first] = cells(again.stdout);
    expect(first?.[3]).toBe(first?.[2]);
  });

  test("a text never seen is taken as unknown, with a word", async () => {
    const { code, stdout, stderr } = await credence(["predict", MODEL, "-"], {
      cwd,
      stdin: "x,colour\n1,green\n2,red\n",
    });
    expect(stderr).toContain('"colour" holds texts that the model does not know, in 1 row: "green"');
    expect([code, cells(stdout).length]).toEqual([0, 3]);
  });

  test("a table that lacks an input is refused", async () => {
    const { code, stdout, stderr } = await credence(["predict", MODEL, "-"], { cwd, stdin: "x,color\n1,red\n" });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toContain('standard input has no column "colour", which the model needs');
    expect(stderr).toContain('rename "color" to "colour"?');
  });

  test("a model file that is none, cut short or tampered with is refused", async () => {
    const good = readFileSync(path.join(cwd, MODEL));
    const bent = Buffer.from(good);
    bent[good.length - 20] = (bent[good.length - 20] as number) ^ 255;
    const huge = Buffer.concat([Buffer.from([255, 255, 255, 255, 255, 255, 255, 127]), good.subarray(8)]);
    const files = { none: Buffer.from("x,y\n1,2\n"), empty: Buffer.alloc(0), short: good.subarray(0, 500), bent, huge };
    for (const [name, bytes] of Object.entries(files)) {
      writeFileSync(path.join(cwd, "bad.safetensors"), bytes);
      const { code, stdout, stderr } = await command("predict", "bad.safetensors", "table.csv", "-o", "out.csv");
      expect([name, code, stdout]).toEqual([name, 2, ""]);
      expect(stderr).toMatch(/^error: "bad.safetensors"/);
      expect(filesUnder(cwd)).not.toContain("out.csv");
    }
    for (const missing of ["missing.safetensors", "runs"]) {
      expect((await command("evaluate", missing, "table.csv")).code).toBe(2);
    }
  });

  test("a table given for the model is told apart from a damaged model", async () => {
    const { code, stderr } = await command("predict", "table.csv", MODEL);
    expect([code, stderr]).toEqual([2, expect.stringContaining('"table.csv" is text, not a model')]);
    expect(stderr).toContain("the model comes first");
  });

  test("a table without the target cannot be scored", async () => {
    const { code, stderr } = await credence(["evaluate", MODEL, "-"], { cwd, stdin: "x,colour\n1,red\n" });
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('no column "y", which the predictions are scored against'),
    ]);
    expect(stderr).toContain("add the true values");
  });

  test("predictions go into a folder that is there, and not in its place", async () => {
    for (const [output, words] of Object.entries({ "nowhere/out.csv": "there is no folder", runs: "is a folder" })) {
      const { code, stderr } = await command("predict", MODEL, "table.csv", "-o", output);
      expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
    }
  });

  test.skipIf(process.platform === "win32")("predictions follow a link, and leave a device what it is", async () => {
    writeFileSync(path.join(cwd, "linked.csv"), "");
    symlinkSync("linked.csv", path.join(cwd, "link.csv"));
    const written = await command("predict", MODEL, "table.csv", "-o", "link.csv");
    expect([written.code, lstatSync(path.join(cwd, "link.csv")).isSymbolicLink()]).toEqual([0, true]);
    expect(readFileSync(path.join(cwd, "linked.csv"), "utf8")).toContain("y_q0.5");
    expect((await command("predict", MODEL, "table.csv", "-o", "/dev/null")).code).toBe(0);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  test("predictions do not replace their table", async () => {
    const { code, stderr } = await command("predict", MODEL, "table.csv", "-o", "./table.csv");
    expect([code, stderr]).toEqual([2, expect.stringContaining("would replace")]);
  });

  test.skipIf(process.platform === "win32")("a reader that leaves early is no failure", async () => {
    // far more than a pipe holds
    const stdin = `x,colour\n${"1.5,red\n".repeat(20_000)}`;
    const { code, bytes, stderr } = await readSome(["predict", MODEL, "-"], { cwd, stdin });
    expect([code, stderr]).toEqual([0, ""]);
    expect(bytes).toBeLessThan(500_000);
  });

  test("colour comes where it is asked for", async () => {
    const asked = await credence(["evaluate", MODEL, "none.csv"], { cwd, env: { FORCE_COLOR: "1" } });
    expect(asked.stderr).toContain("\x1b[31merror:");
    const refused = await credence(["evaluate", MODEL, "none.csv"], { cwd, env: { FORCE_COLOR: "1", NO_COLOR: "1" } });
    expect(refused.stderr).toMatch(/^error:/);
  });
});

describe.concurrent("signals", () => {
  for (const [signal, expected] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    test(`${signal} while training keeps the best weights so far`, async () => {
      const cwd = emptyFolder();
      writeFileSync(path.join(cwd, "table.csv"), smallTable(400));
      const words = ["fit", "table.csv", "--target", "y", "--epochs", "1000000", "--patience", "1000000", "--json"];
      let sent = false;
      const { code, stdout, stderr } = await credence([...words, "--hidden", "16"], {
        cwd,
        onStderr(text, kill) {
          if (sent || !text.includes("->")) return;
          sent = true;
          setTimeout(() => kill(signal), 1500); // some epochs
        },
      });
      expect(stderr).toContain("stopping; the best weights so far are kept");
      expect(code).toBe(expected);
      expect(lastLine(stdout)).toMatchObject({ stoppedBy: "aborted", rows: 400 });
      expect(filesUnder(path.join(cwd, "runs/y"))).toEqual(["history.csv", "model.safetensors", "report.html"]);
      const scored = await credence(["evaluate", MODEL, "table.csv"], { cwd });
      expect(scored.code).toBe(0);
    });
  }
});

describe.concurrent("demo", () => {
  test("trains both networks and pictures them side by side", async () => {
    const cwd = emptyFolder();
    mkdirSync(path.join(cwd, "out"));
    writeFileSync(path.join(cwd, "out/report.html"), "of an earlier demo"); // it may be repeated
    const { code, stdout, stderr } = await credence(["demo", "--epochs", "1", "--out", "out"], { cwd });
    expect(code).toBe(0);
    expect(stderr).toContain("1 input -> y, mean alone, by squared error");
    expect(stdout).toContain("out/report.html");
    const report = readFileSync(path.join(cwd, "out/report.html"), "utf8");
    for (const title of ["The data", "A network that predicts one number", "Draws from the model"]) {
      expect(report).toContain(title);
    }
  });
});

describe.concurrent("help", () => {
  test.each(["fit", "predict", "evaluate", "demo"])("%s --help has an example", async (verb) => {
    const { code, stdout } = await credence([verb, "--help"], { cwd: emptyFolder() });
    expect(code).toBe(0);
    expect(stdout).toContain(`$ credence ${verb}`);
  });

  test("--version and --help", async () => {
    const cwd = emptyFolder();
    const version = await credence(["--version"], { cwd });
    expect([version.code, version.stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
    const help = await credence(["--help"], { cwd });
    expect([help.code, help.stdout]).toEqual([0, expect.stringContaining("Exit codes: 0 done")]);
  });
});
