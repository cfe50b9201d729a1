import { Command } from "commander";
import { foldIn, key, permutation } from "credence";
import { commonFamiliesFor, type Family, type Table, takeRows } from "credence/models";
import { fail } from "../errors.js";
import { writeFileWhole } from "../files.js";
import type { Comparison } from "../report/data.js";
import { count } from "../report/format.js";
import { readTable } from "../table/index.js";
import { print, say, sayNote } from "../terminal.js";
import { plain } from "../words.js";
import { enterAll } from "./compare/enter.js";
import { mixedNote, standingLines, verdict } from "./compare/lines.js";
import { standingsOf } from "./compare/standings.js";
import { checkTargets, familiesOption } from "./fit/family.js";
import { interruptible } from "./fit/interruptible.js";
import { prepareTable } from "./fit/table.js";
import { numberBetween } from "./options.js";
import { numbersOf } from "./rows.js";
import { columnOptions, densityOptions, type TrainingFlags, trainingOptions } from "./training.js";

interface CompareFlags extends TrainingFlags {
  readonly families?: readonly Family[];
  readonly holdout: number;
  readonly plot?: string;
  readonly json?: boolean;
}

export function compareCommand(): Command {
  const command = columnOptions(
    new Command("compare")
      .summary("find the family of distributions that predicts best")
      .description(
        "Trains one model a family on the same rows and scores all on rows that none of them has seen.\nWrites no model: fit does, with the --family that you choose.",
      )
      .argument("<table>", "a CSV or TSV file, plain or .gz, or - for standard input"),
  )
    .option(
      "--families <names>",
      "families to compare, parted by commas (default: the usual ones for such targets)",
      familiesOption("--families"),
    )
    .option("--holdout <share>", "share of the rows to score on", numberBetween("--holdout", 0, 1), 0.2);
  return trainingOptions(command)
    .option("--plot <file>", "write the comparison as a picture there, as SVG")
    .option("--json", "print the comparison as one JSON object")
    .addHelpText(
      "after",
      `
Example:
  $ credence compare trips.csv --target minutes --families mixture,gamma,logNormal,weibull

NLL: negative log-likelihood, nats a row; CRPS: in units of the target; of both the lower is the better. The differences
are taken row by row; beside each stands its standard error. credence fit --help lists the families.`,
    )
    .action(compare);
}

async function compare(source: string, flags: CompareFlags): Promise<void> {
  const { target, plot } = flags;
  const options = densityOptions(flags);
  const raw = await readTable(source);
  const { table, inputs, notes } = prepareTable(raw, flags);
  const values = numbersOf(table, target);
  const families = flags.families ?? commonFamiliesFor(values, options);
  for (const family of families) checkTargets(raw, target, values, { ...options, family });
  for (const note of notes) sayNote(note);
  const { training, test } = split(table, flags.holdout, flags.seed ?? 1);
  say(
    plain(
      `  ${count(training.rows, "row")} to learn from, ${count(test.rows, "row")} held out -> ${target}: ${families.join(", ")}`,
    ),
  );
  const note = mixedNote(families);
  if (note !== undefined) sayNote(note);
  await interruptible(async (signal) => {
    const race = { families, table: training, target, inputs, options, signal, scored: () => test };
    const standings = standingsOf((await enterAll(race)).entrants);
    const comparison: Comparison = { rows: test.rows, standings };
    if (plot !== undefined) {
      const { comparisonPicture } = await import("../report/charts/comparison.js");
      await writeFileWhole(plot, comparisonPicture(comparison, target));
    }
    if (flags.json) print(comparisonJson(comparison));
    else {
      for (const line of standingLines(standings, process.stdout.columns)) print(plain(line));
      print(plain(`  ${verdict(comparison)}`));
    }
    if (plot !== undefined) say(`  ${plot}`);
  });
}

function comparisonJson({ rows, standings }: Comparison): string {
  const ties = standings.filter(({ tied }) => tied).map(({ family }) => family);
  return JSON.stringify({ rows, best: standings[0]?.family, ties, families: standings });
}

/** Out of the way of the numbers that training draws from the same seed. */
const TEST_ROWS = 2 ** 31 - 2;

/** The rows that no training sees are drawn by the seed alone, so that all families share them. */
function split(table: Table, share: number, seed: number): { training: Table; test: Table } {
  const held = Math.max(1, Math.round(table.rows * share));
  if (table.rows - held < 2) {
    fail({
      given: `${count(table.rows, "row")}, of which ${held} are held out`,
      allowed: "at least 2 rows to learn from",
    });
  }
  const order = permutation(foldIn(key(seed), TEST_ROWS), table.rows);
  return {
    test: takeRows(table, order.slice(0, held).sort()),
    training: takeRows(table, order.slice(held).sort()),
  };
}
