import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { log1mexp, where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { type Chance, type ChanceParams, checkChance } from "./chance.js";
import { nonNegativeIntegers, positiveProbability } from "./constraints.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution } from "./distribution.js";
import { fromGeometric } from "./kl/geometric.js";
import { isWhole, onSupport } from "./onSupport.js";
import { scalars } from "./scalars.js";

/**
 * Geometric distribution: the number of failures before the first success.
 *
 *     log p(k) = k log(1 - probs) + log(probs),  k = 0, 1, 2, ...
 *
 * @param probs   the probability of success, above 0; 1 is a law at 0
 * @param logits  or log(probs / (1 - probs))
 * @shape  batch = the parameter's; event = []
 * @throws CredenceError `domain`: a known probability is not above 0 and at most 1; `argument`: neither or both are given
 * @source Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), section 5.2
 */
export class Geometric extends Distribution {
  readonly name = "Geometric";
  readonly support = nonNegativeIntegers;
  readonly reparameterized = false;
  readonly probs: Tensor;
  readonly logits: Tensor;
  /** @internal */
  readonly chance: Chance;
  /** log(1 - probs), never quite 0. */
  private readonly logFailure: Tensor;

  constructor(params: ChanceParams) {
    const { parameters, chance } = checkChance("Geometric", params, {}, positiveProbability);
    super(scalars("Geometric", parameters));
    this.chance = chance;
    this.probs = chance.success;
    this.logits = chance.logits;
    this.logFailure = chance.logFailure.minimum(this.dtype === "float32" ? -1e-37 : -1e-307);
  }

  override get klRules() {
    return fromGeometric;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = value.ge(0).and(value.lt(Number.POSITIVE_INFINITY)).and(isWhole(value));
    return onSupport(value, inside, 0, (k) => this.failing(k).add(this.chance.logSuccess));
  }

  override cdf(x: TensorLike): Tensor {
    return this.logSurvivalAt("cdf", x).expm1().neg();
  }

  override survival(x: TensorLike): Tensor {
    return this.logSurvivalAt("survival", x).exp();
  }

  override logCdf(x: TensorLike): Tensor {
    return log1mexp(this.logSurvivalAt("logCdf", x));
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.logSurvivalAt("logSurvival", x);
  }

  override quantile(p: TensorLike): Tensor {
    const level = tensor(p);
    const isCertain = this.chance.failure.eq(0);
    const guess = level
      .neg()
      .log1p()
      .div(where(isCertain, -1, this.logFailure))
      .ceil()
      .sub(1);
    const upper = where(isCertain, 0, Number.POSITIVE_INFINITY);
    return countQuantile(this, level, { lower: 0, upper, guess, stride: 1 });
  }

  override mean(): Tensor {
    const { byLogits, logits, success, failure } = this.chance;
    return byLogits ? logits.neg().exp() : failure.div(success);
  }

  override mode(): Tensor {
    return this.probs.mul(0);
  }

  override variance(): Tensor {
    return this.mean().div(this.chance.success);
  }

  override skewness(): Tensor {
    const { failure } = this.chance;
    return failure.add(1).div(failure.sqrt());
  }

  override entropy(): Tensor {
    const { success, failure, logSuccess } = this.chance;
    const some = failure.gt(0);
    const perSuccess = where(some, failure, 0)
      .mul(where(some, this.logFailure, 0))
      .div(success);
    return perSuccess.add(logSuccess).neg();
  }

  /** By inversion, exact in both tails. */
  override draw(key: Tensor, shape: Shape): Tensor {
    const full = [...shape, ...this.batchShape];
    const { tail, isUpper } = uniformTail(key, full, { dtype: this.dtype as "float32" | "float64" });
    const time = where(isUpper, tail.log(), tail.neg().log1p()); // the logarithm of a level
    return time.div(this.logFailure).floor();
  }

  /** log of the probability that n trials fail: 0 of none, though one may be impossible. */
  private failing(n: Tensor): Tensor {
    const isNone = n.eq(0);
    return where(isNone, tensor(0), where(isNone, 1, n).mul(where(isNone, -1, this.logFailure)));
  }

  private logSurvivalAt(method: string, x: TensorLike): Tensor {
    return this.failing(this.value(method, x).floor().add(1).maximum(0));
  }
}
