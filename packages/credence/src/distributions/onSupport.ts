import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, floor, where } from "../ops/index.js";

/**
 * One rule outside the support: a density of 0, a distribution function of 0 or 1, never an exception. NaN stays NaN.
 */

/**
 * `formula(x)` where x lies in the support, else `outside` (default -Infinity, the logarithm of a density of 0).
 *
 * Outside, the formula meets `safe` instead of x: a branch that is not taken must be finite, or its gradient of 0 · Infinity would be NaN.
 *
 * @param safe  a number within the support
 */
export function onSupport(
  x: Tensor,
  isInside: Tensor,
  safe: TensorLike,
  formula: (x: Tensor) => Tensor,
  outside: TensorLike = Number.NEGATIVE_INFINITY,
): Tensor {
  const value = formula(where(isInside, x, safe));
  return where(isInside, value, where(eq(x, x), outside, Number.NaN));
}

/**
 * `onSupport` for events of several numbers: `formula` answers one number an event.
 *
 * @param isInside  one mask an event
 * @param safe      an event within the support, broadcast to x
 * @param axes      of one event
 */
export function onEvents(
  x: Tensor,
  isInside: Tensor,
  safe: TensorLike,
  formula: (x: Tensor) => Tensor,
  axes = 1,
): Tensor {
  let spread = isInside;
  let isNumber = eq(x, x);
  for (let i = 0; i < axes; i++) {
    spread = spread.expandDims(-1);
    isNumber = eq(isNumber.sum(-1), isNumber.shape[isNumber.rank - 1] as number);
  }
  const value = formula(where(spread, x, safe));
  return where(isInside, value, where(isNumber, Number.NEGATIVE_INFINITY, Number.NaN));
}

/** Whole numbers. */
export const isWhole = (x: Tensor): Tensor => eq(x, floor(x));

/** x moved to the nearer end where it lies outside: a distribution function is there what it is at that end. */
export function clampTo(x: Tensor, lower: TensorLike, upper: TensorLike = Number.POSITIVE_INFINITY): Tensor {
  return x.maximum(lower).minimum(upper);
}

/** A level as a tensor: NaN where it is not from 0 to 1. */
export function levelOf(p: TensorLike): Tensor {
  const level = tensor(p);
  return where(level.ge(0).and(level.le(1)), level, Number.NaN);
}
