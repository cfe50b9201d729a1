import { Command } from "commander";
import type { Scores } from "credence/models";
import { count, percent } from "../report/format.js";
import { readTable } from "../table/index.js";
import { print, sayNote } from "../terminal.js";
import { plain, shortNumber } from "../words.js";
import { loadModel, soleTarget, tableFor } from "./model.js";

export function evaluateCommand(): Command {
  return new Command("evaluate")
    .summary("score a model on rows whose target is known")
    .description("Scores a model's predictions: how likely, how near and how well calibrated they are.")
    .argument("<model>", "a model.safetensors of credence fit")
    .argument("<table>", "a CSV or TSV file, plain or .gz, or - for standard input; with the model's inputs and target")
    .option("--json", "print the scores as one JSON object")
    .addHelpText(
      "after",
      `
Example:
  $ credence evaluate runs/minutes/model.safetensors test.csv`,
    )
    .action(evaluate);
}

async function evaluate(file: string, source: string, { json }: { readonly json?: boolean }): Promise<void> {
  const model = await loadModel(file);
  const target = soleTarget(file, model);
  const raw = await readTable(source);
  const { table, notes } = tableFor(model, raw, target);
  for (const note of notes) sayNote(note);
  const scores = await model.evaluate(table);
  if (json) {
    print(scoresJson(scores));
    return;
  }
  print(plain(`${count(scores.rows, "row")} of ${raw.label}, ${target} as ${file} predicts it`));
  for (const line of scoreLines(scores, target)) print(`  ${plain(line)}`);
}

function scoresJson({ rows, nll, crps, rmse, mae, coverage, width, calibrationError }: Scores): string {
  return JSON.stringify({ rows, nll, crps, rmse, mae, coverage, width, calibrationError });
}

function scoreLines(scores: Scores, target: string): string[] {
  const { nll, crps, rmse, mae, coverage, width, calibrationError } = scores;
  const lines = [
    ["NLL", shortNumber(nll), "nats a row; lower is better"],
    ["CRPS", shortNumber(crps), `in units of ${target}; lower is better`],
    Number.isFinite(rmse)
      ? ["RMSE", shortNumber(rmse), "of the predicted mean"]
      : ["RMSE", "none", "as a predicted mean is infinite, or there is none"],
    ["MAE", shortNumber(mae), "of the predicted median"],
    ["90 % interval", percent(coverage["0.9"]), `of the rows inside; ${shortNumber(width["0.9"])} wide on average`],
    ["50 % interval", percent(coverage["0.5"]), `of the rows inside; ${shortNumber(width["0.5"])} wide on average`],
    ["calibration error", percent(calibrationError), "between promised and observed coverage, on average"],
  ] as const;
  const widest = Math.max(...lines.map(([, value]) => value.length));
  return lines.map(([label, value, meaning]) => `${label.padEnd(18)}${value.padStart(widest)}  ${meaning}`);
}
