import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { lgamma, where } from "../ops/index.js";
import { operands, refuseWhere } from "./operands.js";
import { type LossOptions, reduce } from "./reduction.js";

export interface PoissonNllOptions extends LossOptions {
  /** true (default): the input is the logarithm of the rate; false: the rate itself. */
  readonly logInput?: boolean;
  /** true: with log target!, by default as Stirling's formula has it, and 0 where target <= 1. */
  readonly full?: boolean;
  /** false: log target! is exact, so that `full` is the likelihood itself. */
  readonly stirling?: boolean;
  /** Keeps the logarithm of a rate of 0 finite; default 1e-8. Rates alone. */
  readonly eps?: number;
}

/**
 * Negative log likelihood of the Poisson distribution, without the term log target! that no prediction changes.
 *
 *     exp(input) - target input               input = log rate
 *     input - target log(input + eps)         input = rate
 *
 * `full` adds target log target - target + log(2π target) / 2 for targets above 1; with `stirling: false` log target! itself, also
 * between whole numbers.
 *
 * @param input   predicted rates or their logarithms
 * @param target  counts, >= 0
 * @shape  a scalar; broadcast(input, target) with `reduction: "none"`
 * @throws CredenceError `shape`: they do not fit; `domain`: a known target, or a rate, is negative
 * @source PyTorch's poisson_nll_loss; Stirling's series, DLMF 5.11.1
 */
export function poissonNll(
  input: TensorLike,
  target: TensorLike,
  { logInput = true, full = false, stirling = true, eps = 1e-8, reduction }: PoissonNllOptions = {},
): Tensor {
  const { input: x, target: y } = operands("poissonNll", { input, target });
  refuseWhere("poissonNll", "target", y, (count) => count < 0, "counts, >= 0");
  if (!logInput) refuseWhere("poissonNll", "input", x, (rate) => rate < 0, "rates, >= 0, as logInput is false");
  const loss = logInput ? x.exp().sub(y.mul(x)) : x.sub(y.mul(x.add(eps).log()));
  if (!full) return reduce("poissonNll", loss, reduction);
  return reduce("poissonNll", loss.add(stirling ? stirlingTerm(y) : lgamma(y.add(1))), reduction);
}

function stirlingTerm(y: Tensor): Tensor {
  const isMany = y.gt(1);
  const at = where(isMany, y, 2); // the branch not taken must be finite
  const logAt = at.log();
  const value = at
    .mul(logAt)
    .sub(at)
    .add(logAt.mul(0.5))
    .add(0.5 * Math.log(2 * Math.PI));
  return where(isMany, value, 0);
}
