import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { fail } from "../errors.js";
import { checkFolder } from "../files.js";
import { duration, formatNumber } from "../report/format.js";
import { readTable } from "../table/index.js";
import { print, say } from "../terminal.js";
import { plain } from "../words.js";
import { interruptible } from "./fit/interruptible.js";
import { saveRun } from "./fit/run.js";
import { introduction, resultLines } from "./fit/summary.js";
import { prepareTable } from "./fit/table.js";
import { train } from "./fit/train.js";
import { defined, seedNumber, wholeNumber } from "./options.js";

interface DemoFlags {
  readonly epochs?: number;
  readonly seed?: number;
  readonly out: string;
}

const TARGET = "y";

export function demoCommand(): Command {
  return new Command("demo")
    .summary("watch it learn a spiral that a mean cannot follow")
    .description(
      "Trains two networks on examples/spiral.csv, one by squared error and one that answers with a distribution,\nand shows them side by side in a report.",
    )
    .option(
      "--epochs <n>",
      "passes over the rows at most (default: 300)",
      wholeNumber("--epochs", { least: 1, most: 1_000_000 }),
    )
    .option("--seed <n>", "the same seed gives the same models (default: 1)", seedNumber("--seed"))
    .option("--out <folder>", "where to write; an earlier demo in it is replaced", path.join("runs", "demo"))
    .addHelpText(
      "after",
      `
Example:
  $ credence demo --out runs/demo`,
    )
    .action(demo);
}

async function demo({ out, ...options }: DemoFlags): Promise<void> {
  const source = spiral();
  await checkFolder(out, { force: true });
  const raw = await readTable(source);
  const { table, inputs, notes } = prepareTable(raw, { target: TARGET });
  await interruptible(async (signal) => {
    say(`  ${introduction(table, TARGET, { family: "mse" })}`);
    const squaredError = await train(table, { ...defined(options), family: "mse" }, { target: TARGET, inputs, signal });
    if (signal.aborted) {
      say("  interrupted before there was a distribution; nothing was written");
      return;
    }
    const { rmse } = await squaredError.evaluate(table);
    say(
      plain(
        `  done in ${duration(squaredError.summary.seconds)}: it misses by ${formatNumber(rmse)}, as it must where one x has several y`,
      ),
    );
    say(`  ${introduction(table, TARGET, { family: "mixture" })}`);
    const model = await train(table, { ...defined(options), family: "mixture" }, { target: TARGET, inputs, signal });
    const all = [...notes, ...model.summary.notes];
    const { files, data } = await saveRun(out, { model, target: TARGET, table, raw, source, notes: all, squaredError });
    for (const line of resultLines(model.summary, data, files)) print(`  ${line}`);
  });
}

/** The table lies in the repository, beside the packages; a path as one would type it where that is shorter. */
function spiral(): string {
  const candidates = ["../../../examples/spiral.csv", "../../../../examples/spiral.csv"];
  const file = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url))).find(existsSync);
  if (file === undefined) {
    return fail({
      given: "the demo's table, examples/spiral.csv, is not here",
      mend: "run npm start in a clone of the repository, or credence fit with a table of yours",
    });
  }
  const near = path.relative(process.cwd(), file);
  return near.startsWith("..") ? file : near;
}
