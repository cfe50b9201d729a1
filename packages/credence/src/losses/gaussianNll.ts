import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { type Shape, sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { stopGradient } from "../ops/index.js";
import { operands, refuseWhere } from "./operands.js";
import { type LossOptions, reduce } from "./reduction.js";

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

export interface GaussianNllOptions extends LossOptions {
  /** true: with the constant log(2π) / 2, so that it is -log of the density. */
  readonly full?: boolean;
  /** Variances below count as this; default 1e-6. */
  readonly eps?: number;
}

/**
 * Negative log likelihood of the normal distribution, given means and variances.
 *
 *     (log v + (input - target)² / v) / 2,  v = max(variance, eps)
 *
 * A density may exceed 1, so this may be below 0: not a fault. The gradient passes the floor as if it were not there, which lets a
 * variance below it grow again.
 *
 * @param input     predicted means
 * @param target    what came
 * @param variance  predicted variances, >= 0: of the input's shape, with a last axis of 1, or without the last axis
 * @shape  a scalar; broadcast(input, target) with `reduction: "none"`
 * @throws CredenceError `shape`: they do not fit; `domain`: a known variance is negative; `argument`: eps is not >= 0
 * @source PyTorch's gaussian_nll_loss; Nix and Weigend, Estimating the mean and variance of the target probability distribution (1994)
 */
export function gaussianNll(
  input: TensorLike,
  target: TensorLike,
  variance: TensorLike,
  { full = false, eps = 1e-6, reduction }: GaussianNllOptions = {},
): Tensor {
  if (!(eps >= 0)) fail({ code: "argument", given: `losses.gaussianNll: eps is ${eps}`, allowed: "a number >= 0" });
  const given = operands("gaussianNll", { input, target });
  const known = tensor(variance);
  refuseWhere("gaussianNll", "variance", known, (x) => x < 0, "numbers >= 0");
  const spread = fit(known, given.input.shape);
  // the floor adds a constant to the variance, so its gradient is that of the variance itself
  const floored = spread.add(stopGradient(spread.maximum(eps).sub(spread)));
  const v = eps > 0 ? floored : spread;
  const distance = given.input.sub(given.target);
  const loss = v.log().add(distance.square().div(v)).mul(0.5);
  return reduce("gaussianNll", full ? loss.add(HALF_LOG_TWO_PI) : loss, reduction);
}

function fit(variance: Tensor, shape: Shape): Tensor {
  const last = shape.length - 1;
  const outer = shape.slice(0, last);
  if (variance.rank === 0 || sameShape(variance.shape, shape)) return variance;
  if (shape.length > 0 && sameShape(variance.shape, outer)) return variance.expandDims(-1);
  if (shape.length > 0 && sameShape(variance.shape, [...outer, 1])) return variance;
  return fail({
    code: "shape",
    given: `losses.gaussianNll: variance of shape ${showShape(variance.shape)} for an input of shape ${showShape(shape)}`,
    allowed: `a number, ${showShape(shape)}${shape.length === 0 ? "" : `, ${showShape([...outer, 1])} or ${showShape(outer)}`}`,
  });
}
