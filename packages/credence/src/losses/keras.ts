import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { logSoftmax } from "../tensor/derived.js";
import { crossEntropy, nll } from "./crossEntropy.js";
import { equalOperands, refuseWhere } from "./operands.js";
import { type LossOptions, reduce } from "./reduction.js";

/**
 * Keras's losses: what came first, then the prediction; a loss a row, averaged over rows. Probabilities are taken as they are: Keras clips
 * them to [1e-7, 1 - 1e-7], which hides certainty that fails and stops its gradient; `compat: "keras"` does the same.
 */
export interface KerasOptions extends LossOptions {
  readonly compat?: "keras";
}

export interface KerasCrossEntropyOptions extends KerasOptions {
  /** true: the prediction is logits. */
  readonly fromLogits?: boolean;
  /** Share of the target that is spread evenly, 0 to 1. */
  readonly labelSmoothing?: number;
}

export interface KerasFocalOptions extends KerasCrossEntropyOptions {
  /** How much what is well predicted is discounted; default 2. */
  readonly gamma?: number;
  /** Weight of the classes; default 0.25. */
  readonly alpha?: number;
}

const EPSILON = 1e-7;
const clip = (p: Tensor, high: number): Tensor => p.maximum(EPSILON).minimum(high);

/** a log b, 0 where a is 0; the gradient by b stays finite there. */
function xlogy(a: Tensor, b: Tensor): Tensor {
  const isMet = a.ne(0);
  return where(isMet, a.mul(where(isMet, b, 1).log()), 0);
}

/** Σ yTrue log(yTrue / yPred) over the last axis. @shape a scalar; without the last axis with "none" @source keras.losses.KLDivergence */
export function klDivergence(yTrue: TensorLike, yPred: TensorLike, { compat, reduction }: KerasOptions = {}): Tensor {
  const given = equalOperands("keras.klDivergence", { yTrue, yPred });
  const clipped = compat === "keras";
  if (!clipped) refuseWhere("keras.klDivergence", "yTrue", given.yTrue, (x) => x < 0, "probabilities, >= 0");
  const [p, q] = clipped ? [clip(given.yTrue, 1), clip(given.yPred, 1)] : [given.yTrue, given.yPred];
  return reduce("keras.klDivergence", xlogy(p, p).sub(xlogy(p, q)).sum(-1), reduction);
}

/** Mean of yPred - yTrue log yPred over the last axis. @shape as klDivergence @source keras.losses.Poisson, which adds 1e-7 to yPred */
export function poisson(yTrue: TensorLike, yPred: TensorLike, { compat, reduction }: KerasOptions = {}): Tensor {
  const given = equalOperands("keras.poisson", { yTrue, yPred });
  const q = compat === "keras" ? given.yPred.add(EPSILON) : given.yPred;
  return reduce("keras.poisson", given.yPred.sub(xlogy(given.yTrue, q)).mean(-1), reduction);
}

/** Mean binary cross entropy over the last axis. @shape as klDivergence @source keras.losses.BinaryCrossentropy */
export function binaryCrossEntropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: KerasCrossEntropyOptions = {},
): Tensor {
  const { t, logHappens, logFails } = binary("keras.binaryCrossEntropy", yTrue, yPred, options);
  const losses = weigh(t, logHappens)
    .add(weigh(t.neg().add(1), logFails))
    .neg();
  return reduce("keras.binaryCrossEntropy", losses.mean(-1), options.reduction);
}

/** Mean binary focal loss over the last axis: (1 - p)^gamma times the cross entropy, classes weighed by alpha. @source keras.losses.BinaryFocalCrossentropy; Lin et al., Focal loss for dense object detection (2017) */
export function binaryFocalCrossEntropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: KerasFocalOptions & { readonly applyClassBalancing?: boolean } = {},
): Tensor {
  const { gamma = 2, alpha = 0.25, applyClassBalancing = false, reduction } = options;
  const { t, logHappens, logFails } = binary("keras.binaryFocalCrossEntropy", yTrue, yPred, options);
  const [p, rest] = [logHappens.exp(), logFails.exp()];
  const missed = t.mul(rest).add(t.neg().add(1).mul(p)); // 1 less the probability of what came
  const entropy = weigh(t, logHappens)
    .add(weigh(t.neg().add(1), logFails))
    .neg();
  const focal = entropy.mul(power(missed, gamma));
  const losses = applyClassBalancing
    ? focal.mul(
        t.mul(alpha).add(
          t
            .neg()
            .add(1)
            .mul(1 - alpha),
        ),
      )
    : focal;
  return reduce("keras.binaryFocalCrossEntropy", losses.mean(-1), reduction);
}

/** Cross entropy of probabilities or logits over the last axis. @shape as klDivergence @source keras.losses.CategoricalCrossentropy */
export function categoricalCrossEntropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: KerasCrossEntropyOptions = {},
): Tensor {
  const { t, logProbs } = categories("keras.categoricalCrossEntropy", yTrue, yPred, options);
  return reduce("keras.categoricalCrossEntropy", weigh(t, logProbs).sum(-1).neg(), options.reduction);
}

/** Cross entropy with (1 - p)^gamma in front of each term, and alpha. @shape as klDivergence @source keras.losses.CategoricalFocalCrossentropy */
export function categoricalFocalCrossEntropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: KerasFocalOptions = {},
): Tensor {
  const { gamma = 2, alpha = 0.25, reduction } = options;
  const { t, logProbs } = categories("keras.categoricalFocalCrossEntropy", yTrue, yPred, options);
  const factor = power(logProbs.exp().neg().add(1), gamma).mul(alpha);
  return reduce("keras.categoricalFocalCrossEntropy", weigh(t, logProbs).mul(factor).sum(-1).neg(), reduction);
}

/** Cross entropy of labels, classes along the last axis. @shape a scalar; the labels' shape with "none" @source keras.losses.SparseCategoricalCrossentropy */
export function sparseCategoricalCrossEntropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  {
    fromLogits = false,
    ignoreClass = -100,
    compat,
    reduction,
  }: KerasCrossEntropyOptions & { readonly ignoreClass?: number } = {},
): Tensor {
  const given = tensor(yPred);
  const last = given.rank - 1;
  // classes to axis 1, where crossEntropy and nll look for them
  const axes = [...given.shape.keys()].slice(0, last);
  const rows = given.rank < 3 ? given : given.transpose([0, last, ...axes.slice(1)]);
  const options = { ignoreIndex: ignoreClass, ...(reduction === undefined ? {} : { reduction }) };
  if (fromLogits) return crossEntropy(rows, yTrue, options);
  const total = rows.sum(rows.rank === 1 ? 0 : 1, { keepDims: true });
  const probs = rows.div(total);
  return nll((compat === "keras" ? clip(probs, 1 - EPSILON) : probs).log(), yTrue, options);
}

/** target · log, 0 where the target is 0 and the log infinite. */
function weigh(target: Tensor, log: Tensor): Tensor {
  const isNothing = target.eq(0).and(log.eq(Number.NEGATIVE_INFINITY));
  return target.mul(where(isNothing, 0, log));
}

/** x^power for x >= 0, with a finite gradient at 0 for powers of at least 1. */
function power(x: Tensor, exponent: number): Tensor {
  if (Number.isInteger(exponent) && exponent >= 0 && exponent <= 8) {
    let value = x.mul(0).add(1);
    for (let i = 0; i < exponent; i++) value = value.mul(x);
    return value;
  }
  const isPositive = x.gt(0);
  return where(isPositive, where(isPositive, x, 1).log().mul(exponent).exp(), 0);
}

function binary(name: string, yTrue: TensorLike, yPred: TensorLike, options: KerasCrossEntropyOptions) {
  const { fromLogits = false, labelSmoothing = 0, compat } = options;
  const given = equalOperands(name, { yTrue, yPred });
  const t = labelSmoothing === 0 ? given.yTrue : given.yTrue.mul(1 - labelSmoothing).add(labelSmoothing / 2);
  if (fromLogits) {
    const x = given.yPred;
    return { t, logHappens: x.neg().softplus().neg(), logFails: x.softplus().neg() };
  }
  refuseWhere(name, "yPred", given.yPred, (p) => !(p >= 0 && p <= 1), "probabilities, 0 to 1; logits with fromLogits");
  const p = compat === "keras" ? clip(given.yPred, 1 - EPSILON) : given.yPred;
  return { t, logHappens: p.log(), logFails: p.neg().log1p() };
}

function categories(name: string, yTrue: TensorLike, yPred: TensorLike, options: KerasCrossEntropyOptions) {
  const { fromLogits = false, labelSmoothing = 0, compat } = options;
  const given = equalOperands(name, { yTrue, yPred });
  const classes = given.yTrue.shape[given.yTrue.rank - 1] ?? 1;
  const t = labelSmoothing === 0 ? given.yTrue : given.yTrue.mul(1 - labelSmoothing).add(labelSmoothing / classes);
  if (fromLogits) return { t, logProbs: logSoftmax(given.yPred) };
  refuseWhere(name, "yPred", given.yPred, (p) => !(p >= 0), "probabilities, >= 0; logits with fromLogits");
  const probs = given.yPred.div(given.yPred.sum(-1, { keepDims: true }));
  return { t, logProbs: (compat === "keras" ? clip(probs, 1 - EPSILON) : probs).log() };
}
