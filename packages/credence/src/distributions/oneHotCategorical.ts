import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, iota, stopGradient, where } from "../ops/index.js";
import { Categorical } from "./categorical.js";
import { oneHot } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { fromOneHot } from "./kl/categorical.js";
import { checkWeights, type WeightParams } from "./weights.js";

/**
 * Categorical distribution whose draws are vectors of zeros with one 1, at the category.
 *
 *     log p(x) = Σ x (logits - log Σ exp logits)
 *
 * @param logits  logarithms of the weights along the last axis, up to a constant; -Infinity is a weight of 0
 * @param probs   or the weights themselves, >= 0; they are divided by their sum
 * @shape  batch = the parameter's without its last axis; event = [k]
 * @throws CredenceError `domain`: a known weight is NaN, negative or infinite, or all are 0; `argument`: neither or both are given
 * @source Johnson, Kotz and Balakrishnan, Discrete Multivariate Distributions (1997), chapter 35, with one trial
 */
export class OneHotCategorical extends Distribution {
  readonly name: string = "OneHotCategorical";
  readonly support = oneHot;
  readonly reparameterized: boolean = false;
  /** The same law on the numbers of the categories. */
  readonly categorical: Categorical;

  constructor(params: WeightParams) {
    const parameter = params.logits === undefined ? "probs" : "logits";
    const weights = checkWeights("OneHotCategorical", params);
    super({
      batch: weights.shape.slice(0, -1),
      event: weights.shape.slice(-1),
      dtype: weights.dtype,
      parameters: { [parameter]: weights },
      parameterAxes: { [parameter]: 1 },
    });
    this.categorical = new Categorical(parameter === "probs" ? { probs: weights } : { logits: weights });
  }

  /** @shape [...batch, k] */
  get probs(): Tensor {
    return this.categorical.probs;
  }

  /** @shape [...batch, k] */
  get logits(): Tensor {
    return this.categorical.logits;
  }

  override get klRules() {
    return fromOneHot;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const { logProbs } = this.categorical;
    const found = where(value.eq(1), logProbs, 0).sum(-1);
    const isKnown = value.ne(value).sum(-1).eq(0);
    const outside = where(isKnown.and(found.eq(found)), Number.NEGATIVE_INFINITY, Number.NaN);
    return where(oneHot.contains(value), found, outside);
  }

  override mean(): Tensor {
    return this.probs;
  }

  override variance(): Tensor {
    const { logProbs, probs } = this.categorical;
    return probs.mul(logProbs.expm1().neg());
  }

  override mode(): Tensor {
    return this.vector(this.categorical.mode());
  }

  override entropy(): Tensor {
    return this.categorical.entropy();
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return this.vector(this.categorical.draw(key, shape));
  }

  /** Zeros with a 1 at the category; NaN where there is none. */
  private vector(category: Tensor): Tensor {
    const index = category.expandDims(-1);
    const ones = eq(index, iota(this.eventShape)).cast(this.dtype);
    return where(index.lt(0), Number.NaN, ones);
  }
}

/**
 * `OneHotCategorical` whose draws carry the gradient of the probabilities: vectors of zeros with one 1, as if they were `probs`. The
 * gradient is biased, and of small variance.
 *
 * @param logits, probs  as of `OneHotCategorical`
 * @shape  batch = the parameter's without its last axis; event = [k]
 * @throws CredenceError as `OneHotCategorical`
 * @source Bengio, Léonard and Courville, Estimating or propagating gradients through stochastic neurons (2013), section 4
 */
export class OneHotCategoricalStraightThrough extends OneHotCategorical {
  override readonly name = "OneHotCategoricalStraightThrough";
  override readonly reparameterized = true;

  override get asGeneral(): OneHotCategorical {
    return new OneHotCategorical(this.parameters as unknown as WeightParams);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const chosen = super.draw(key, shape);
    return chosen.add(this.probs.sub(stopGradient(this.probs)));
  }
}
