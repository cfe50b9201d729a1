import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { stopGradient, where } from "../ops/index.js";
import { gaussianNll } from "./gaussianNll.js";
import { operands } from "./operands.js";
import { type LossOptions, reduce } from "./reduction.js";

/**
 * Pinball loss: the prediction that minimises it is the quantile of the given level.
 *
 *     max(level (target - input), (level - 1) (target - input))
 *
 * @param input   predicted quantiles
 * @param target  what came
 * @param level   from 0 to 1; a number, or one for each prediction along the last axis
 * @shape  a scalar; broadcast(input, target, level) with `reduction: "none"`
 * @throws CredenceError `domain`: a known level is not from 0 to 1; `shape`: they do not broadcast
 * @source Koenker and Bassett, Regression quantiles (1978)
 */
export function pinball(
  input: TensorLike,
  target: TensorLike,
  level: TensorLike,
  { reduction }: LossOptions = {},
): Tensor {
  const given = operands("pinball", { input, target });
  const p = tensor(level);
  if (p.source.kind === "data") {
    const at = (p.source.data as Float64Array).findIndex((x) => !(x >= 0 && x <= 1));
    if (at >= 0) {
      fail({
        code: "domain",
        given: `losses.pinball: level holds ${p.source.data[at]} at position ${at}`,
        allowed: "numbers from 0 to 1",
      });
    }
  }
  const excess = given.target.sub(given.input);
  return reduce("pinball", excess.mul(where(excess.ge(0), p, p.sub(1))), reduction);
}

export interface BetaNllOptions extends LossOptions {
  /** 0 is the likelihood itself, 1 weighs errors as the mean squared error does; default 0.5. */
  readonly beta?: number;
  readonly eps?: number;
}

/**
 * Gaussian negative log likelihood in which each observation is weighed by its variance to the power of beta, so that rows that are
 * fitted badly are not given up by a large variance.
 *
 * @param input     predicted means
 * @param target    what came
 * @param variance  predicted variances, as in gaussianNll
 * @shape  as gaussianNll
 * @source Seitzer, Tavakoli, Antic and Martius, On the pitfalls of heteroscedastic uncertainty estimation (2022), eq. 5
 */
export function betaNll(
  input: TensorLike,
  target: TensorLike,
  variance: TensorLike,
  { beta = 0.5, eps = 1e-6, reduction }: BetaNllOptions = {},
): Tensor {
  if (!(beta >= 0 && beta <= 1)) {
    fail({ code: "argument", given: `losses.betaNll: beta is ${beta}`, allowed: "a number from 0 to 1" });
  }
  const losses = gaussianNll(input, target, variance, { eps, reduction: "none" });
  const v = tensor(variance);
  const fitted = v.rank > 0 && v.rank === losses.rank - 1 ? v.expandDims(-1) : v;
  const factor = stopGradient(fitted.maximum(eps)).log().mul(beta).exp();
  return reduce("betaNll", losses.mul(factor), reduction);
}
