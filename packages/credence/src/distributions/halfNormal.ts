import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { erf, erfinv, logNdtr, ndtr, ndtri, where } from "../ops/index.js";
import { HalfLaw } from "./halfLaw.js";
import { fromHalfNormal } from "./kl/halfNormal.js";
import { logProbability } from "./logTails.js";

const HALF_LOG_HALF_PI = 0.5 * Math.log(Math.PI / 2);

/**
 * Half-normal distribution: the size of a normal number of mean 0.
 *
 *     log p(x) = -z² / 2 - log(π / 2) / 2 - log scale,  z = x / scale,  x >= 0
 *
 * @param scale  standard deviation of that number, > 0; units of x
 * @shape  batch = scale's; event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), section 13.10.1
 */
export class HalfNormal extends HalfLaw {
  readonly name = "HalfNormal";
  protected readonly firstSlope = Math.sqrt(Math.PI / 2);

  constructor(params: { readonly scale: TensorLike }) {
    super("HalfNormal", params);
  }

  override get klRules() {
    return fromHalfNormal;
  }

  protected override logDensity(z: Tensor): Tensor {
    // z · (z / 2) reaches further than z² / 2 before it overflows
    return z.mul(z.mul(-0.5)).sub(HALF_LOG_HALF_PI);
  }

  protected override below(z: Tensor): Tensor {
    return erf(z.mul(Math.SQRT1_2));
  }

  protected override above(z: Tensor): Tensor {
    return ndtr(z.neg()).mul(2);
  }

  protected override logBelow(z: Tensor): Tensor {
    return logProbability(this.below(z), this.above(z));
  }

  protected override logAbove(z: Tensor): Tensor {
    return logProbability(this.above(z), this.below(z), logNdtr(z.neg()).add(Math.LN2));
  }

  protected override tailQuantile(tail: Tensor, isUpper: Tensor): Tensor {
    return where(isUpper, ndtri(tail.mul(0.5)).neg(), erfinv(tail).mul(Math.SQRT2));
  }

  protected override standardEntropy(): number {
    return 0.5 + HALF_LOG_HALF_PI;
  }

  override mean(): Tensor {
    return this.scale.mul(Math.sqrt(2 / Math.PI));
  }

  override variance(): Tensor {
    return this.scale.square().mul(1 - 2 / Math.PI);
  }

  override stddev(): Tensor {
    return this.scale.mul(Math.sqrt(1 - 2 / Math.PI));
  }

  /** √2 (4 - π) / (π - 2)^(3/2) */
  override skewness(): Tensor {
    return this.scale.mul(0).add(0.995271746431156);
  }
}
