import { positive, real } from "../distributions/constraints.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { Bijector } from "./bijector.js";

/** y = log x, from the numbers above 0 to the real line. */
export class Log extends Bijector {
  readonly name = "Log";
  readonly domain = positive;
  readonly codomain = real;
  readonly increasing = true;

  override forward(x: TensorLike): Tensor {
    return this.value("forward", x, 0).log();
  }

  override inverse(y: TensorLike): Tensor {
    return this.value("inverse", y, 0).exp();
  }

  override forwardLogDet(x: TensorLike): Tensor {
    return this.forward(x).neg();
  }

  override inverseLogDet(y: TensorLike): Tensor {
    return this.value("inverseLogDet", y, 0); // e^y may be 0 or infinite
  }
}
