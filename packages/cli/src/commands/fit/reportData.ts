import type { DensityModel, FitSummary, Table } from "credence/models";
import type { Example, FiveQuantiles, MemberHistory, ReportData, StoppedBy } from "../../report/data.js";
import type { RawTable } from "../../table/index.js";
import { numbersOf, spread, takeRows } from "../rows.js";
import { version } from "../../version.js";
import { momentsOf, normalBaseline, uniformityP } from "./calibration.js";
import { rankInputs } from "./importance.js";
import { FIVE, quantilesOf, viewsOf } from "./views.js";

/** More pictures than this are not looked at. */
const MOST_VIEWS = 4;
const PREDICTIONS = 100;
const EXAMPLES = 6;

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
  readonly baseline?: DensityModel;
}

/** Scores the held-out rows and looks at what the model predicts along its most telling inputs. */
export async function reportData(run: FittedRun): Promise<ReportData> {
  const { model, target, table, raw, notes, baseline } = run;
  const { summary } = model;
  const held = summary.validationIndices;
  const rows = held.length > 0 ? held : Array.from({ length: table.rows }, (_, row) => row);
  const scored = takeRows(table, rows);
  const { pit, ...scores } = await model.evaluate(scored);
  const actual = numbersOf(scored, target);
  const inputs = rankInputs(model, target, scored).map(({ input }) => input);
  const pictured = { model, target, table, seed: model.options.seed, ...(baseline !== undefined && { baseline }) };
  return {
    model: facts(run),
    notes,
    history: history(summary, model.options.epochs),
    scores: {
      ...scores,
      scoredOn: held.length > 0 ? "validation" : "training",
      baseline: normalBaseline(trainingTargets(table, target, held), actual),
      targetDeviation: momentsOf(actual).deviation,
    },
    calibration: { pit: Array.from(pit), uniformityP: uniformityP(pit) },
    views: viewsOf(pictured, inputs).slice(0, MOST_VIEWS),
    ...spelledOut(model, scored, actual, rows, raw),
  };
}

function facts({ model, target, source, table, file }: FittedRun): ReportData["model"] {
  const { options, summary, family } = model;
  return {
    target,
    inputs: model.inputs,
    table: source === "-" ? "standard input" : source,
    rows: table.rows,
    trainingRows: summary.trainingRows,
    validationRows: summary.validationRows,
    family: family === "gaussian" ? "gaussian" : "mixture",
    components: family === "gaussian" ? 1 : options.components,
    ensemble: options.ensemble,
    parameters: summary.parameters,
    settings: settingsOf(model),
    file,
    version,
    seed: options.seed,
    seconds: summary.seconds,
  };
}

/** As they would be written on the command line. */
function settingsOf({ options, family }: DensityModel): (readonly [string, string])[] {
  return [
    ["family", family],
    ...(family === "mixture" ? [["components", String(options.components)] as const] : []),
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

const stops: Record<FitSummary["stoppedBy"], StoppedBy> = {
  epochs: "epochs",
  earlyStopping: "patience",
  callback: "patience",
  aborted: "interrupted",
  nonFinite: "nonFinite",
};

function history({ members }: FitSummary, epochLimit: number): MemberHistory[] {
  return members.map(({ epochs, bestEpoch, stoppedBy }) => ({
    epochs: epochs.map(({ validationLoss, ...rest }) =>
      Number.isNaN(validationLoss) ? rest : { ...rest, validationLoss },
    ),
    bestEpoch,
    epochLimit,
    stoppedBy: stops[stoppedBy],
  }));
}

function trainingTargets(table: Table, target: string, held: readonly number[]): Float64Array {
  const isHeld = new Set(held);
  return numbersOf(table, target).filter((_, row) => !isHeld.has(row));
}

function spelledOut(
  model: DensityModel,
  scored: Table,
  actual: Float64Array,
  rows: readonly number[],
  raw: RawTable,
): Pick<ReportData, "predictions" | "examples"> {
  const chosen = spread(scored.rows, PREDICTIONS);
  const quantiles = quantilesOf(model, takeRows(scored, chosen), FIVE);
  const all = chosen.map(
    (at, i): Example => ({
      actual: actual[at] as number,
      quantiles: quantiles[i] as unknown as FiveQuantiles,
      inputs: model.inputs.map(({ name }) => raw.columns[raw.names.indexOf(name)]?.[rows[at] as number] ?? ""),
    }),
  );
  return { predictions: all, examples: spread(all.length, EXAMPLES).map((i) => all[i] as Example) };
}
