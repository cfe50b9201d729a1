import { positive, real } from "../distributions/constraints.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { Bijector } from "./bijector.js";

/** y = e^x, from the real line to the numbers above 0. */
export class Exp extends Bijector {
  readonly name = "Exp";
  readonly domain = real;
  readonly codomain = positive;
  readonly increasing = true;

  override forward(x: TensorLike): Tensor {
    return this.value("forward", x, 0).exp();
  }

  override inverse(y: TensorLike): Tensor {
    return this.value("inverse", y, 0).log();
  }

  override forwardLogDet(x: TensorLike): Tensor {
    return this.value("forwardLogDet", x, 0);
  }
}
