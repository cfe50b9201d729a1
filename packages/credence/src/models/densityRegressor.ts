import { openUnitInterval, positive } from "../distributions/constraints.js";
import { fail } from "../errors.js";
import { tensor } from "../graph/literal.js";
import { headFamily } from "../nn/families/index.js";
import { foldIn, key, permutation } from "../random/index.js";
import type { TrainStop } from "../train/types.js";
import { DensityModel, type ModelParts, networkSpecOf } from "./densityModel.js";
import { isHeadFamily } from "./families.js";
import { checkStorable } from "./file.js";
import { encodeInputs, fitInputs } from "./inputs.js";
import { type Block, type MemberJob, type MemberResult, trainMember } from "./member.js";
import { dataUnits } from "./network.js";
import { resolveOptions } from "./options.js";
import { batchFor, patienceFor } from "./schedule.js";
import { takeRows } from "./table.js";
import { fitTarget, type TargetSpec, targetValues } from "./targets.js";
import type { DensityOptions, Family, FitOptions, FitSummary, MemberHistory, ResolvedOptions, Table } from "./types.js";
import { availableThreads, trainOnThread } from "./workerNode.js";

export interface DensityRegressor {
  fit(table: Table, options: FitOptions): Promise<DensityModel>;
}

/**
 * A regressor that answers with a distribution: a mixture density network over a table, with all that belongs around it.
 *
 * Inputs and targets are standardised, text columns one-hot encoded, missing inputs flagged; part of the rows is held out to decide
 * when to stop; the running mean of the weights that did best on them is kept. An ensemble is the even mixture of members
 * trained from different keys, side by side where there are threads. The same seed gives the same model, byte for byte.
 *
 *     const model = await densityRegressor({ family: "mixture" }).fit(table, { target: "minutes" });
 *     model.predict(rows).quantile(0.9).toArray();
 *
 * @throws CredenceError `argument`: an option out of range
 * @source Bishop, Mixture density networks (1994); Lakshminarayanan, Pritzel and Blundell, Simple and scalable predictive
 *   uncertainty estimation using deep ensembles (2017)
 */
export function densityRegressor(options: DensityOptions = {}): DensityRegressor {
  const resolved = resolveOptions(options);
  return { fit: (table, fitOptions) => fit(table, resolved, options, fitOptions) };
}

async function fit(
  table: Table,
  options: ResolvedOptions,
  given: DensityOptions,
  fitOptions: FitOptions,
): Promise<DensityModel> {
  const began = performance.now();
  const { inputs: inputNames, targets: targetNames } = chooseColumns(table, fitOptions);
  const { training, validation } = splitRows(table.rows, options.validation, options.seed);
  const notes: string[] = [];
  const targets = targetNames.map((name) => fitTarget(table, name, training, notes, options));
  const inputs = fitInputs(table, inputNames, training, notes);
  if (inputs.length === 0)
    fail({ code: "argument", given: "fit: no input column has values", allowed: "at least one" });

  checkStorable({ options, inputs, targets });
  const spec = networkSpecOf({ options, inputs, targets });
  const features = encodeInputs(table, inputs);
  const scaled = scaleTargets(table, targets, options);
  const block = (rows: Int32Array): Block => ({
    rows: rows.length,
    x: pickRows(features, rows, spec.features),
    y: pickRows(scaled, rows, targets.length),
  });
  const batchSize =
    given.batchSize === undefined ? batchFor(training.length) : Math.min(given.batchSize, training.length);
  const rule = patienceFor(training.length, batchSize);
  const patience = given.patience ?? rule.patience;
  const shared = {
    spec,
    training: block(training),
    validation: validation.length > 0 ? block(validation) : undefined,
    epochs: options.epochs,
    batchSize,
    learningRate: options.learningRate,
    patience,
    plateau: given.patience === undefined ? rule.plateau : Math.max(1, Math.ceil(given.patience / 2)),
    seed: options.seed,
  };
  const jobs = Array.from({ length: options.ensemble }, (_, member): MemberJob => ({ ...shared, member }));
  const shift =
    options.family === "mse"
      ? undefined
      : targets.reduce((sum, t) => sum + tensor(dataUnits(options.family, t).sd).log().item(), 0);
  const results = await trainAll(jobs, fitOptions, (loss) => (shift === undefined ? loss : loss + shift));

  const parts: ModelParts = {
    options: { ...options, batchSize, patience },
    inputs,
    targets,
    residuals: targets.map(() => 1),
    members: results.map((r) => r.weights),
    summary: summarize(results, { training, validation, rows: table.rows, notes, shift: shift ?? 0 }),
  };
  return score(table, parts, { training, validation, seconds: (performance.now() - began) / 1000 });
}

/** Adds the scores of the whole ensemble to the summary, and for `mse` the spread of its errors. */
function score(
  table: Table,
  parts: ModelParts,
  { training, validation, seconds }: { training: Int32Array; validation: Int32Array; seconds: number },
): DensityModel {
  const judged = validation.length > 0 ? validation : training;
  const residuals =
    parts.options.family === "mse"
      ? residualsOf(new DensityModel(parts), takeRows(table, judged), parts.targets)
      : parts.residuals;
  const model = new DensityModel({ ...parts, residuals });
  const trainNll = model.nll(takeRows(table, training));
  const validationNll = validation.length > 0 ? model.nll(takeRows(table, validation)) : Number.NaN;
  return new DensityModel({ ...parts, residuals, summary: { ...parts.summary, trainNll, validationNll, seconds } });
}

/** Root mean square error of the mean on the given rows, in units of each target's spread, not below its floor. */
function residualsOf(model: DensityModel, table: Table, targets: readonly TargetSpec[]): number[] {
  const mean = model.predict(table).mean().data();
  return targets.map((target, j) => {
    const values = targetValues(table, target.name);
    let squares = 0;
    for (let i = 0; i < table.rows; i++) squares += (values[i]! - mean[i * targets.length + j]!) ** 2;
    return Math.max(target.floor, Math.sqrt(squares / table.rows)) / target.sd;
  });
}

function chooseColumns(table: Table, { target, inputs }: FitOptions): { inputs: string[]; targets: string[] } {
  const names = table.columns.map((column) => column.name);
  const duplicate = names.find((name, i) => names.indexOf(name) !== i);
  if (duplicate !== undefined)
    fail({ code: "argument", given: `fit: two columns are named "${duplicate}"`, allowed: "different names" });
  if (table.rows < 2) fail({ code: "shape", given: `fit: a table of ${table.rows} rows`, allowed: "at least 2" });
  const targets = typeof target === "string" ? [target] : [...target];
  if (targets.length === 0) fail({ code: "argument", given: "fit: no target", allowed: "at least one column" });
  const chosen = inputs ? [...inputs] : names.filter((name) => !targets.includes(name));
  for (const [role, list] of [
    ["target", targets],
    ["inputs", chosen],
  ] as const) {
    const twice = list.find((name, i) => list.indexOf(name) !== i);
    if (twice !== undefined)
      fail({ code: "argument", given: `fit: ${role} lists "${twice}" twice`, allowed: "each column once" });
  }
  const both = chosen.find((name) => targets.includes(name));
  if (both !== undefined)
    fail({ code: "argument", given: `fit: ${both} is both input and target`, mend: "leave it out of inputs" });
  if (chosen.length === 0)
    fail({ code: "argument", given: "fit: no inputs", allowed: "at least one column beside the target" });
  return { inputs: chosen, targets };
}

/** The held-out rows are drawn by the seed alone, so that all members of an ensemble share them. */
function splitRows(rows: number, share: number, seed: number): { training: Int32Array; validation: Int32Array } {
  const held = share === 0 ? 0 : Math.min(rows - 1, Math.max(1, Math.round(rows * share)));
  const order = permutation(foldIn(key(seed), HOLD_OUT), rows);
  return { validation: order.slice(0, held).sort(), training: order.slice(held).sort() };
}

/** Members use the numbers from 0 on; this one is out of their way. */
const HOLD_OUT = 2 ** 31 - 1;

function scaleTargets(table: Table, targets: readonly TargetSpec[], { family }: ResolvedOptions): Float32Array {
  const out = new Float32Array(table.rows * targets.length);
  targets.forEach((target, j) => {
    const { mean, sd } = dataUnits(family, target);
    const values = targetValues(table, target.name);
    const [least, most] = insideInFloat32(family);
    for (let i = 0; i < table.rows; i++)
      out[i * targets.length + j] = Math.min(most, Math.max(least, (values[i]! - mean) / sd));
  });
  return out;
}

/** Between these a number that lies inside a support without its ends does not reach them by rounding to float32. */
function insideInFloat32(family: Family): readonly [number, number] {
  const none = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  if (!isHeadFamily(family)) return none;
  const support = headFamily(family).support({ low: none[0], high: none[1] });
  if (support === positive) return [2 ** -126, none[1]];
  return support === openUnitInterval ? [2 ** -126, 1 - 2 ** -24] : none;
}

function pickRows(data: Float32Array, rows: Int32Array, width: number): Float32Array {
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    out.set(data.subarray(row * width, (row + 1) * width), i * width);
  });
  return out;
}

/** Trains the members: on threads where there is more than one of both, else one after the other here. */
async function trainAll(
  jobs: readonly MemberJob[],
  { workers, signal, onProgress }: FitOptions,
  unit: (loss: number) => number,
): Promise<MemberResult[]> {
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1)) {
    fail({ code: "argument", given: `fit: workers is ${workers}`, allowed: "a whole number of at least 1" });
  }
  const threads = Math.min(jobs.length, workers ?? (await availableThreads()));
  const train = threads > 1 && (await availableThreads()) > 0 ? trainOnThread : trainMember;
  const results: MemberResult[] = [];
  // where one member fails the others need not go on
  const failed = new AbortController();
  const stop = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let i = next++; i < jobs.length; i = next++) {
      const job = jobs[i] as MemberJob;
      const report = (progress: { epoch: number; loss: number; validationLoss: number }, finished: boolean): void =>
        onProgress?.({
          member: i,
          members: jobs.length,
          epoch: progress.epoch,
          epochs: job.epochs,
          loss: unit(progress.loss),
          validationLoss: unit(progress.validationLoss),
          finished,
        });
      const result = await train(job, {
        signal: stop,
        onProgress: onProgress && ((progress) => report(progress, false)),
      }).catch((error: unknown) => {
        failed.abort();
        throw error;
      });
      results[i] = result;
      const last = result.history[result.history.length - 1];
      if (last) report(last, true);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, threads) }, lane));
  return results;
}

function summarize(
  results: readonly MemberResult[],
  {
    training,
    validation,
    rows,
    notes,
    shift,
  }: { training: Int32Array; validation: Int32Array; rows: number; notes: string[]; shift: number },
): FitSummary {
  const steps = results.reduce((sum, r) => sum + r.steps, 0);
  const stepSeconds = results.reduce((sum, r) => sum + r.stepSeconds, 0);
  const worst: TrainStop[] = ["aborted", "nonFinite", "epochs", "earlyStopping", "callback"];
  const stoppedBy = worst.find((reason) => results.some((r) => r.stoppedBy === reason)) ?? "epochs";
  if (stoppedBy === "nonFinite")
    notes.push("Training met a loss that was not finite and stopped there; the best weights before it were kept.");
  return {
    rows,
    trainingRows: training.length,
    validationRows: validation.length,
    validationIndices: Array.from(validation),
    parameters: (results[0] as MemberResult).weights.reduce((sum, w) => sum + w.data.length, 0),
    epochs: Math.max(...results.map((r) => r.history.length)),
    steps,
    seconds: Number.NaN,
    stepMilliseconds: steps === 0 ? 0 : (1000 * stepSeconds) / steps,
    trainNll: Number.NaN,
    validationNll: Number.NaN,
    stoppedBy,
    members: results.map(
      (r): MemberHistory => ({
        epochs: r.history.map(({ epoch, loss, validationLoss, learningRate }) => ({
          epoch,
          loss: loss + shift,
          validationLoss: validationLoss + shift,
          learningRate,
        })),
        bestEpoch: r.bestEpoch,
        stoppedBy: r.stoppedBy,
        steps: r.steps,
      }),
    ),
    notes,
  };
}
