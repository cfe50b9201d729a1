import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { type LossOptions, reduce } from "./reduction.js";

export interface EnergyScoreOptions extends LossOptions {
  /** true (default): pairs of a draw with itself are left out, so that few draws of the right law are not punished for being few. */
  readonly fair?: boolean;
}

/**
 * Energy score of draws: E|X - y| - E|X - X'| / 2. Smaller is better; of numbers it is the CRPS of the draws.
 *
 * @param samples  [m, ..., d]: m draws of vectors; numbers have d = 1
 * @param target   [..., d]
 * @shape  a scalar; [...] with `reduction: "none"`
 * @throws CredenceError `shape`: they do not fit, or there are fewer than two draws
 * @source Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation (2007), eq. 22; Ferro (2014) for "fair"
 */
export function energyScore(
  samples: TensorLike,
  target: TensorLike,
  { fair = true, reduction }: EnergyScoreOptions = {},
): Tensor {
  const [x, y] = [tensor(samples), tensor(target)];
  const m = x.shape[0] ?? 0;
  if (m < 2 || y.rank === 0 || !sameShape(x.shape.slice(1), y.shape)) {
    fail({
      code: "shape",
      given: `losses.energyScore: samples of shape ${showShape(x.shape)} for a target of shape ${showShape(y.shape)}`,
      allowed: "[m, ..., d] with m at least 2, and [..., d]",
      mend: "numbers are vectors of 1: target.expandDims(-1)",
    });
  }
  const toTarget = norm(x.sub(y)).mean(0);
  const apart = norm(x.expandDims(0).sub(x.expandDims(1))).sum([0, 1]);
  const pairs = fair ? m * (m - 1) : m * m;
  return reduce("energyScore", toTarget.sub(apart.div(2 * pairs)), reduction);
}

/** Length along the last axis; its gradient at 0 is 0. */
function norm(x: Tensor): Tensor {
  const square = x.square().sum(-1);
  const isApart = square.gt(0);
  return where(isApart, where(isApart, square, 1).sqrt(), 0);
}
