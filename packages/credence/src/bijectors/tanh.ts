import { correlation, real } from "../distributions/constraints.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { Bijector } from "./bijector.js";

/**
 * y = tanh x, from the real line to the numbers between -1 and 1.
 *
 * Beyond 19 (float32: 9) the nearest number to y is ±1, and x can't be had back from y: draws of a distribution transformed so are
 * to be had with their log densities by `sampleAndLogProb`.
 */
export class Tanh extends Bijector {
  readonly name = "Tanh";
  readonly domain = real;
  readonly codomain = correlation;
  readonly increasing = true;

  override forward(x: TensorLike): Tensor {
    return this.value("forward", x, 0).tanh();
  }

  override inverse(y: TensorLike): Tensor {
    return atanh(this.value("inverse", y, 0));
  }

  override forwardLogDet(x: TensorLike): Tensor {
    return logSech(this.value("forwardLogDet", x, 0)).mul(2);
  }
}

/** Artanh. */
export const atanh = (y: Tensor): Tensor => y.log1p().sub(y.neg().log1p()).mul(0.5);

/** log(1 / cosh x), without overflow. */
export const logSech = (x: Tensor): Tensor => x.neg().add(Math.LN2).sub(x.mul(-2).softplus());
