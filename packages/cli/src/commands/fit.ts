import { Command } from "commander";
import type { DensityOptions, Family } from "credence/models";
import { fail } from "../errors.js";
import { checkFolder } from "../files.js";
import { readTable } from "../table/index.js";
import { print, say, sayNote } from "../terminal.js";
import { checkLimits, checkTargets, familyList, familyOption } from "./fit/family.js";
import { defaultFolder } from "./fit/folder.js";
import { interruptible } from "./fit/interruptible.js";
import { fitJson, saveRun } from "./fit/run.js";
import { introduction, resultLines } from "./fit/summary.js";
import { prepareTable } from "./fit/table.js";
import { train } from "./fit/train.js";
import { anyNumber, columnNames, defined, numberBetween, seedNumber, wholeNumber, wholeNumbers } from "./options.js";
import { numbersOf } from "./rows.js";

interface FitFlags {
  readonly target: string;
  readonly inputs?: readonly string[];
  readonly text?: readonly string[];
  readonly family: Family;
  readonly components?: number;
  readonly low?: number;
  readonly high?: number;
  readonly totalCount?: number;
  readonly hidden?: readonly number[];
  readonly epochs?: number;
  readonly batch?: number;
  readonly validation?: number;
  readonly learningRate?: number;
  readonly patience?: number;
  readonly ensemble?: number;
  readonly seed?: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function fitCommand(): Command {
  return new Command("fit")
    .summary("learn how one column is spread, given the others")
    .description(
      "Learns p(target | inputs) from a table and writes a model, its training history and a report with pictures.",
    )
    .argument("<table>", "a CSV or TSV file, plain or .gz, or - for standard input")
    .requiredOption("--target <column>", "the column to predict: numbers")
    .option(
      "--inputs <columns>",
      "columns to predict from, parted by commas (default: all others)",
      columnNames("--inputs"),
    )
    .option("--text <columns>", "columns to read as text, such as codes that look like numbers", columnNames("--text"))
    .option(
      "--family <name>",
      "the kind of distribution: a mixture of normals, or one of those below",
      familyOption("--family"),
      "mixture",
    )
    .option(
      "--components <n>",
      "normals in the mixture (default: 20)",
      wholeNumber("--components", { least: 1, most: 1000 }),
    )
    .option("--low <value>", "least value that the target can take, for truncatedNormal and pareto", anyNumber("--low"))
    .option("--high <value>", "greatest value that the target can take, for truncatedNormal", anyNumber("--high"))
    .option(
      "--total-count <n>",
      "trials behind each count, for binomial and betaBinomial",
      wholeNumber("--total-count", { least: 1, most: Number.MAX_SAFE_INTEGER }),
    )
    .option(
      "--hidden <widths>",
      "units of each hidden layer (default: 128,128)",
      wholeNumbers("--hidden", { least: 1, most: 16_384, example: "128,128" }),
    )
    .option(
      "--epochs <n>",
      "passes over the rows at most (default: 300)",
      wholeNumber("--epochs", { least: 1, most: 1_000_000 }),
    )
    .option(
      "--batch <n>",
      "rows a step (default: 128, fewer for small tables)",
      wholeNumber("--batch", { least: 1, most: 1_000_000 }),
    )
    .option("--validation <share>", "share of the rows held out (default: 0.15)", numberBetween("--validation", 0, 1))
    .option(
      "--learning-rate <rate>",
      "size of the steps (default: 0.001)",
      numberBetween("--learning-rate", 0, Infinity),
    )
    .option(
      "--patience <n>",
      "epochs without improvement before training stops (default: 10, more for small tables)",
      wholeNumber("--patience", { least: 1, most: 1_000_000 }),
    )
    .option(
      "--ensemble <n>",
      "networks to train and mix evenly (default: 1)",
      wholeNumber("--ensemble", { least: 1, most: 1000 }),
    )
    .option("--seed <n>", "the same seed gives the same model (default: 1)", seedNumber("--seed"))
    .option("--out <folder>", "where to write (default: runs/<target>)")
    .option("--force", "replace the run that --out holds")
    .option("--json", "print the summary as one JSON object")
    .addHelpText(
      "after",
      `
Example:
  $ credence fit trips.csv --target minutes
  $ credence fit trips.csv --target minutes --inputs distance,hour,weekday --text weekday --ensemble 5 --out runs/trips

Families:
${familyList()}
Writes model.safetensors, history.csv and report.html. Ctrl-C stops training and keeps the best weights so far.`,
    )
    .action(fit);
}

async function fit(source: string, flags: FitFlags): Promise<void> {
  const options = optionsOf(flags);
  const folder = flags.out ?? defaultFolder(flags.target);
  await checkFolder(folder, { force: flags.force === true });
  const raw = await readTable(source);
  const { table, inputs, notes } = prepareTable(raw, flags);
  checkTargets(raw, flags.target, numbersOf(table, flags.target), options);
  say(`  ${introduction(table, flags.target, options)}`);
  for (const note of notes) sayNote(note);

  await interruptible(async (signal) => {
    const model = await train(table, options, { target: flags.target, inputs, signal });
    for (const note of model.summary.notes) sayNote(note);
    const all = [...notes, ...model.summary.notes];
    const { files, data } = await saveRun(folder, { model, target: flags.target, table, raw, source, notes: all });
    const tell = flags.json ? say : print;
    for (const line of resultLines(model.summary, data, files)) tell(`  ${line}`);
    if (flags.json) print(fitJson(model, files, { rows: raw.rows, columns: raw.names.length }));
  });
}

function optionsOf(flags: FitFlags): DensityOptions & { readonly family: Family } {
  const {
    family,
    components,
    hidden,
    epochs,
    batch: batchSize,
    validation,
    learningRate,
    patience,
    ensemble,
    seed,
  } = flags;
  if (family !== "mixture" && components !== undefined) {
    fail({
      given: `--components is ${components}, but --family ${family} is no mixture`,
      allowed: "--components with --family mixture",
      mend: "leave one of the two out",
    });
  }
  const limits = { low: flags.low, high: flags.high, totalCount: flags.totalCount };
  checkLimits(family, limits);
  const given = {
    components,
    hidden,
    epochs,
    batchSize,
    validation,
    learningRate,
    patience,
    ensemble,
    seed,
    ...limits,
  };
  return { family, ...defined(given) };
}
