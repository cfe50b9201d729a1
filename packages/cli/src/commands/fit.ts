import { Command } from "commander";
import type { Family } from "credence/models";
import { fail } from "../errors.js";
import { checkFolder } from "../files.js";
import { readTable } from "../table/index.js";
import { print, say, sayNote } from "../terminal.js";
import { chooseFamily } from "./compare/choose.js";
import { checkLimits, checkTargets, familyList, familyOrAuto } from "./fit/family.js";
import { defaultFolder } from "./fit/folder.js";
import { interruptible } from "./fit/interruptible.js";
import { fitJson, saveRun } from "./fit/run.js";
import { introduction, resultLines } from "./fit/summary.js";
import { prepareTable } from "./fit/table.js";
import { train } from "./fit/train.js";
import { numbersOf } from "./rows.js";
import { columnOptions, densityOptions, type TrainingFlags, trainingOptions } from "./training.js";

interface FitFlags extends TrainingFlags {
  readonly family: Family | "auto";
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function fitCommand(): Command {
  const command = columnOptions(
    new Command("fit")
      .summary("learn how one column is spread, given the others")
      .description(
        "Learns p(target | inputs) from a table and writes a model, its training history and a report with pictures.",
      )
      .argument("<table>", "a CSV or TSV file, plain or .gz, or - for standard input"),
  ).option(
    "--family <name>",
    "the kind of distribution: a mixture of normals, one of those below, or auto, which tries some",
    familyOrAuto("--family"),
    "mixture",
  );
  return trainingOptions(command)
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
  const { family, target } = flags;
  const options = densityOptions(flags);
  if (family !== "auto") checkOptions(family, flags);
  const folder = flags.out ?? defaultFolder(target);
  await checkFolder(folder, { force: flags.force === true });
  const raw = await readTable(source);
  const { table, inputs, notes } = prepareTable(raw, flags);
  const values = numbersOf(table, target);
  if (family !== "auto") checkTargets(raw, target, values, { ...options, family });
  if (family !== "auto") say(`  ${introduction(table, target, { ...options, family })}`);
  for (const note of notes) sayNote(note);

  await interruptible(async (signal) => {
    const fitted =
      family === "auto"
        ? await chooseFamily({ table, target, inputs, options, signal })
        : { model: await train(table, { ...options, family }, { target, inputs, signal }), comparison: undefined };
    const { model, comparison } = fitted;
    for (const note of model.summary.notes) sayNote(note);
    const all = [...notes, ...model.summary.notes];
    const run = { model, target, table, raw, source, notes: all, ...(comparison && { comparison }) };
    const { files, data } = await saveRun(folder, run);
    const tell = flags.json ? say : print;
    for (const line of resultLines(model.summary, data, files)) tell(`  ${line}`);
    const size = { rows: raw.rows, columns: raw.names.length };
    if (flags.json) print(fitJson(model, files, { ...size, ...(comparison && { families: comparison.standings }) }));
  });
}

/** @throws UsageError when an option has nothing to do with the family, or one that it needs is not given */
function checkOptions(family: Family, { components, low, high, totalCount }: FitFlags): void {
  if (family !== "mixture" && components !== undefined) {
    fail({
      given: `--components is ${components}, but --family ${family} is no mixture`,
      allowed: "--components with --family mixture",
      mend: "leave one of the two out",
    });
  }
  checkLimits(family, { low, high, totalCount });
}
