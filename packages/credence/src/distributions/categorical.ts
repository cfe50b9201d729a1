import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { argmax, cast, cumsum, eq, iota, where } from "../ops/index.js";
import { uniformOpen } from "../random/index.js";
import { logSoftmax } from "../tensor/derived.js";
import { type Constraint, integersFrom } from "./constraints.js";
import { Distribution, type ParameterChange } from "./distribution.js";
import { fromCategorical } from "./kl/categorical.js";
import { logProbsOfProbs } from "./logProbs.js";
import { countUpTo } from "./searchSums.js";
import { checkWeights, type WeightParams } from "./weights.js";

/**
 * Categorical distribution: one of the numbers 0 to k - 1.
 *
 *     log p(x) = logits[x] - log Σ exp logits
 *
 * @param logits  logarithms of the weights along the last axis, up to a constant; -Infinity is a weight of 0
 * @param probs   or the weights themselves, >= 0; they are divided by their sum
 * @shape  batch = the parameter's without its last axis; event = []
 * @throws CredenceError `domain`: a known weight is NaN, negative or infinite, or all are 0; `argument`: neither or both are given
 * @source Johnson, Kotz and Balakrishnan, Discrete Multivariate Distributions (1997), chapter 35, with one trial
 */
export class Categorical extends Distribution {
  readonly name = "Categorical";
  readonly support: Constraint;
  readonly reparameterized = false;
  /** As given, or the logarithms of what was. @shape [...batch, k] */
  readonly logits: Tensor;
  /** Normalised, as probs is. @shape [...batch, k] */
  readonly logProbs: Tensor;
  readonly probs: Tensor;

  constructor(params: WeightParams) {
    const weights = checkWeights("Categorical", params);
    const byLogits = params.logits !== undefined;
    const parameter = byLogits ? "logits" : "probs";
    super({
      batch: weights.shape.slice(0, -1),
      event: [],
      dtype: "int32",
      parameters: { [parameter]: weights },
      parameterAxes: { [parameter]: 1 },
    });
    this.support = integersFrom(0, (weights.shape[weights.rank - 1] as number) - 1);
    this.logProbs = byLogits ? logSoftmax(weights) : logProbsOfProbs(weights);
    this.logits = byLogits ? weights : this.logProbs;
    this.probs = byLogits ? this.logProbs.exp() : weights.div(weights.sum(-1, { keepDims: true }));
  }

  override get klRules() {
    return fromCategorical;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const chosen = eq(value.expandDims(-1), this.categories());
    const found = where(chosen, this.logProbs, 0).sum(-1);
    const inside = where(chosen.sum(-1).gt(0), found, Number.NEGATIVE_INFINITY);
    return where(eq(value, value), inside, Number.NaN);
  }

  override cdf(x: TensorLike): Tensor {
    const { upTo, beyond, orNaN } = this.parts("cdf", x);
    return orNaN(where(beyond.lt(0.5), beyond.neg().add(1), upTo)); // the smaller of the two sums is the exact one
  }

  override survival(x: TensorLike): Tensor {
    const { upTo, beyond, orNaN } = this.parts("survival", x);
    return orNaN(where(upTo.lt(0.5), upTo.neg().add(1), beyond));
  }

  override logCdf(x: TensorLike): Tensor {
    const { isUpTo, beyond, orNaN } = this.parts("logCdf", x);
    const direct = where(isUpTo, this.logProbs, Number.NEGATIVE_INFINITY).logSumExp();
    return orNaN(where(beyond.lt(0.5), beyond.neg().log1p(), direct));
  }

  override logSurvival(x: TensorLike): Tensor {
    const { isUpTo, upTo, orNaN } = this.parts("logSurvival", x);
    const direct = where(isUpTo, Number.NEGATIVE_INFINITY, this.logProbs).logSumExp();
    return orNaN(where(upTo.lt(0.5), upTo.neg().log1p(), direct));
  }

  override quantile(p: TensorLike): Tensor {
    const level = tensor(p);
    const sums = cumsum(this.probs);
    const total = sums.slice(-1, -1).squeeze(-1); // 1 but for rounding
    const index = sums.lt(level.mul(total).expandDims(-1)).sum(-1);
    return where(level.ge(0).and(level.le(1)), cast(index, this.probs.dtype), Number.NaN);
  }

  override mean(): never {
    return this.missing("mean", "categories are labels: use mode(), or weigh your own values with probs");
  }

  override variance(): never {
    return this.missing("variance", "categories are labels: use entropy(), or weigh your own values with probs");
  }

  /** The first of the likeliest; -1 where weights are NaN. */
  override mode(): Tensor {
    const first = this.logProbs.slice(-1, 0, 1).squeeze(-1); // one NaN makes all of them NaN
    return where(first.eq(first), argmax(this.logProbs), -1);
  }

  override entropy(): Tensor {
    return where(this.probs.eq(0), 0, this.probs.mul(this.logProbs.neg())).sum(-1); // 0 log 0 = 0
  }

  /** Draws of a law whose weights are NaN are -1, which is no category. */
  override draw(key: Tensor, shape: Shape): Tensor {
    // in float64 whatever the parameter's type: weights down to 1e-16 are met as often as they should be
    const sums = cumsum(cast(this.probs, "float64"));
    const total = sums.slice(-1, -1).squeeze(-1);
    const u = uniformOpen(key, [...shape, ...this.batchShape]).mul(total); // below the total, whatever rounding does
    return where(total.eq(total), countUpTo(sums, u), -1);
  }

  override withParameters(change: ParameterChange): Categorical {
    return new Categorical({ logits: change(this.logProbs, 1) });
  }

  private categories(): Tensor {
    return iota([this.logProbs.shape[this.logProbs.rank - 1] as number]);
  }

  /** P(X <= x) and P(X > x) by plain sums, and what puts NaN where x is NaN. */
  private parts(method: string, x: TensorLike) {
    const value = this.value(method, x);
    const isUpTo = this.categories().le(value.expandDims(-1));
    return {
      isUpTo,
      upTo: where(isUpTo, this.probs, 0).sum(-1),
      beyond: where(isUpTo, 0, this.probs).sum(-1),
      orNaN: (t: Tensor): Tensor => where(eq(value, value), t, Number.NaN),
    };
  }
}
