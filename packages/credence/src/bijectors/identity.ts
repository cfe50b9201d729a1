import { real } from "../distributions/constraints.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { Bijector } from "./bijector.js";

/** y = x. */
export class Identity extends Bijector {
  readonly name = "Identity";
  readonly domain = real;
  readonly codomain = real;
  readonly increasing = true;

  override forward(x: TensorLike): Tensor {
    return this.value("forward", x, 0);
  }

  override inverse(y: TensorLike): Tensor {
    return this.value("inverse", y, 0);
  }

  override forwardLogDet(x: TensorLike): Tensor {
    return this.value("forwardLogDet", x, 0).mul(0);
  }

  override mapDeviation(deviation: Tensor): Tensor {
    return deviation;
  }

  override unmapDeviation(deviation: Tensor): Tensor {
    return deviation;
  }
}
