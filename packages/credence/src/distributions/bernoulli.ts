import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { expm1, where, xlog1py, xlogy } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { type Chance, type ChanceParams, checkChance } from "./chance.js";
import { integersFrom } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { fromBernoulli } from "./kl/bernoulli.js";
import { levelOf } from "./onSupport.js";
import { scalars } from "./scalars.js";

/**
 * Bernoulli distribution: 1 with a given probability, else 0.
 *
 *     p(1) = probs,  p(0) = 1 - probs
 *
 * @param probs   the probability of 1, from 0 to 1
 * @param logits  or log(probs / (1 - probs)), from which neither logarithm loses digits
 * @shape  batch = the parameter's; event = []
 * @throws CredenceError `domain`: a known probability is not from 0 to 1; `argument`: neither or both are given
 * @source Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), section 3.2, with one trial
 */
export class Bernoulli extends Distribution {
  readonly name = "Bernoulli";
  readonly support = integersFrom(0, 1);
  readonly reparameterized = false;
  readonly probs: Tensor;
  readonly logits: Tensor;
  /** @internal */
  readonly chance: Chance;

  constructor(params: ChanceParams) {
    const { parameters, chance } = checkChance("Bernoulli", params, {});
    super(scalars("Bernoulli", parameters));
    this.chance = chance;
    this.probs = chance.success;
    this.logits = chance.logits;
  }

  override get klRules() {
    return fromBernoulli;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const { logSuccess, logFailure } = this.chance;
    const found = where(value.eq(1), logSuccess, where(value.eq(0), logFailure, Number.NEGATIVE_INFINITY));
    return where(value.eq(value), found, value);
  }

  override cdf(x: TensorLike): Tensor {
    return this.step("cdf", x, [0, this.chance.failure, 1]);
  }

  override survival(x: TensorLike): Tensor {
    return this.step("survival", x, [1, this.chance.success, 0]);
  }

  override logCdf(x: TensorLike): Tensor {
    return this.step("logCdf", x, [Number.NEGATIVE_INFINITY, this.chance.logFailure, 0]);
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.step("logSurvival", x, [0, this.chance.logSuccess, Number.NEGATIVE_INFINITY]);
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const { success, failure } = this.chance;
    const isZero = where(level.lt(1), level.le(failure), success.eq(0)); // failure may have been rounded to 1
    return where(level.eq(level), where(isZero, 0, 1), level).add(success.mul(0));
  }

  override mean(): Tensor {
    return this.probs;
  }

  override mode(): Tensor {
    return where(this.chance.success.gt(this.chance.failure), tensor(1).cast(this.dtype), 0);
  }

  override variance(): Tensor {
    return this.chance.success.mul(this.chance.failure);
  }

  /** Infinite where the law is at one of its points, above or below. */
  override skewness(): Tensor {
    const { byLogits, logits, success } = this.chance;
    if (!byLogits) return success.mul(-2).add(1).div(this.stddev());
    const half = logits.abs().mul(0.5);
    return expm1(half).mul(half.neg().exp().add(1)).mul(logits.sign().neg()); // -2 sinh(logits / 2)
  }

  override entropy(): Tensor {
    const { byLogits, logits, success, failure } = this.chance;
    if (!byLogits) return xlogy(success, success).add(xlog1py(failure, success.neg())).neg();
    const size = logits.abs();
    return size.neg().softplus().add(size.mul(size.neg().sigmoid()));
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const { success, failure } = this.chance;
    const full = [...shape, ...this.batchShape];
    const { tail, isUpper } = uniformTail(key, full, { dtype: this.dtype as "float32" | "float64" });
    // the level against failure, in the tail where both are exact
    const isOne = isUpper.and(tail.lt(success)).or(isUpper.not().and(tail.gt(failure)));
    return where(success.eq(success), isOne.cast(this.dtype), Number.NaN);
  }

  /** A function that is constant below 0, from 0 to 1, and from 1 on. */
  private step(method: string, x: TensorLike, [below, between, above]: readonly [number, Tensor, number]): Tensor {
    const value = this.value(method, x);
    const found = where(value.lt(0), below, where(value.lt(1), between, above));
    return where(value.eq(value), found, value);
  }
}
