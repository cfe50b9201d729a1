import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { logExcess, where } from "../ops/index.js";
import { openUnitInterval } from "./constraints.js";
import { fromLogitNormal } from "./kl/logitNormal.js";
import { locationAndScale } from "./locationScale.js";
import { logitNormalMode, logitNormalMoments } from "./logitNormalMoments.js";
import { Mapped } from "./mapped.js";
import { Normal } from "./normal.js";
import { check } from "./parameters.js";

/**
 * Logit-normal distribution: of shares x whose logit log(x / (1 - x)) is normal.
 *
 *     log p(x) = -z² / 2 - log(scale x (1 - x)) - log(2π) / 2,  z = (logit x - loc) / scale,  0 < x < 1
 *
 * Mean, variance, skewness and entropy have no formula; they are sums that are good to 1e-15, of a mean that may be near 1.
 *
 * @param loc    mean of logit x, and logit of the median
 * @param scale  standard deviation of logit x, > 0; above √2 there may be two modes
 * @shape  batch = broadcast(loc, scale); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Atchison and Shen, Logistic-normal distributions: some properties and uses (1980)
 */
export class LogitNormal extends Mapped {
  readonly name = "LogitNormal";
  readonly support = openUnitInterval;
  protected readonly within = 0.5;

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike }) {
    super("LogitNormal", check("LogitNormal", params, locationAndScale), Normal);
  }

  override get klRules() {
    return fromLogitNormal;
  }

  protected override forward(y: Tensor): Tensor {
    return y.sigmoid();
  }

  protected override distance(x: Tensor): Tensor {
    const inside = x.maximum(0).minimum(1);
    return logExcess(inside, this.loc).sub(inside.neg().log1p());
  }

  protected override logSlope(y: Tensor): Tensor {
    const size = y.abs();
    return size.add(size.neg().exp().log1p().mul(2)); // -log x - log(1 - x)
  }

  override mean(): Tensor {
    return logitNormalMoments(this.loc, this.scale).mean;
  }

  override variance(): Tensor {
    return logitNormalMoments(this.loc, this.scale).variance;
  }

  override skewness(): Tensor {
    return logitNormalMoments(this.loc, this.scale).skewness;
  }

  /** The higher of the two where there are two; if both are as high, the one above 1/2. */
  override mode(): Tensor {
    const logit = logitNormalMode(this.loc.abs(), this.scale);
    return where(this.loc.lt(0), logit.neg(), logit).sigmoid();
  }

  override entropy(): Tensor {
    const { curve } = logitNormalMoments(this.loc, this.scale);
    return this.inner.entropy().sub(curve);
  }
}
