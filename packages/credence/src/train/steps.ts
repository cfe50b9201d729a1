import { valueAndGrad } from "../autodiff/grad.js";
import { whileLoop } from "../autodiff/whileLoop.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import type { Params } from "../nn/network.js";
import { iota } from "../ops/index.js";
import { clipByGlobalNorm, globalNorm, mapParams, type OptimizerState } from "../optim/optimizer.js";
import { compile } from "../program/compile.js";
import { stack } from "../tensor/derived.js";
import type { OptimizeProblem, Rows } from "./optimize.js";

/** What training changes: it stays in the module's memory. */
export interface State {
  readonly params: Params;
  readonly optimizer: OptimizerState;
  readonly average: Params;
}

/** How far an epoch has come: steps done, the sum of their losses, the greatest norm of a gradient, and whether it goes on. */
interface Progress {
  readonly done: Tensor;
  readonly loss: Tensor;
  readonly norm: Tensor;
  readonly goesOn: Tensor;
}

export interface Run {
  readonly state: State;
  readonly progress: Progress;
}

/** The progress of an epoch that begins. */
export const atStart = (): Progress => ({
  done: tensor(0, { dtype: "int32" }),
  loss: tensor(0, { dtype: "float64" }),
  norm: tensor(0, { dtype: "float64" }),
  goesOn: tensor(true),
});

/**
 * Steps of one epoch, up to number `until` or to the first that must not be followed by another.
 *
 * @param order     row numbers, a batch for each step
 * @param controls  [steps, 2]: learning rate, and weight of the new weights in their running mean
 * @returns the run, and a report: steps done in the epoch, sum of the losses, greatest norm, 1 if it goes on
 */
export type Steps = (
  run: Run,
  data: Rows,
  order: Tensor,
  controls: Tensor,
  until: Tensor,
) => { readonly run: Run; readonly report: Tensor };

// weights are trees of any depth, which the types of `whileLoop` and `compile` can't follow
const repeat = whileLoop as unknown as (
  condition: (run: Run) => Tensor,
  step: (run: Run) => Run,
  init: Run,
  options: { readonly limit: number },
) => Run;

export interface Epoch {
  /** Rows of a batch, and batches of an epoch. */
  readonly batch: number;
  readonly steps: number;
  /** A loss or gradient that is not finite ends the run. */
  readonly mustBeFinite: boolean;
}

/** One module for all steps: a call runs as many as it is told to. Whatever changes from step to step is data. */
export function compileSteps(problem: OptimizeProblem, { batch, steps, mustBeFinite }: Epoch): Steps {
  const { loss, optimizer, clipNorm, averageWeights } = problem;
  const differentiate = valueAndGrad(loss as (...args: readonly unknown[]) => Tensor);

  const step = ({ state, progress }: Run, data: Rows, order: Tensor, controls: Tensor): Run => {
    const rows = order.gather(iota([batch]).add(progress.done.mul(batch)));
    const picked = Object.fromEntries(Object.entries(data).map(([name, column]) => [name, column.gather(rows)]));
    const [value, raw] = differentiate(state.params, picked);
    const gradients = raw as Params;
    const norm = clipNorm === undefined ? undefined : globalNorm(gradients);
    const clipped = norm === undefined ? gradients : clipByGlobalNorm(gradients, clipNorm as number, norm);
    const [rate, follow] = [0, 1].map((i) =>
      controls
        .gather(progress.done)
        .slice(0, i, i + 1)
        .squeeze(0),
    ) as [Tensor, Tensor];
    const next = optimizer.update(clipped, state.optimizer, state.params, rate);
    const average =
      averageWeights === undefined
        ? state.average
        : mapParams((mean, p) => mean.add(p.sub(mean).mul(follow)), state.average, next.params);
    const size = (norm ?? value.mul(0)).cast("float64");
    const looked = mustBeFinite ? value.cast("float64").add(size) : size;
    return {
      state: { params: next.params, optimizer: next.state, average },
      progress: {
        done: progress.done.add(1),
        loss: progress.loss.add(value.cast("float64")),
        norm: progress.norm.maximum(size),
        goesOn: mustBeFinite || norm !== undefined ? looked.isFinite() : progress.goesOn,
      },
    };
  };

  const advance: Steps = (run, data, order, controls, until) => {
    const end = repeat(
      ({ progress }) => progress.goesOn.and(progress.done.lt(until)),
      (now) => step(now, data, order, controls),
      run,
      { limit: steps },
    );
    const { done, loss: total, norm, goesOn } = end.progress;
    return { run: end, report: stack([done, total, norm, goesOn].map((t) => t.cast("float64"))) };
  };
  return compile(advance as (...args: readonly unknown[]) => unknown, {
    name: "training steps",
    donate: [0],
  }) as unknown as Steps;
}

/**
 * Numbers of an epoch's steps that are data, so that changing them compiles nothing: learning rate and weight of the running mean.
 *
 * @param before  steps before this epoch
 */
export function controlsOf(
  steps: number,
  before: number,
  rateAt: (done: number) => number,
  { averageWeights = 0 }: OptimizeProblem,
): Tensor {
  const numbers = new Float32Array(2 * steps);
  for (let i = 0; i < steps; i++) {
    const done = before + i;
    // the mean follows closely at first, when it would otherwise be mostly the starting weights
    const decay = Math.min(averageWeights, (1 + done) / (10 + done));
    numbers[2 * i] = rateAt(done);
    numbers[2 * i + 1] = 1 - decay;
  }
  return tensor(numbers, { shape: [steps, 2] });
}
