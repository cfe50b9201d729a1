import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { bd0, lgamma, logGammaRatio, ndtri, poissonInverse, stirlingError, where } from "../ops/index.js";
import { split, standardGamma } from "../random/index.js";
import { type Chance, type ChanceParams, checkChance } from "./chance.js";
import { chanceTails } from "./chanceTails.js";
import { nonNegativeIntegers, positive, probabilityBelowOne } from "./constraints.js";
import { countLevels } from "./countLevels.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution } from "./distribution.js";
import { fromNegativeBinomial } from "./kl/negativeBinomial.js";
import { negativeBinomialEntropy } from "./negativeBinomialEntropy.js";
import { isWhole, onSupport } from "./onSupport.js";
import { scalars } from "./scalars.js";

export type NegativeBinomialParams = ChanceParams & { readonly totalCount: TensorLike };

/** Beyond these logits one of the two chances is a subnormal number or 0. */
const EXTREME = { float32: 80, float64: 700 } as const;

/**
 * Negative binomial distribution: the number of successes before a given number of failures; also a Poisson law whose rate is gamma
 * distributed, so that its variance exceeds its mean.
 *
 *     log p(k) = log Γ(k + totalCount) - log Γ(totalCount) - log k! + totalCount log(1 - probs) + k log(probs),  k = 0, 1, 2, ...
 *
 *     NegativeBinomial.ofMean({ mean: 5, totalCount: 2 })   // the same law by its mean; variance mean + mean² / totalCount
 *
 * @param totalCount  the number of failures that ends the count, above 0; any number, also called dispersion or shape
 * @param probs       the probability of success, below 1; 0 is a law at 0
 * @param logits      or log(probs / (1 - probs))
 * @shape  batch = broadcast(totalCount, the chance); event = []
 * @throws CredenceError `domain`: a known count is not above 0, a known probability not from 0 to below 1; `argument`: neither or both
 *   of probs and logits are given
 * @source Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), chapter 5; Loader, Fast and accurate computation of
 *   binomial probabilities (2000), section 5, for the probability
 */
export class NegativeBinomial extends Distribution {
  readonly name = "NegativeBinomial";
  readonly support = nonNegativeIntegers;
  readonly reparameterized = false;
  readonly totalCount: Tensor;
  readonly probs: Tensor;
  readonly logits: Tensor;
  /** @internal */
  readonly chance: Chance;

  constructor(params: NegativeBinomialParams) {
    const { parameters, chance } = checkChance(
      "NegativeBinomial",
      params,
      { totalCount: positive },
      probabilityBelowOne,
    );
    super(scalars("NegativeBinomial", parameters));
    this.totalCount = parameters.totalCount;
    this.chance = chance;
    this.probs = chance.success;
    this.logits = chance.logits;
  }

  /**
   * The law with a given mean.
   *
   * @param mean        > 0
   * @param totalCount  variance = mean + mean² / totalCount; > 0
   */
  static ofMean({
    mean,
    totalCount,
  }: {
    readonly mean: TensorLike;
    readonly totalCount: TensorLike;
  }): NegativeBinomial {
    return new NegativeBinomial({ totalCount, logits: tensor(mean).log().sub(tensor(totalCount).log()) });
  }

  override get klRules() {
    return fromNegativeBinomial;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = value.ge(0).and(value.lt(Number.POSITIVE_INFINITY)).and(isWhole(value));
    return onSupport(value, inside, 0, (k) => {
      const isNone = k.eq(0);
      return where(isNone, this.totalCount.mul(this.chance.logFailure), this.logMass(where(isNone, 1, k)));
    });
  }

  override cdf(x: TensorLike): Tensor {
    return this.tail("cdf", x, chanceTails.rest, 0);
  }

  override survival(x: TensorLike): Tensor {
    return this.tail("survival", x, chanceTails.value, 1);
  }

  override logCdf(x: TensorLike): Tensor {
    return this.tail("logCdf", x, chanceTails.logRest, Number.NEGATIVE_INFINITY);
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.tail("logSurvival", x, chanceTails.log, 0);
  }

  override quantile(p: TensorLike): Tensor {
    const level = tensor(p);
    const stddev = this.stddev();
    const z = ndtri(level.maximum(1e-300).minimum(1 - 2 ** -24));
    const guess = this.mean().add(stddev.mul(z));
    const upper = where(this.chance.success.gt(0), Number.POSITIVE_INFINITY, 0);
    return countQuantile(this, level, { lower: 0, upper, guess, stride: stddev.mul(0.25) });
  }

  override mean(): Tensor {
    return this.totalCount.mul(this.odds());
  }

  override mode(): Tensor {
    return this.totalCount.sub(1).maximum(0).mul(this.odds()).floor();
  }

  override variance(): Tensor {
    return this.mean().div(this.chance.failure);
  }

  override skewness(): Tensor {
    const { success } = this.chance;
    return success.add(1).div(success.mul(this.totalCount).sqrt());
  }

  override entropy(): Tensor {
    return negativeBinomialEntropy(this);
  }

  /** Poisson draws of gamma distributed rates. */
  override draw(key: Tensor, shape: Shape): Tensor {
    const [first, second] = split(key) as [Tensor, Tensor];
    const full = [...shape, ...this.batchShape];
    const rate = standardGamma(first, full, this.totalCount.broadcastTo(full)).mul(this.odds());
    return poissonInverse(rate, countLevels(second, full, this.dtype));
  }

  /** Successes a failure. */
  private odds(): Tensor {
    const { success, failure, logits, byLogits } = this.chance;
    return byLogits ? logits.exp() : success.div(failure);
  }

  /** log p(k) for k >= 1: as a binomial probability whose number of trials is k + totalCount. */
  private logMass(k: Tensor): Tensor {
    const { totalCount: r } = this;
    const { success, failure, logSuccess, logFailure, logits, byLogits } = this.chance;
    const isSmall = r.lt(1);
    const isDirect = byLogits ? isSmall.or(logits.abs().gt(EXTREME[this.dtype as "float32" | "float64"])) : isSmall;
    const count = where(isDirect, 1, r);
    const n = k.add(count);
    const scale = count
      .div(k)
      .div(n)
      .mul(1 / (2 * Math.PI));
    const near = scale
      .log()
      .mul(0.5)
      .add(stirlingError(n).sub(stirlingError(count)).sub(stirlingError(k)))
      .sub(bd0(count, n.mul(failure)))
      .sub(bd0(k, n.mul(success)));
    // Γ(k + r) / (Γ(r) k!) = Γ(k + r) / Γ(k) · r / (k Γ(1 + r))
    const direct = logGammaRatio(k, r)
      .sub(lgamma(r.add(1)))
      .add(r.log().sub(k.log()))
      .add(r.mul(logFailure))
      .add(k.mul(logSuccess));
    return where(isDirect, direct, near);
  }

  private tail(
    method: string,
    x: TensorLike,
    of: (chance: Chance, a: Tensor, b: Tensor) => Tensor,
    below: number,
  ): Tensor {
    const value = this.value(method, x);
    return onSupport(value, value.ge(0), 0, (at) => of(this.chance, at.floor().add(1), this.totalCount), below);
  }
}
