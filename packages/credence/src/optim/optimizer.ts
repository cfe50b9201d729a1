import { fail } from "../errors.js";
import { filled } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { leavesOf, mapTree } from "../graph/tree.js";
import type { Params } from "../nn/network.js";
import { where } from "../ops/index.js";

/** State of an optimiser: a tree of tensors, to be donated to the step that updates it. */
export type OptimizerState = Params;

/** A rule that turns gradients into new weights; pure, so that it compiles into the training step. */
export interface Optimizer {
  readonly name: string;
  readonly learningRate: number | Schedule;
  init(params: Params): OptimizerState;
  /** @param rate  the learning rate of this step, a scalar: data, not a constant of the compiled step */
  update(
    gradients: Params,
    state: OptimizerState,
    params: Params,
    rate: Tensor,
  ): { params: Params; state: OptimizerState };
}

/** Learning rate by step number, from 0. */
export type Schedule = (step: number) => number;

/**
 * Moments below this are set to 0. Processors take a hundred times longer over subnormal numbers, and a decaying moment
 * would otherwise spend long in them.
 */
export const TINY = 1e-30;
/** Gradients below this are set to 0, since their square would be subnormal in float32; beside epsilon they move nothing. */
const TINY_GRADIENT = 1e-15;

export const flush = (x: Tensor): Tensor => where(x.abs().lt(TINY), 0, x);
export const flushGradient = (g: Tensor): Tensor => where(g.abs().lt(TINY_GRADIENT), 0, g);

/** Applies `fn` to the weights at the same place in all trees. */
export const mapParams: (fn: (...weights: Tensor[]) => Tensor, ...trees: Params[]) => Params = (fn, first, ...others) =>
  (mapTree as (fn: unknown, ...trees: unknown[]) => unknown)(fn, first, ...others) as Params;

export const zerosLike = (params: Params): Params => mapParams((p) => filled(0, p.shape, p.dtype), params);

export function checkRate(name: string, rate: number | Schedule): void {
  if (typeof rate === "number" && !(rate > 0 && rate < Number.POSITIVE_INFINITY)) {
    fail({ code: "argument", given: `${name}: learningRate is ${rate}`, allowed: "a positive number, or a schedule" });
  }
}

/** Refuses a decay that is not in [0, 1). */
export function checkDecay(name: string, option: string, value: number): void {
  if (!(value >= 0 && value < 1))
    fail({ code: "argument", given: `${name}: ${option} is ${value}`, allowed: "0 up to, not including, 1" });
}

/**
 * Euclidean norm of all leaves together. They are divided by the greatest of them first, so that squares can't overflow.
 *
 * @shape  []
 */
export function globalNorm(tree: Params): Tensor {
  const leaves = leavesOf(tree).map((leaf) => leaf.tensor);
  const greatest = leaves.map((t) => t.abs().max()).reduce((a, b) => a.maximum(b));
  const unit = where(greatest.gt(0), greatest, 1);
  const squares = leaves.map((t) => t.div(unit).square().sum()).reduce((a, b) => a.add(b));
  return squares.sqrt().mul(unit);
}

/** The tree scaled down to `limit` where its norm is above it. */
export function clipByGlobalNorm(tree: Params, limit: number, norm: Tensor = globalNorm(tree)): Params {
  if (!(limit > 0))
    fail({ code: "argument", given: `clipByGlobalNorm: limit is ${limit}`, allowed: "a number above 0" });
  const factor = where(norm.gt(limit), norm.mul(0).add(limit).div(norm), 1);
  return mapParams((t) => t.mul(factor), tree);
}
