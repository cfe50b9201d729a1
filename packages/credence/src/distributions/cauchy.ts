import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { atan, cospi, sinpi, where } from "../ops/index.js";
import { fromCauchy } from "./kl/cauchy.js";
import { locationAndScale, Symmetric } from "./locationScale.js";
import { check } from "./parameters.js";

/** Beyond this 1 + z² is z² to rounding, and the square is near to overflow in float32. */
const FAR = 1e10;

/**
 * Cauchy distribution, with tails so heavy that it has no mean.
 *
 *     log p(x) = -log(1 + z²) - log(π scale),  z = (x - loc) / scale
 *
 * @param loc    median and mode; units of x
 * @param scale  half the width between the quartiles, > 0; units of x
 * @shape  batch = broadcast(loc, scale); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 16
 */
export class Cauchy extends Symmetric {
  readonly name = "Cauchy";

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike }) {
    super("Cauchy", check("Cauchy", params, locationAndScale));
  }

  override get klRules() {
    return fromCauchy;
  }

  protected override logDensity(z: Tensor): Tensor {
    const size = z.abs();
    const isFar = size.gt(FAR);
    const near = where(isFar, 0, size).square().log1p();
    return where(isFar, where(isFar, size, 1).log().mul(2), near)
      .add(Math.log(Math.PI))
      .neg();
  }

  protected override below(z: Tensor): Tensor {
    // below 0 by the reciprocal, whose arc tangent is the small number itself
    const isLeft = z.lt(0);
    const left = atan(tensor(-1).div(where(isLeft, z, -1))).div(Math.PI);
    return where(
      isLeft,
      left,
      atan(where(isLeft, 0, z))
        .div(Math.PI)
        .add(0.5),
    );
  }

  protected override logBelow(z: Tensor): Tensor {
    const tail = this.below(z.abs().neg());
    return where(z.lt(0), tail.log(), tail.neg().log1p());
  }

  protected override lowerQuantile(tail: Tensor): Tensor {
    return cospi(tail).div(sinpi(tail)).neg();
  }

  protected override standardEntropy(): number {
    return Math.log(4 * Math.PI);
  }

  /** NaN: the integral does not exist. */
  override mean(): Tensor {
    return this.loc.mul(Number.NaN).broadcastTo(this.batchShape);
  }

  /** NaN: there is no mean to deviate from. */
  override variance(): Tensor {
    return this.mean();
  }

  /** NaN: as the mean. */
  override skewness(): Tensor {
    return this.mean();
  }
}
