import { type DensityModel, type FitSummary, familyTitle, type Table, takeRows } from "credence/models";
import type { Comparison, Example, FiveQuantiles, MemberHistory, ReportData } from "../../report/data.js";
import { count } from "../../report/format.js";
import type { RawTable } from "../../table/index.js";
import { version } from "../../version.js";
import { numbersOf, spread } from "../rows.js";
import { momentsOf, normalBaseline, uniformityP } from "./calibration.js";
import { type Input, rankInputs } from "./importance.js";
import { FIVE, quantilesOf, viewsOf } from "./views.js";

/** More pictures than this are not looked at. */
const MOST_VIEWS = 4;
const PREDICTIONS = 100;
const EXAMPLES = 6;
/** More held-out rows would only take time: these tell coverage to half a percent. */
const MOST_SCORED = 10_000;

export interface FittedRun {
  readonly model: DensityModel;
  readonly target: string;
  readonly table: Table;
  /** The same rows as they stand in the user's file. */
  readonly raw: RawTable;
  /** How the user named the table. */
  readonly source: string;
  /** Where the model is saved. */
  readonly file: string;
  readonly notes: readonly string[];
  /** A network trained on squared error, for contrast. */
  readonly squaredError?: DensityModel;
  /** The families that were tried. */
  readonly comparison?: Comparison;
}

/** Scores the held-out rows and looks at what the model predicts along its most telling inputs. */
export async function reportData(run: FittedRun): Promise<ReportData> {
  const { model, target, table, notes, squaredError } = run;
  const { summary } = model;
  const held = summary.validationIndices;
  const known = held.length > 0 ? held : Array.from({ length: table.rows }, (_, row) => row);
  const rows = spread(known.length, MOST_SCORED).map((at) => known[at] as number);
  const scored = takeRows(table, rows);
  const { pit, ...scores } = await model.evaluate(scored);
  const actual = numbersOf(scored, target);
  const inputs = rankInputs(model, target, scored);
  const pictured = {
    model,
    target,
    table,
    seed: model.options.seed,
    ...(squaredError !== undefined && { squaredError }),
  };
  return {
    model: facts(run, inputs),
    notes,
    history: history(summary, model.options.epochs),
    scores: {
      ...scores,
      scoredOn: held.length > 0 ? "validation" : "training",
      baseline: normalBaseline(trainingTargets(table, target, held), actual),
      targetDeviation: momentsOf(actual).deviation,
    },
    ...(run.comparison && { comparison: run.comparison }),
    calibration: { pit: Array.from(pit), uniformityP: uniformityP(pit) },
    views: viewsOf(
      pictured,
      inputs.map(({ name }) => name),
      MOST_VIEWS,
    ),
    ...spelledOut({ run, scored, actual, rows, inputs }),
  };
}

/** @param inputs the model's inputs, the most telling first */
function facts({ model, target, source, table, file }: FittedRun, inputs: readonly Input[]): ReportData["model"] {
  const { options, summary, family } = model;
  return {
    target,
    inputs,
    table: source === "-" ? "standard input" : source,
    rows: table.rows,
    trainingRows: summary.trainingRows,
    validationRows: summary.validationRows,
    family,
    law: lawInWords(model),
    components: family === "mixture" ? options.components : 1,
    ensemble: options.ensemble,
    parameters: summary.parameters * options.ensemble,
    settings: settingsOf(model),
    file,
    version,
    seed: options.seed,
    seconds: summary.seconds,
  };
}

/** What the model answers for a row, to follow an article. */
function lawInWords({ family, options }: DensityModel): string {
  if (family === "mixture") return `mixture of ${count(options.components, "normal")}`;
  return family === "gaussian" ? "single normal" : familyTitle(family);
}

/** As they would be written on the command line. */
function settingsOf({ options, family }: DensityModel): (readonly [string, string])[] {
  return [
    ["family", family],
    ...(family === "mixture" ? [["components", String(options.components)] as const] : []),
    ...(options.low === undefined ? [] : [["low", String(options.low)] as const]),
    ...(options.high === undefined ? [] : [["high", String(options.high)] as const]),
    ...(options.totalCount === undefined ? [] : [["total-count", String(options.totalCount)] as const]),
    ["hidden", options.hidden.join(",")],
    ["epochs", String(options.epochs)],
    ["batch", String(options.batchSize)],
    ["validation", String(options.validation)],
    ["learning-rate", String(options.learningRate)],
    ["patience", String(options.patience)],
    ["ensemble", String(options.ensemble)],
    ["seed", String(options.seed)],
  ];
}

function history({ members }: FitSummary, epochLimit: number): MemberHistory[] {
  return members.map(({ epochs, bestEpoch, stoppedBy }) => ({ epochs, bestEpoch, epochLimit, stoppedBy }));
}

function trainingTargets(table: Table, target: string, held: readonly number[]): Float64Array {
  const isHeld = new Set(held);
  return numbersOf(table, target).filter((_, row) => !isHeld.has(row));
}

interface ScoredRows {
  readonly run: FittedRun;
  readonly scored: Table;
  readonly actual: Float64Array;
  /** Their numbers in the table. */
  readonly rows: readonly number[];
  readonly inputs: readonly Input[];
}

function spelledOut({
  run: { model, raw },
  scored,
  actual,
  rows,
  inputs,
}: ScoredRows): Pick<ReportData, "predictions" | "examples"> {
  const chosen = spread(scored.rows, PREDICTIONS);
  const quantiles = quantilesOf(model, takeRows(scored, chosen), FIVE);
  const all = chosen.map(
    (at, i): Example => ({
      actual: actual[at] as number,
      quantiles: quantiles[i] as unknown as FiveQuantiles,
      inputs: inputs.map(({ name }) => raw.columns[raw.names.indexOf(name)]?.[rows[at] as number] ?? ""),
    }),
  );
  return { predictions: all, examples: spread(all.length, EXAMPLES).map((i) => all[i] as Example) };
}
