import { each, increasing, real } from "../distributions/constraints.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { cumsum } from "../ops/index.js";
import { concat } from "../tensor/derived.js";
import { Bijector } from "./bijector.js";

/** Vectors whose numbers grow: y[0] = x[0], y[i] = y[i - 1] + e^x[i]. */
export class Ordered extends Bijector {
  readonly name = "Ordered";
  readonly domain = each(real, 1);
  readonly codomain = increasing;
  readonly increasing = undefined;

  override forward(x: TensorLike): Tensor {
    const at = this.value("forward", x, 1);
    return cumsum(concat([at.slice(-1, 0, 1), at.slice(-1, 1).exp()], -1));
  }

  override inverse(y: TensorLike): Tensor {
    const at = this.value("inverse", y, 1);
    const steps = at.slice(-1, 1).sub(at.slice(-1, 0, -1));
    return concat([at.slice(-1, 0, 1), steps.log()], -1);
  }

  override forwardLogDet(x: TensorLike): Tensor {
    return this.value("forwardLogDet", x, 1).slice(-1, 1).sum(-1);
  }
}
