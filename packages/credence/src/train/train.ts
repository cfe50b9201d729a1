import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { type Shape, sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import type { Network, Params } from "../nn/network.js";
import { adam } from "../optim/adam.js";
import type { Optimizer } from "../optim/optimizer.js";
import { foldIn, key, permutation, split } from "../random/index.js";
import type { Callback } from "./callbacks.js";
import { optimize, type Rows, rowCount } from "./optimize.js";
import type { EpochLog, TrainProgress, TrainStop } from "./types.js";

/** What a head answers: something that gives the log density of targets. */
interface Predicted {
  readonly batchShape: Shape;
  readonly eventShape: Shape;
  logProb(y: TensorLike): Tensor;
}

export interface TrainData {
  /** Inputs [n, width]; a typed array or [n] is one feature. */
  readonly x: TensorLike;
  /** Targets: [n] for one output, [n, outputs] for several; [n, 1] is taken as [n]. */
  readonly y: TensorLike;
}

export interface TrainOptions<Out> {
  /** Default: Adam with a learning rate of 1e-3. */
  readonly optimizer?: Optimizer;
  /** Passes over the data at most; default 100. */
  readonly epochs?: number;
  /** Rows a step; default 128. */
  readonly batchSize?: number;
  /** Share of the rows, drawn by the seed, that is held out; default 0. */
  readonly validationSplit?: number;
  readonly seed?: number;
  readonly callbacks?: readonly Callback[];
  /** Gradients with a greater global norm are scaled down to it. */
  readonly clipNorm?: number;
  /** Decay of a running mean of the weights, which then is the result. */
  readonly averageWeights?: number;
  /** Mean loss of a batch; default: the mean negative log density of the targets. */
  readonly loss?: (predicted: Out, y: Tensor) => Tensor;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: TrainProgress) => void;
}

export interface TrainedModel<Out> {
  readonly params: Params;
  predict(x: TensorLike): Out;
}

export interface TrainRun<Out> {
  readonly model: TrainedModel<Out>;
  readonly history: readonly EpochLog[];
  readonly bestEpoch: number;
  readonly steps: number;
  readonly stoppedBy: TrainStop;
}

/**
 * Trains a network on rows: shuffled batches, one compiled step, validation after each epoch.
 *
 * The same seed gives the same weights, bit for bit, on every engine.
 *
 * @throws CredenceError `shape`: x and y of different length; `argument`: an option out of range; `nonFinite`: a gradient
 *   that is not finite while `clipNorm` is set
 */
export async function train<Out>(
  net: Network<Out>,
  data: TrainData,
  options: TrainOptions<Out> = {},
): Promise<TrainRun<Out>> {
  const { epochs = 100, batchSize = 128, validationSplit = 0, seed = 0, clipNorm, averageWeights } = options;
  for (const [name, value] of [
    ["epochs", epochs],
    ["batchSize", batchSize],
  ] as const) {
    if (!Number.isInteger(value) || value < 1) {
      fail({ code: "argument", given: `train: ${name} is ${value}`, allowed: "a whole number of at least 1" });
    }
  }
  if (clipNorm !== undefined && !(clipNorm > 0)) {
    fail({ code: "argument", given: `train: clipNorm is ${clipNorm}`, allowed: "a number above 0" });
  }
  if (averageWeights !== undefined && !(averageWeights >= 0 && averageWeights < 1)) {
    fail({
      code: "argument",
      given: `train: averageWeights is ${averageWeights}`,
      allowed: "0 up to, not including, 1",
    });
  }
  const x = features(data.x);
  const rows: Rows = { x, y: targets(data.y) };
  const [initKey, splitKey, shuffleKey] = split(key(seed), 3) as [Tensor, Tensor, Tensor];
  const parts = holdOut(rows, validationSplit, splitKey);
  const loss = options.loss ?? negativeLogLikelihood;
  const result = await optimize({
    params: net.init(initKey, x.shape[1] as number).params,
    loss: (params, batch) => loss(net.apply(params, batch.x as Tensor), batch.y as Tensor),
    data: parts.training,
    validation: parts.validation,
    optimizer: options.optimizer ?? adam(),
    epochs,
    batchSize,
    key: foldIn(shuffleKey, 0),
    callbacks: options.callbacks ?? [],
    clipNorm,
    averageWeights,
    signal: options.signal,
    onProgress: options.onProgress,
  });
  const { params, history, bestEpoch, steps, stoppedBy } = result;
  return {
    model: { params, predict: (inputs) => net.apply(params, features(inputs)) },
    history,
    bestEpoch,
    steps,
    stoppedBy,
  };
}

function negativeLogLikelihood<Out>(predicted: Out, y: Tensor): Tensor {
  const law = predicted as unknown as Predicted;
  if (typeof law?.logProb !== "function") {
    fail({
      code: "argument",
      given: "train: the network's last layer answers no distribution",
      allowed: "a head such as mixtureDensity(), or a loss option",
      mend: "give loss: (predicted, y) => predicted.squeeze(1).sub(y).square().mean()",
    });
  }
  const wanted = [...law.batchShape, ...law.eventShape];
  // what broadcasts by chance would train on nonsense
  if (!sameShape(y.shape, wanted)) {
    fail({
      code: "shape",
      given: `train: batches of targets have shape ${showShape(y.shape)}, for a distribution of batch shape ${showShape(law.batchShape)} and event shape ${showShape(law.eventShape)}`,
      allowed: `targets of shape ${showShape(wanted)}`,
      mend: "set the head's outputs to the number of targets",
    });
  }
  return law.logProb(y).mean().neg();
}

function features(x: TensorLike): Tensor {
  const t = tensor(x);
  const float = t.dtype === "float32" ? t : t.cast("float32");
  if (float.rank === 1) return settled(float.expandDims(1));
  if (float.rank === 2) return settled(float);
  return fail({ code: "shape", given: `train: x has shape [${t.shape.join(", ")}]`, allowed: "[n, width] or [n]" });
}

function targets(y: TensorLike): Tensor {
  const t = tensor(y);
  const float = t.dtype === "float32" ? t : t.cast("float32");
  return settled(float.rank === 2 && float.shape[1] === 1 ? float.squeeze(1) : float);
}

/** Evaluated now, so that no step computes it again. */
function settled(t: Tensor): Tensor {
  t.data();
  return t;
}

/** Splits rows by a permutation of their numbers: the first `fraction` of it is held out. */
export function holdOut(
  rows: Rows,
  fraction: number,
  by: Tensor,
): { training: Rows; validation: Rows | undefined; heldOut: Int32Array } {
  if (!(fraction >= 0 && fraction < 1)) {
    fail({ code: "argument", given: `train: validationSplit is ${fraction}`, allowed: "0 up to, not including, 1" });
  }
  const count = rowCount(rows);
  if (fraction === 0 || count < 2) return { training: rows, validation: undefined, heldOut: new Int32Array(0) };
  const order = Int32Array.from(permutation(by, count));
  const held = Math.min(count - 1, Math.max(1, Math.round(count * fraction)));
  const pick = (numbers: Int32Array): Rows =>
    Object.fromEntries(Object.entries(rows).map(([name, column]) => [name, settled(column.gather(tensor(numbers)))]));
  const heldOut = order.slice(0, held).sort();
  return { training: pick(order.slice(held).sort()), validation: pick(heldOut), heldOut };
}
