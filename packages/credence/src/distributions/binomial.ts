import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { bd0, binomialInverse, stirlingError, where } from "../ops/index.js";
import { logChoose } from "../special/logChoose.js";
import { type Chance, type ChanceParams, checkChance } from "./chance.js";
import { chanceTails } from "./chanceTails.js";
import { type Constraint, nonNegativeIntegers, wholeUpTo } from "./constraints.js";
import { countEntropy } from "./countEntropy.js";
import { countLevels } from "./countLevels.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution } from "./distribution.js";
import { fromBinomial } from "./kl/binomial.js";
import { onSupport } from "./onSupport.js";
import { scalars } from "./scalars.js";

export type BinomialParams = ChanceParams & { readonly totalCount: TensorLike };

/** Beyond these logits one of the two chances is a subnormal number or 0. */
const EXTREME = { float32: 80, float64: 700 } as const;

/**
 * Binomial distribution: the number of successes in independent trials.
 *
 *     log p(k) = log (totalCount over k) + k log(probs) + (totalCount - k) log(1 - probs)
 *
 * @param totalCount  the number of trials, a whole number >= 0
 * @param probs       the probability of success, from 0 to 1
 * @param logits      or log(probs / (1 - probs))
 * @shape  batch = broadcast(totalCount, the chance); event = []
 * @throws CredenceError `domain`: a known count is no whole number >= 0, a known probability not from 0 to 1; `argument`: neither or
 *   both of probs and logits are given
 * @source Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), chapter 3; Loader, Fast and accurate computation of
 *   binomial probabilities (2000), for the probability
 */
export class Binomial extends Distribution {
  readonly name = "Binomial";
  readonly support: Constraint;
  readonly reparameterized = false;
  readonly totalCount: Tensor;
  readonly probs: Tensor;
  readonly logits: Tensor;
  /** @internal */
  readonly chance: Chance;

  constructor(params: BinomialParams) {
    const { parameters, chance } = checkChance("Binomial", params, { totalCount: nonNegativeIntegers });
    super(scalars("Binomial", parameters));
    this.totalCount = parameters.totalCount;
    this.chance = chance;
    this.probs = chance.success;
    this.logits = chance.logits;
    this.support = wholeUpTo(this.totalCount);
  }

  override get klRules() {
    return fromBinomial;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    return onSupport(
      value,
      this.support.contains(value),
      0,
      (k) => this.logMass(k),
      this.outside(Number.NEGATIVE_INFINITY),
    );
  }

  override cdf(x: TensorLike): Tensor {
    return this.tail("cdf", x, chanceTails.rest, [0, 1]);
  }

  override survival(x: TensorLike): Tensor {
    return this.tail("survival", x, chanceTails.value, [1, 0]);
  }

  override logCdf(x: TensorLike): Tensor {
    return this.tail("logCdf", x, chanceTails.logRest, [Number.NEGATIVE_INFINITY, 0]);
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.tail("logSurvival", x, chanceTails.log, [0, Number.NEGATIVE_INFINITY]);
  }

  override quantile(p: TensorLike): Tensor {
    const level = tensor(p);
    const guess = this.inverse(where(level.gt(0.5), level.sub(1), level));
    const { success, failure } = this.chance;
    const lower = where(failure.gt(0), 0, this.totalCount);
    const upper = where(success.gt(0), this.totalCount, 0);
    return countQuantile(this, level, { lower, upper, guess, stride: 1 });
  }

  override mean(): Tensor {
    return this.totalCount.mul(this.chance.success);
  }

  override mode(): Tensor {
    return this.totalCount.add(1).mul(this.chance.success).floor().minimum(this.totalCount);
  }

  override variance(): Tensor {
    return this.mean().mul(this.chance.failure);
  }

  override skewness(): Tensor {
    const { success, failure, byLogits } = this.chance;
    const excess = byLogits ? failure.sub(success) : success.mul(-2).add(1);
    return excess.div(this.stddev());
  }

  override entropy(): Tensor {
    const law = this.withParameters((t) => t.expandDims(-1));
    return countEntropy(law, { mean: this.mean(), stddev: this.stddev() });
  }

  /** By inversion, exact in both tails. */
  override draw(key: Tensor, shape: Shape): Tensor {
    return this.inverse(countLevels(key, [...shape, ...this.batchShape], this.dtype));
  }

  /** The least k that reaches a level, given as of `binomialInverse`; the rarer of the two outcomes is counted. */
  private inverse(level: Tensor): Tensor {
    const { success, failure } = this.chance;
    const isRare = success.le(0.5);
    const count = binomialInverse(this.totalCount, where(isRare, success, failure), where(isRare, level, level.neg()));
    return where(isRare, count, this.totalCount.sub(count));
  }

  /** log p(k) for k from 0 to totalCount; at the ends without the terms that a certain outcome would make infinite. */
  private logMass(k: Tensor): Tensor {
    const { totalCount: n } = this;
    const { success, failure, logSuccess, logFailure, logits, byLogits } = this.chance;
    const [isNone, isAll] = [k.eq(0), k.eq(n)];
    const isInner = isNone.or(isAll).not();
    const [some, all] = [where(isInner, k, 1), where(isInner, n, 2)];
    const rest = all.sub(some);
    const near = all
      .div(some)
      .div(rest)
      .mul(1 / (2 * Math.PI))
      .log()
      .mul(0.5)
      .add(stirlingError(all).sub(stirlingError(some)).sub(stirlingError(rest)))
      .sub(bd0(some, all.mul(success)))
      .sub(bd0(rest, all.mul(failure)));
    const direct = (): Tensor => logChoose(all, some).add(some.mul(logSuccess)).add(rest.mul(logFailure));
    const isExtreme = logits.abs().gt(EXTREME[this.dtype as "float32" | "float64"]);
    const inner = byLogits ? where(isExtreme, direct(), near) : near;
    const certain = (count: Tensor, mask: Tensor, log: Tensor): Tensor => {
      const isAny = mask.and(count.gt(0));
      return where(isAny, where(isAny, count, 1).mul(where(isAny, log, -1)), count.mul(0));
    };
    return where(isNone, certain(n, isNone, logFailure), where(isAll, certain(n, isAll, logSuccess), inner));
  }

  private tail(
    method: string,
    x: TensorLike,
    of: (chance: Chance, a: Tensor, b: Tensor) => Tensor,
    [below, above]: readonly [number, number],
  ): Tensor {
    const k = this.value(method, x).floor();
    const isInner = k.ge(0).and(k.lt(this.totalCount));
    const at = where(isInner, k, 0);
    const inner = of(this.chance, at.add(1), where(isInner, this.totalCount, 1).sub(at));
    return onSupport(k, isInner, 0, () => inner, where(k.lt(0), this.outside(below), this.outside(above)));
  }

  /** A value beyond the support, NaN where that is not known. */
  private outside(value: number): Tensor {
    return where(this.totalCount.eq(this.totalCount), value, Number.NaN);
  }
}
