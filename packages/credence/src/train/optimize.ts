import { fail } from "../errors.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import type { Params } from "../nn/network.js";
import { mapParams, type Optimizer } from "../optim/optimizer.js";
import { compile } from "../program/compile.js";
import { foldIn, permutation } from "../random/index.js";
import type { Callback } from "./callbacks.js";
import { Pacer } from "./pause.js";
import { atStart, compileSteps, controlsOf, type Run, type State } from "./steps.js";
import type { EpochLog, TrainProgress, TrainStop } from "./types.js";

/** Columns of training data by name, each with a row an example. */
export type Rows = Readonly<Record<string, Tensor>>;

export interface OptimizeProblem {
  readonly params: Params;
  /** Mean loss of a batch, a scalar. It is compiled: it may not look at numbers. */
  readonly loss: (params: Params, batch: Rows) => Tensor;
  readonly data: Rows;
  readonly validation?: Rows | undefined;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly batchSize: number;
  /** Key of the shuffling. */
  readonly key: Tensor;
  readonly callbacks?: readonly Callback[];
  /** Gradients with a greater norm are scaled down to it; a norm that is not finite is an error. */
  readonly clipNorm?: number | undefined;
  /** Decay of a running mean of the weights that is what validation sees and the run answers; default: none. */
  readonly averageWeights?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
}

export interface OptimizeResult {
  readonly params: Params;
  readonly history: readonly EpochLog[];
  readonly bestEpoch: number;
  readonly steps: number;
  readonly stoppedBy: TrainStop;
  /** Time in training steps alone, without validation. */
  readonly stepSeconds: number;
}

/**
 * Minimises a loss over rows in shuffled batches. The whole step (rows, forward, backward, clipping, update) is compiled, and a call
 * runs as many steps as fit into a few milliseconds; state and data stay in the module's memory. Between calls other events may run, and
 * the signal may abort.
 *
 * Every epoch sees each row; the last batch is filled up from the epoch's first rows.
 */
export async function optimize(problem: OptimizeProblem): Promise<OptimizeResult> {
  const { data, optimizer, epochs, callbacks = [], signal, onProgress } = problem;
  const count = rowCount(data);
  const batch = Math.min(problem.batchSize, count);
  const stepsPerEpoch = Math.ceil(count / batch);
  const mustBeFinite = callbacks.some((callback) => callback.name === "terminateOnNonFinite");
  const advance = compileSteps(problem, { batch, steps: stepsPerEpoch, mustBeFinite });
  const validate = problem.validation ? compileValidation(problem.loss, problem.validation) : undefined;
  const listeners = callbacks.map((callback) => callback.start());
  const scheduled = optimizer.learningRate;
  const rateAt = (done: number): number => (typeof scheduled === "number" ? scheduled : scheduled(done));

  let state: State = {
    params: problem.params,
    optimizer: optimizer.init(problem.params),
    average: problem.averageWeights === undefined ? [] : problem.params,
  };
  const result = (): Params => (problem.averageWeights === undefined ? state.params : state.average);
  let kept: { params: Params; epoch: number } | undefined;
  let stoppedBy: TrainStop | undefined;
  let factor = 1;
  let steps = 0;
  let stepSeconds = 0;
  let validationLoss = Number.NaN;
  const history: EpochLog[] = [];
  const pacer = new Pacer();

  for (let epoch = 1; epoch <= epochs && !stoppedBy; epoch++) {
    const order = epochOrder(problem.key, epoch, count, stepsPerEpoch * batch);
    const controls = controlsOf(stepsPerEpoch, steps, (done) => factor * rateAt(done), problem);
    let run: Run = { state, progress: atStart() };
    let [done, total, norm, goesOn] = [0, 0, 0, 1];
    while (done < stepsPerEpoch && !stoppedBy) {
      if ((await pacer.breathe()) && signal?.aborted) {
        stoppedBy = "aborted";
        break;
      }
      if (onProgress && done > 0 && pacer.shouldReport()) {
        onProgress({ epoch, epochs, step: done, steps: stepsPerEpoch, loss: total / done, validationLoss });
      }
      const before = done;
      const until = Math.min(stepsPerEpoch, done + pacer.steps);
      const began = performance.now();
      const out = advance(run, data, order, controls, tensor(until, { dtype: "int32" }));
      [done, total, norm, goesOn] = out.report.data() as unknown as [number, number, number, number];
      const milliseconds = performance.now() - began;
      pacer.took(done - before, milliseconds);
      stepSeconds += milliseconds / 1000;
      run = out.run;
      state = run.state;
      steps += done - before;
      if (goesOn === 0 && !mustBeFinite) refuseNorm(norm, epoch, done);
      if (goesOn === 0) stoppedBy = "nonFinite";
    }
    const gradientNorm = problem.clipNorm === undefined ? Number.NaN : norm;
    if (stoppedBy) break;
    const current = result();
    if (validate) validationLoss = validate(current);
    const learningRate = factor * rateAt(steps - 1);
    const loss = total / stepsPerEpoch;
    history.push({ epoch, loss, validationLoss, learningRate, gradientNorm });
    const context = {
      epoch,
      steps,
      loss,
      validationLoss,
      hasValidation: validate !== undefined,
      learningRate,
      keepWeights: () => {
        kept = { params: snapshot(current), epoch };
      },
      stop: (reason: TrainStop = "callback") => {
        stoppedBy ??= reason;
      },
    };
    for (const listener of listeners) listener.epochEnd(context);
    // a schedule may have come to 0, which no factor changes
    if (learningRate > 0) factor *= context.learningRate / learningRate;
    if (onProgress && pacer.shouldReport()) {
      onProgress({ epoch, epochs, step: stepsPerEpoch, steps: stepsPerEpoch, loss, validationLoss });
    }
    if (signal?.aborted) stoppedBy ??= "aborted";
  }
  return {
    params: kept?.params ?? snapshot(result()),
    history,
    bestEpoch: kept?.epoch ?? history.length,
    steps,
    stoppedBy: stoppedBy ?? "epochs",
    stepSeconds,
  };
}

const VALIDATION_BLOCK = 2048;

/** Mean loss over the held-out rows, in blocks so that memory stays small. */
function compileValidation(loss: OptimizeProblem["loss"], rows: Rows): (params: Params) => number {
  const count = rowCount(rows);
  const evaluate = compile(loss as (...args: readonly unknown[]) => Tensor, { name: "validation" });
  const blocks: { rows: Rows; count: number }[] = [];
  for (let start = 0; start < count; start += VALIDATION_BLOCK) {
    const end = Math.min(count, start + VALIDATION_BLOCK);
    const part = Object.entries(rows).map(([name, column]) => [name, evaluated(column.slice(0, start, end))] as const);
    blocks.push({ rows: Object.fromEntries(part), count: end - start });
  }
  return (params) =>
    blocks.reduce((sum, block) => sum + (evaluate(params, block.rows) as Tensor).item() * block.count, 0) / count;
}

function evaluated(t: Tensor): Tensor {
  t.data();
  return t;
}

/** The same tree with its numbers out of any program's memory, so that later steps can't change them. */
function snapshot(params: Params): Params {
  return mapParams(evaluated, params);
}

/** Row numbers of an epoch in the order of its key, followed by the first of them up to a whole number of batches. */
function epochOrder(key: Tensor, epoch: number, count: number, length: number): Tensor {
  const order = permutation(foldIn(key, epoch), count);
  return tensor(Int32Array.from({ length }, (_, i) => order[i % count]!));
}

export function rowCount(rows: Rows): number {
  const columns = Object.entries(rows);
  const [first] = columns;
  if (first === undefined) return fail({ code: "argument", given: "train: no data", allowed: "at least one column" });
  for (const [name, column] of columns) {
    if (column.rank === 0 || column.shape[0] !== first[1].shape[0]) {
      fail({
        code: "shape",
        given: `train: ${name} has shape [${column.shape.join(", ")}], ${first[0]} [${first[1].shape.join(", ")}]`,
        allowed: "the same number of rows in each",
      });
    }
  }
  const count = first[1].shape[0] as number;
  return count > 0 ? count : fail({ code: "shape", given: "train: no rows", allowed: "at least one" });
}

function refuseNorm(norm: number, epoch: number, step: number): never {
  return fail({
    code: "nonFinite",
    given: `train: the gradient's norm is ${norm} at step ${step} of epoch ${epoch}`,
    allowed: "a finite number",
    mend: "lower the learning rate, give scales a larger floor, or add callbacks.terminateOnNonFinite()",
  });
}
