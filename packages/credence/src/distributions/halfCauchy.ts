import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { atan, cospi, sinpi, where } from "../ops/index.js";
import { HalfLaw } from "./halfLaw.js";
import { fromHalfCauchy } from "./kl/halfCauchy.js";
import { logProbability } from "./logTails.js";

/** Beyond this 1 + z² is z² to rounding, and the square is near to overflow in float32. */
const FAR = 1e10;

/**
 * Half-Cauchy distribution: the size of a Cauchy number around 0. Its tail is so heavy that the mean is infinite.
 *
 *     log p(x) = -log(1 + z²) - log(π scale / 2),  z = x / scale,  x >= 0
 *
 * @param scale  median, > 0; units of x
 * @shape  batch = scale's; event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite
 * @source Gelman, Prior distributions for variance parameters in hierarchical models (2006), section 3.2
 */
export class HalfCauchy extends HalfLaw {
  readonly name = "HalfCauchy";
  protected readonly firstSlope = Math.PI / 2;

  constructor(params: { readonly scale: TensorLike }) {
    super("HalfCauchy", params);
  }

  override get klRules() {
    return fromHalfCauchy;
  }

  protected override logDensity(z: Tensor): Tensor {
    const isFar = z.gt(FAR);
    const near = where(isFar, 0, z).square().log1p();
    return where(isFar, where(isFar, z, 1).log().mul(2), near)
      .add(Math.log(Math.PI / 2))
      .neg();
  }

  protected override below(z: Tensor): Tensor {
    return atan(z).mul(2 / Math.PI);
  }

  protected override above(z: Tensor): Tensor {
    return atan(tensor(1).div(z)).mul(2 / Math.PI); // at 0 the arc tangent of infinity
  }

  protected override logBelow(z: Tensor): Tensor {
    return logProbability(this.below(z), this.above(z));
  }

  protected override logAbove(z: Tensor): Tensor {
    return logProbability(this.above(z), this.below(z));
  }

  protected override tailQuantile(tail: Tensor, isUpper: Tensor): Tensor {
    const half = tail.mul(0.5);
    const [rise, run] = [sinpi(half), cospi(half)];
    return where(isUpper, run.div(rise), rise.div(run));
  }

  protected override standardEntropy(): number {
    return Math.log(2 * Math.PI);
  }

  /** Infinite. */
  override mean(): Tensor {
    return this.scale.mul(Number.POSITIVE_INFINITY);
  }

  /** Infinite. */
  override variance(): Tensor {
    return this.mean();
  }

  /** NaN: there is no mean to deviate from. */
  override skewness(): Tensor {
    return this.scale.mul(Number.NaN);
  }
}
