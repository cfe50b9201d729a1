import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { where, withGradient } from "../ops/index.js";
import { equalOperands, refuseWhere } from "./operands.js";
import { type LossOptions, reduce } from "./reduction.js";

export interface BinaryCrossEntropyOptions extends LossOptions {
  /** Factors of the losses; they broadcast. */
  readonly weight?: TensorLike;
  /** "torch": logarithms stop at -100, and the gradient's denominator at 1e-12. */
  readonly compat?: "torch";
}

/**
 * Cross entropy of probabilities of an event.
 *
 *     -weight (target log input + (1 - target) log(1 - input))
 *
 * Certainty that fails costs Infinity. From a network's output use `binaryCrossEntropyWithLogits`, which keeps its digits and its gradient
 * where a probability is near 0 or 1.
 *
 * @param input   probabilities, 0 to 1
 * @param target  what came: 0, 1, or a share between
 * @shape  a scalar; the input's shape with `reduction: "none"`
 * @throws CredenceError `shape`: they differ; `domain`: a known input or target is not from 0 to 1
 * @source PyTorch's binary_cross_entropy; Good, Rational decisions (1952)
 */
export function binaryCrossEntropy(
  input: TensorLike,
  target: TensorLike,
  { weight, reduction, compat }: BinaryCrossEntropyOptions = {},
): Tensor {
  const { input: p, target: t } = equalOperands("binaryCrossEntropy", { input, target });
  const isOutside = (x: number): boolean => !(x >= 0 && x <= 1);
  refuseWhere("binaryCrossEntropy", "input", p, isOutside, "probabilities, 0 to 1");
  if (compat === undefined) refuseWhere("binaryCrossEntropy", "target", t, isOutside, "shares, 0 to 1");
  const losses = compat === "torch" ? clamped(p, t) : exact(p, t);
  return reduce("binaryCrossEntropy", weighted(losses, weight), reduction);
}

const weighted = (losses: Tensor, weight: TensorLike | undefined): Tensor =>
  weight === undefined ? losses : losses.mul(tensor(weight));

/** share · cost, and 0 where a share of 0 meets an infinite cost; the gradient by the share is the cost itself, at 0 too. */
function part(share: Tensor, cost: Tensor): Tensor {
  const isNothing = share.eq(0).and(cost.eq(Number.POSITIVE_INFINITY));
  return share.mul(where(isNothing, 0, cost));
}

function exact(p: Tensor, t: Tensor): Tensor {
  const rest = t.neg().add(1);
  // where a side counts nothing, its logarithm must not be infinite, or the gradient would be 0 · Infinity
  const happens = where(t.eq(0).and(p.eq(0)), 1, p)
    .log()
    .neg();
  const fails = where(rest.eq(0).and(p.eq(1)), 0, p)
    .neg()
    .log1p()
    .neg();
  return t.mul(happens).add(rest.mul(fails));
}

function clamped(p: Tensor, t: Tensor): Tensor {
  const [rest, fails] = [t.neg().add(1), p.neg().add(1)];
  const [logHappens, logFails] = [p.log().maximum(-100), fails.log().maximum(-100)];
  const value = t.mul(logHappens).add(rest.mul(logFails)).neg();
  return withGradient(value, [p, t], (dy) => [
    dy.mul(p.sub(t)).div(p.mul(fails).maximum(Math.fround(1e-12))), // a float32 constant there
    dy.mul(logFails.sub(logHappens)),
  ]);
}

export interface BinaryCrossEntropyWithLogitsOptions extends LossOptions {
  /** Factors of the losses; they broadcast. */
  readonly weight?: TensorLike;
  /** Factor of the targets that are 1: above 1 it favours recall. It broadcasts. */
  readonly posWeight?: TensorLike;
}

/**
 * Cross entropy of an event whose probability is sigmoid(input), finite and with its gradient however large the input.
 *
 *     weight (posWeight target softplus(-input) + (1 - target) softplus(input))
 *
 * @param input   logits
 * @param target  what came: 0, 1, or a share between
 * @shape  a scalar; the input's shape with `reduction: "none"`
 * @throws CredenceError `shape`: they differ
 * @source PyTorch's binary_cross_entropy_with_logits
 */
export function binaryCrossEntropyWithLogits(
  input: TensorLike,
  target: TensorLike,
  { weight, posWeight, reduction }: BinaryCrossEntropyWithLogitsOptions = {},
): Tensor {
  const { input: x, target: t } = equalOperands("binaryCrossEntropyWithLogits", { input, target });
  const positive = posWeight === undefined ? t : t.mul(tensor(posWeight));
  const losses = part(positive, x.neg().softplus()).add(part(t.neg().add(1), x.softplus()));
  return reduce("binaryCrossEntropyWithLogits", weighted(losses, weight), reduction);
}
