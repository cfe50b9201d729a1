import { fail } from "../errors.js";
import { isFloat } from "../graph/dtype.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { iota, where } from "../ops/index.js";
import { logSoftmax } from "../tensor/derived.js";
import { type LossOptions, reduce } from "./reduction.js";

export interface NllOptions extends LossOptions {
  /** A factor for each class. @shape [classes] */
  readonly weight?: TensorLike;
  /** Labels of this value count nothing; default -100. */
  readonly ignoreIndex?: number;
  /** "torch": the mean where all labels are ignored is NaN, not 0. */
  readonly compat?: "torch";
}

export interface CrossEntropyOptions extends NllOptions {
  /** Share of the target that is spread evenly over the classes, 0 to 1. */
  readonly labelSmoothing?: number;
}

/**
 * Negative log likelihood of labels, from log probabilities: -weight[label] input[label].
 *
 * The mean is over the weights of the labels that count; 0 where none does.
 *
 * @param input   log probabilities, classes along axis 1 (or 0 of a single row)
 * @param target  labels, 0 to classes - 1
 * @shape  a scalar; the target's shape with `reduction: "none"`
 * @throws CredenceError `shape`: they do not fit; `domain`: a known label is no class
 * @source PyTorch's nll_loss
 */
export function nll(input: TensorLike, target: TensorLike, options: NllOptions = {}): Tensor {
  const { rows, classes, shape } = rowsOf("nll", tensor(input));
  return ofLabels("nll", rows, labelsOf("nll", tensor(target), shape, classes, options), 0, options);
}

/**
 * Cross entropy of logits: -Σ weight target log softmax(input), with labels or with probabilities for target.
 *
 * With labels the mean is over their weights, with probabilities over the rows, as in PyTorch. A target of 0 counts nothing, even where
 * its logit is -Infinity.
 *
 * @param input   logits, classes along axis 1 (or 0 of a single row)
 * @param target  labels, of the input's shape without its classes; or probabilities, of the input's shape
 * @shape  a scalar; the input's shape without its classes with `reduction: "none"`
 * @throws CredenceError `shape`: they do not fit; `domain`: a known label is no class; `argument`: labelSmoothing
 * @source PyTorch's cross_entropy; Szegedy et al., Rethinking the Inception architecture (2016), section 7, for smoothing
 */
export function crossEntropy(input: TensorLike, target: TensorLike, options: CrossEntropyOptions = {}): Tensor {
  const { labelSmoothing = 0, weight, reduction } = options;
  if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
    fail({
      code: "argument",
      given: `losses.crossEntropy: labelSmoothing is ${labelSmoothing}`,
      allowed: "0 to 1",
    });
  }
  const logits = tensor(input);
  const given = tensor(target);
  const { rows, classes, shape } = rowsOf("crossEntropy", logits);
  const logProbs = logSoftmax(rows);
  if (!sameShape(given.shape, logits.shape)) {
    const labels = labelsOf("crossEntropy", given, shape, classes, options);
    return ofLabels("crossEntropy", logProbs, labels, labelSmoothing, options);
  }
  const share = rowsOf("crossEntropy", given)
    .rows.mul(1 - labelSmoothing)
    .add(labelSmoothing / classes);
  const factors = classWeights("crossEntropy", weight, classes);
  const terms = where(share.ne(0), share.mul(logProbs), 0);
  const losses = (factors ? terms.mul(factors) : terms).sum(-1).neg();
  return reduce("crossEntropy", losses, reduction);
}

/** The classes along the last axis. */
function rowsOf(name: string, input: Tensor): { rows: Tensor; classes: number; shape: readonly number[] } {
  if (input.rank === 0) {
    fail({
      code: "shape",
      given: `losses.${name}: an input of shape []`,
      allowed: "[classes], [rows, classes] or [rows, classes, ...]",
    });
  }
  const x = isFloat(input.dtype) ? input : input.cast("float64");
  const axis = input.rank === 1 ? 0 : 1;
  const axes = [...input.shape.keys()].filter((i) => i !== axis);
  return {
    rows: x.transpose([...axes, axis]),
    classes: input.shape[axis] as number,
    shape: axes.map((i) => input.shape[i] as number),
  };
}

function labelsOf(
  name: string,
  target: Tensor,
  shape: readonly number[],
  classes: number,
  { ignoreIndex = -100 }: NllOptions,
): Tensor {
  if (!sameShape(target.shape, shape)) {
    fail({
      code: "shape",
      given: `losses.${name}: a target of shape ${showShape(target.shape)} for ${classes} classes`,
      allowed: `labels of shape ${showShape(shape)}${name === "crossEntropy" ? ", or probabilities of the input's shape" : ""}`,
    });
  }
  if (target.source.kind === "data") {
    const isBad = (x: number): boolean => x !== ignoreIndex && !(Number.isInteger(x) && x >= 0 && x < classes);
    const at = (target.source.data as Float64Array).findIndex(isBad);
    if (at >= 0) {
      fail({
        code: "domain",
        given: `losses.${name}: target of shape ${showShape(target.shape)} holds ${target.source.data[at]} at position ${at}`,
        allowed: `labels 0 to ${classes - 1}, or ${ignoreIndex} for none`,
      });
    }
  }
  return target;
}

function ofLabels(name: string, logProbs: Tensor, labels: Tensor, smoothing: number, options: NllOptions): Tensor {
  const { weight, ignoreIndex = -100, reduction, compat } = options;
  const classes = logProbs.shape[logProbs.rank - 1] as number;
  const factors = classWeights(name, weight, classes);
  const counts = labels.ne(ignoreIndex);
  const isLabel = labels.expandDims(-1).eq(iota([classes]));
  const pick = (t: Tensor): Tensor => where(isLabel, t, 0).sum(-1);
  const factor = factors ? pick(factors) : pick(logProbs.mul(0).add(1));
  const chosen = pick(logProbs).neg();
  const spread = (factors ? logProbs.mul(factors) : logProbs).mean(-1).neg();
  const isKnown = pick(isLabel.cast(logProbs.dtype)).gt(0);
  const sharp = factor.mul(chosen);
  const loss = smoothing === 0 ? sharp : sharp.mul(1 - smoothing).add(spread.mul(smoothing));
  const losses = where(counts, where(isKnown, loss, Number.NaN), 0);
  if (reduction !== undefined && reduction !== "mean") return reduce(name, losses, reduction);
  const total = where(counts, factor, 0).sum();
  if (compat === "torch") return losses.sum().div(total);
  return where(total.gt(0), losses.sum().div(where(total.gt(0), total, 1)), 0);
}

function classWeights(name: string, weight: TensorLike | undefined, classes: number): Tensor | undefined {
  if (weight === undefined) return undefined;
  const factors = tensor(weight);
  if (!sameShape(factors.shape, [classes])) {
    fail({
      code: "shape",
      given: `losses.${name}: weight of shape ${showShape(factors.shape)} for ${classes} classes`,
      allowed: `[${classes}]`,
    });
  }
  return factors;
}
