import { fail } from "../errors.js";
import { isFloat } from "../graph/dtype.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { normalizeAxis, sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import * as ops from "../ops/index.js";

/** Functions that primitives can say. */

/**
 * log Σ exp x along one axis.
 *
 * The greatest element m is taken out of the sum, log Σ exp x = m + log1p(Σ' exp(x - m)), so that the result is exact where the
 * others are small beside it. The gradient is exp(x - result), finite even where the sum is 0. Terms that would be subnormal count
 * as 0.
 *
 * @shape  terms without the axis (or with it as 1)
 */
export function logSumExp(terms: Tensor, axis: number, keepDims = false): Tensor {
  const x = isFloat(terms.dtype) ? terms : ops.cast(terms, "float64");
  const at = normalizeAxis("logSumExp", axis, x.rank);
  const m = ops.stopGradient(ops.max(x, at, true));
  // an infinite maximum would make x - m NaN
  const shift = ops.where(ops.lt(ops.abs(m), Number.POSITIVE_INFINITY), m, 0);
  const isGreatest = ops.eq(x, m);
  const others = ops.sum(ops.where(isGreatest, 0, normalExp(ops.sub(x, shift))), at, true);
  const ties = ops.sum(ops.where(isGreatest, ops.cast(tensor(1), x.dtype), 0), at, true);
  const value = ops.add(m, ops.log1p(ops.add(others, ops.maximum(ops.sub(ties, 1), 0))));
  // by the result, not by `value`: its own gradient, which second derivatives take, would miss the greatest element
  const out: Tensor = ops.withGradient(value, [x], (dy) => [ops.pullMul(dy, softmaxOf(x, out))]);
  return keepDims ? out : ops.reshape(out, [...x.shape.slice(0, at), ...x.shape.slice(at + 1)]);
}

/** exp(x - lse), 0 where both are -∞. */
function softmaxOf(x: Tensor, lse: Tensor): Tensor {
  return ops.where(ops.eq(x, Number.NEGATIVE_INFINITY), 0, normalExp(ops.sub(x, lse)));
}

/** Below these e^x is subnormal: a hundred times slower to work with, here and in all that follows. */
const SUBNORMAL = { float32: -87, float64: -708 };

/** e^x, but 0 instead of a subnormal number. */
function normalExp(x: Tensor): Tensor {
  const least = SUBNORMAL[x.dtype as "float32" | "float64"];
  return ops.where(ops.lt(x, least), 0, ops.exp(ops.maximum(x, least)));
}

/**
 * Normalised log probabilities along the last axis: x - log Σ exp x.
 *
 * With m the greatest element it is (x - m) - log1p(Σ' exp(x - m)): the likeliest one's, a number near 0, keeps its digits, which
 * x - log Σ exp x would lose beside a large m.
 *
 * @shape  x
 */
export function logSoftmax(x: TensorLike): Tensor {
  const logits = floating(tensor(x));
  const shifted = ops.sub(logits, ops.stopGradient(ops.max(logits, -1, true)));
  const isGreatest = ops.eq(shifted, 0);
  const others = ops.sum(ops.where(isGreatest, 0, normalExp(shifted)), -1, true);
  const ties = ops.sum(ops.cast(isGreatest, logits.dtype), -1, true);
  const value = ops.sub(shifted, ops.log1p(ops.add(others, ops.sub(ties, 1))));
  const out: Tensor = ops.withGradient(value, [logits], (dy) => [
    ops.sub(dy, ops.pullMul(ops.sum(dy, -1, true), normalExp(out))),
  ]);
  return out;
}

const floating = (x: Tensor): Tensor => (isFloat(x.dtype) ? x : ops.cast(x, "float64"));

/** exp x / Σ exp x along the last axis. @shape x */
export const softmax = (x: TensorLike): Tensor => ops.exp(logSoftmax(x));

/** Exponential linear unit: x above 0, exp(x) - 1 below. */
export function elu(x: TensorLike): Tensor {
  const t = tensor(x);
  // the argument is clipped so that the branch not taken stays finite
  return ops.where(ops.gt(t, 0), t, ops.expm1(ops.minimum(t, 0)));
}

/** Joins tensors along an axis, in one element type. */
export function concat(tensors: readonly TensorLike[], axis = 0): Tensor {
  return ops.concatNodes(
    ops.unify(
      "concat",
      tensors.map((t) => tensor(t)),
      "any",
    ),
    axis,
  );
}

/** Joins tensors of one shape along a new axis. */
export function stack(tensors: readonly TensorLike[], axis = 0): Tensor {
  const parts = tensors.map((t) => tensor(t));
  if (parts.some((x) => !sameShape(x.shape, parts[0]!.shape))) {
    fail({
      code: "shape",
      given: `stack: ${parts.map((x) => showShape(x.shape)).join(", ")}`,
      allowed: "equal shapes",
    });
  }
  return concat(
    parts.map((x) => {
      const at = normalizeAxis("stack", axis, x.rank + 1);
      return ops.reshape(x, [...x.shape.slice(0, at), 1, ...x.shape.slice(at)]);
    }),
    axis,
  );
}
