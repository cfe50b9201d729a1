import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { log1mexp, logExcess, where } from "../ops/index.js";
import { positive } from "./constraints.js";
import { fromLogNormal } from "./kl/logNormal.js";
import { locationAndScale } from "./locationScale.js";
import { Mapped } from "./mapped.js";
import { Normal } from "./normal.js";
import { check } from "./parameters.js";

/** From here on e^(scale²) - 1 and the square of the mean are taken together, since one may overflow where the other underflows. */
const WIDE = 3;

/**
 * Log-normal distribution: of numbers whose logarithm is normal.
 *
 *     log p(x) = -z² / 2 - log(x scale) - log(2π) / 2,  z = (log x - loc) / scale,  x > 0
 *
 * @param loc    mean of log x, and logarithm of the median
 * @param scale  standard deviation of log x, > 0
 * @shape  batch = broadcast(loc, scale); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 14
 */
export class LogNormal extends Mapped {
  readonly name = "LogNormal";
  readonly support = positive;
  protected readonly within = 1;

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike }) {
    super("LogNormal", check("LogNormal", params, locationAndScale), Normal);
  }

  override get klRules() {
    return fromLogNormal;
  }

  protected override forward(y: Tensor): Tensor {
    return y.exp();
  }

  protected override distance(x: Tensor): Tensor {
    return logExcess(x.maximum(0), this.loc);
  }

  protected override logSlope(y: Tensor): Tensor {
    return y.neg();
  }

  override mean(): Tensor {
    return this.loc.add(this.scale.mul(this.scale.mul(0.5))).exp();
  }

  override mode(): Tensor {
    return this.loc.sub(this.scale.square()).exp();
  }

  override variance(): Tensor {
    const square = this.scale.square();
    const isWide = this.scale.gt(WIDE);
    const narrow = where(isWide, 1, square).expm1().mul(this.mean().square());
    return where(isWide, this.logDeviation().mul(2).exp(), narrow);
  }

  override stddev(): Tensor {
    const isWide = this.scale.gt(WIDE);
    const narrow = where(isWide, 1, this.scale.square()).expm1().sqrt().mul(this.mean());
    return where(isWide, this.logDeviation().exp(), narrow);
  }

  override skewness(): Tensor {
    const growth = this.scale.square().expm1();
    return growth.add(3).mul(growth.sqrt()).add(this.loc.mul(0));
  }

  override entropy(): Tensor {
    return this.loc.add(this.inner.entropy());
  }

  /** loc + scale² + log(1 - e^(-scale²)) / 2, the logarithm of the standard deviation. */
  private logDeviation(): Tensor {
    const square = this.scale.square();
    return this.loc.add(square).add(log1mexp(square.neg()).mul(0.5));
  }
}
