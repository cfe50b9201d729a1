import type { TensorLike } from "../graph/literal.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { argmax, bd0, iota, log, logRatio, stirlingError, where } from "../ops/index.js";
import { Categorical } from "./categorical.js";
import { type Constraint, countsOf, nonNegativeIntegers } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { fromMultinomial } from "./kl/categorical.js";
import { drawCounts } from "./multinomialDraws.js";
import { check } from "./parameters.js";
import { checkWeights, type WeightParams } from "./weights.js";

const TWO_PI = 2 * Math.PI;

/**
 * Multinomial distribution: how many of so many independent trials fall on each of k categories.
 *
 *     log p(x) = log totalCount! - Σ log x! + Σ x log probs,  Σ x = totalCount
 *
 * @param totalCount  the number of trials, a whole number >= 0
 * @param logits      logarithms of the weights along the last axis, up to a constant; -Infinity is a weight of 0
 * @param probs       or the weights themselves, >= 0; they are divided by their sum
 * @shape  batch = broadcast(totalCount, the weights without their last axis); event = [k]
 * @throws CredenceError `domain`: a known count is no whole number >= 0, a known weight NaN, negative or infinite, or all are 0;
 *   `argument`: neither or both of probs and logits are given
 * @source Johnson, Kotz and Balakrishnan, Discrete Multivariate Distributions (1997), chapter 35; Loader, Fast and accurate computation
 *   of binomial probabilities (2000), for the form in which nothing large cancels
 */
export class Multinomial extends Distribution {
  readonly name = "Multinomial";
  readonly support: Constraint;
  readonly reparameterized = false;
  readonly totalCount: Tensor;
  /** The law of one trial. */
  readonly categorical: Categorical;

  constructor(params: WeightParams & { readonly totalCount: TensorLike }) {
    const parameter = params.logits === undefined ? "probs" : "logits";
    const weights = checkWeights("Multinomial", params);
    const given = check(
      "Multinomial",
      { totalCount: params.totalCount },
      { totalCount: nonNegativeIntegers },
    ).totalCount;
    const totalCount = given.weak ? given : given.cast(weights.dtype);
    super({
      batch: broadcastShapes("Multinomial", [totalCount.shape, weights.shape.slice(0, -1)]),
      event: weights.shape.slice(-1),
      dtype: weights.dtype,
      parameters: { totalCount, [parameter]: weights },
      parameterAxes: { [parameter]: 1 },
    });
    this.totalCount = totalCount;
    this.categorical = new Categorical(parameter === "probs" ? { probs: weights } : { logits: weights });
    this.support = countsOf(totalCount);
  }

  /** @shape [...batch, k] */
  get probs(): Tensor {
    return this.categorical.probs;
  }

  override get klRules() {
    return fromMultinomial;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = this.support.contains(value);
    const counts = where(inside.expandDims(-1), value, 0);
    const n = where(inside, this.totalCount, 0);
    // log n! - Σ log x! by Stirling's formula, whose large terms are in the deviances; with the largest count first, which may be all
    const isMost = argmax(counts).expandDims(-1).eq(iota(this.eventShape));
    const most = where(isMost, counts, 0).sum(-1);
    const orders = stirling(n).sub(stirling(most));
    const others = where(isMost, 0, stirling(counts)).add(this.deviance(counts, n.expandDims(-1)));
    const known = this.totalCount.eq(this.totalCount).and(this.probs.eq(this.probs).sum(-1).gt(0));
    const outside = where(known.and(value.ne(value).sum(-1).eq(0)), Number.NEGATIVE_INFINITY, Number.NaN);
    return where(inside, orders.sub(others.sum(-1)), outside);
  }

  override mean(): Tensor {
    return this.totalCount.expandDims(-1).mul(this.probs);
  }

  override variance(): Tensor {
    return this.mean().mul(this.categorical.logProbs.expm1().neg());
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const batch = [...shape, ...this.batchShape];
    const probs = this.probs.broadcastTo([...batch, ...this.eventShape]);
    return drawCounts(key, this.totalCount.cast(this.dtype).broadcastTo(batch), probs);
  }

  /** x log(x / (n p)) + n p - x, of tiny p by its logarithm. */
  private deviance(x: Tensor, n: Tensor): Tensor {
    const { probs, logProbs } = this.categorical;
    const expected = n.mul(probs);
    const isTiny = probs.lt(this.dtype === "float32" ? 1e-37 : 1e-307).and(x.gt(0));
    const some = where(isTiny, x, 1);
    const byLogs = x.mul(logRatio(some, where(isTiny, n, 1)).sub(logProbs)).add(expected.sub(x));
    return where(isTiny, byLogs, bd0(x, expected));
  }
}

/** log(2π x) / 2 and the rest of Stirling's formula for log x!; 0 at 0. */
function stirling(x: Tensor): Tensor {
  const some = where(x.gt(0), x, 1);
  return where(x.gt(0), log(some.mul(TWO_PI)).mul(0.5).add(stirlingError(some)), 0);
}
