import { nonZero, positive } from "../distributions/constraints.js";
import { check } from "../distributions/parameters.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { Bijector } from "./bijector.js";
import { isPositive } from "./isPositive.js";

/**
 * y = x^exponent on the numbers above 0.
 *
 * @param exponent  not 0; below 0 the order is turned round
 * @shape  batch = the exponent's shape
 * @throws CredenceError `domain`: a known exponent is 0 or not finite
 */
export class Power extends Bijector {
  readonly name = "Power";
  readonly domain = positive;
  readonly codomain = positive;
  readonly increasing: boolean | Tensor;
  readonly exponent: Tensor;

  constructor(params: { readonly exponent: TensorLike }) {
    const parameters = check("Power", params, { exponent: nonZero });
    super({ parameters });
    this.exponent = parameters.exponent;
    this.increasing = isPositive(this.exponent);
  }

  override forward(x: TensorLike): Tensor {
    return this.value("forward", x, 0).log().mul(this.exponent).exp();
  }

  override inverse(y: TensorLike): Tensor {
    return this.value("inverse", y, 0).log().div(this.exponent).exp();
  }

  override forwardLogDet(x: TensorLike): Tensor {
    const log = this.value("forwardLogDet", x, 0).log();
    return log.mul(this.exponent.sub(1)).add(this.exponent.abs().log());
  }

  override inverseLogDet(y: TensorLike): Tensor {
    // by y's own logarithm: x may be 0 or infinite
    const log = this.value("inverseLogDet", y, 0).log();
    return log.mul(this.exponent.neg().add(1).div(this.exponent)).sub(this.exponent.abs().log());
  }
}
