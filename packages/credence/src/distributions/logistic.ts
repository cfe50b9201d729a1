import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { locationAndScale, Symmetric } from "./locationScale.js";
import { check } from "./parameters.js";

/**
 * Logistic distribution, whose distribution function is the sigmoid.
 *
 *     log p(x) = -|z| - 2 log(1 + exp(-|z|)) - log scale,  z = (x - loc) / scale
 *
 * @param loc    mean, median and mode; units of x
 * @param scale  √3 / π standard deviations, > 0; units of x
 * @shape  batch = broadcast(loc, scale); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), chapter 23
 */
export class Logistic extends Symmetric {
  readonly name = "Logistic";

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike }) {
    super("Logistic", check("Logistic", params, locationAndScale));
  }

  protected override logDensity(z: Tensor): Tensor {
    const size = z.abs().neg();
    return size.sub(size.exp().log1p().mul(2));
  }

  protected override below(z: Tensor): Tensor {
    return z.sigmoid();
  }

  protected override logBelow(z: Tensor): Tensor {
    return z.neg().softplus().neg();
  }

  protected override lowerQuantile(tail: Tensor): Tensor {
    // log(t / (1 - t)); near 1/2 by the difference 2t - 1, which is exact there
    const rest = tail.neg().add(1);
    const isNear = tail.gt(0.25);
    const near = where(isNear, tail.mul(2).sub(1), -0.5).div(rest).log1p();
    return where(isNear, near, tail.div(rest).log());
  }

  protected override standardEntropy(): number {
    return 2;
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.scale.mul(Math.PI / Math.sqrt(3)).broadcastTo(this.batchShape);
  }
}
