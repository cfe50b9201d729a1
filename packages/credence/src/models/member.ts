import { fail } from "../errors.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { leavesOf, rebuild } from "../graph/tree.js";
import type { Network, Params } from "../nn/network.js";
import { adamw } from "../optim/adam.js";
import { foldIn, key as makeKey, split } from "../random/index.js";
import { earlyStopping, reduceOnPlateau, terminateOnNonFinite } from "../train/callbacks.js";
import { optimize } from "../train/optimize.js";
import type { EpochLog, TrainProgress, TrainStop } from "../train/types.js";
import { buildNetwork, initialParams, type NetworkSpec } from "./network.js";

/** All that training one member takes; plain data, so that it can be sent to another thread. */
export interface MemberJob {
  readonly spec: NetworkSpec;
  readonly training: Block;
  readonly validation: Block | undefined;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** In epochs. */
  readonly patience: number;
  readonly plateau: number;
  readonly seed: number;
  readonly member: number;
}

/** Standardised rows, row-major. */
export interface Block {
  readonly rows: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface MemberResult {
  /** Weights by path, as `leavesOf` orders them. */
  readonly weights: readonly {
    readonly path: string;
    readonly shape: readonly number[];
    readonly data: Float32Array;
  }[];
  /** Losses in nats of the standardised targets. */
  readonly history: readonly EpochLog[];
  readonly bestEpoch: number;
  readonly steps: number;
  readonly stoppedBy: TrainStop;
  readonly stepSeconds: number;
}

/** Decay of the running mean of the weights that is validated and kept. */
const AVERAGE = 0.99;
/** Mild: worth 0.15 nats on a table of 300 rows, nothing on one of 10,000. */
const WEIGHT_DECAY = 0.1;

export async function trainMember(
  job: MemberJob,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly onProgress?: ((progress: TrainProgress) => void) | undefined;
  } = {},
): Promise<MemberResult> {
  const { spec, training, validation } = job;
  const [initKey, shuffleKey] = split(foldIn(makeKey(job.seed), job.member), 2) as [Tensor, Tensor];
  const columns = (block: Block) => ({
    x: tensor(block.x, { shape: [block.rows, spec.features] }),
    y: tensor(block.y, { shape: spec.outputs === 1 ? [block.rows] : [block.rows, spec.outputs] }),
  });
  const data = columns(training);
  const net: Network<unknown> = buildNetwork(spec);
  const result = await optimize({
    params: initialParams(spec, initKey, data.x, training.y),
    loss: (params, batch) => memberLoss(net.apply(params, batch.x as Tensor), batch.y as Tensor, spec),
    data,
    validation: validation && columns(validation),
    optimizer: adamw({ learningRate: job.learningRate, weightDecay: WEIGHT_DECAY }),
    epochs: job.epochs,
    batchSize: job.batchSize,
    key: shuffleKey,
    averageWeights: AVERAGE,
    callbacks: [
      terminateOnNonFinite(),
      earlyStopping({ patience: job.patience }),
      reduceOnPlateau({ patience: job.plateau }),
    ],
    ...options,
  });
  const { history, bestEpoch, steps, stoppedBy, stepSeconds } = result;
  const weights = leavesOf(result.params).map(({ path, tensor: t }) => ({
    path,
    shape: t.shape,
    data: t.data() as Float32Array,
  }));
  if (!weights.every((w) => w.data.every(Number.isFinite))) {
    fail({
      code: "nonFinite",
      given: `training went to NaN or infinity within ${steps} steps, before any weights were worth keeping`,
      mend: "lower the learning rate",
    });
  }
  return { weights, history, bestEpoch, steps, stoppedBy, stepSeconds };
}

interface Law {
  logProb(y: Tensor): Tensor;
}

function memberLoss(answer: unknown, y: Tensor, spec: NetworkSpec): Tensor {
  if (spec.family === "mse") {
    const mean = answer as Tensor;
    return (spec.outputs === 1 ? mean.squeeze(1) : mean).sub(y).square().mean();
  }
  return (answer as Law).logProb(y).mean().neg();
}

/** The tree of weights of a network from its leaves in the order of `leavesOf`. */
export function paramsOf(
  spec: NetworkSpec,
  weights: readonly { readonly shape: readonly number[]; readonly data: Float32Array }[],
): Params {
  const shape = buildNetwork(spec).init(makeKey(0), spec.features).params;
  return rebuild(
    shape,
    weights.map((w) => tensor(w.data, { shape: w.shape })),
  );
}

/** Paths and shapes that the weights of a network must have. */
export function weightShapes(spec: NetworkSpec): { path: string; shape: readonly number[] }[] {
  const { params } = buildNetwork(spec).init(makeKey(0), spec.features);
  return leavesOf(params).map(({ path, tensor: t }) => ({ path, shape: t.shape }));
}
