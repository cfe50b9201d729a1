import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { operands, refuseWhere } from "./operands.js";
import { type LossOptions, type Reduction, reduce } from "./reduction.js";

export interface KlDivOptions extends Omit<LossOptions, "reduction"> {
  /** "batchmean" divides the sum by the size of the first axis: the mean divergence of a batch. */
  readonly reduction?: Reduction | "batchmean";
  /** true: the target too is given as logarithms. */
  readonly logTarget?: boolean;
}

/** The logarithm of a float32 probability that should be 1 may be this far above 0. */
const ROUNDING = 1e-4;

/**
 * The terms of the Kullback-Leibler divergence of predictions from targets: KL(target || input).
 *
 *     target (log target - input)
 *
 * Mind the order, and that the input is logarithms: both are PyTorch's. With `reduction: "mean"` it is the mean over all elements,
 * not over rows; "batchmean" is a divergence. A target of 0 counts nothing, whatever the input. For distributions there is
 * `klDivergence`.
 *
 * @param input   log probabilities of the prediction
 * @param target  probabilities, or their logarithms with `logTarget`
 * @shape  a scalar; broadcast(input, target) with `reduction: "none"`
 * @throws CredenceError `shape`: they do not fit; `domain`: a known target is negative, or a known input above 0
 * @source PyTorch's kl_div; Kullback and Leibler, On information and sufficiency (1951)
 */
export function klDiv(
  input: TensorLike,
  target: TensorLike,
  { reduction, logTarget = false }: KlDivOptions = {},
): Tensor {
  const { input: logQ, target: given } = operands("klDiv", { input, target });
  if (!logTarget) {
    refuseWhere("klDiv", "target", given, (p) => p < 0, "probabilities, >= 0; with logTarget: true logarithms");
  }
  refuseWhere(
    "klDiv",
    "input",
    logQ,
    (x) => x > ROUNDING,
    "logarithms of probabilities, <= 0: logSoftmax(raw), or p.log()",
  );
  const isMass = logTarget ? given.gt(Number.NEGATIVE_INFINITY) : given.ne(0);
  const p = where(isMass, given, logTarget ? 0 : 1); // the branch not taken must be finite
  const terms = logTarget ? p.exp().mul(p.sub(logQ)) : p.mul(p.log().sub(logQ));
  // a NaN of the input is no term of 0
  const losses = where(isMass, terms, where(logQ.eq(logQ), 0, Number.NaN));
  if (reduction === "batchmean") return losses.sum().div(losses.shape[0] ?? 1);
  return reduce("klDiv", losses, reduction);
}
