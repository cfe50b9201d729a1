import { positive, real } from "../distributions/constraints.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { log1mexp } from "../ops/index.js";
import { Bijector } from "./bijector.js";

/** y = log(1 + e^x), from the real line to the numbers above 0: near e^x below 0, near x above. */
export class Softplus extends Bijector {
  readonly name = "Softplus";
  readonly domain = real;
  readonly codomain = positive;
  readonly increasing = true;

  override forward(x: TensorLike): Tensor {
    return this.value("forward", x, 0).softplus();
  }

  override inverse(y: TensorLike): Tensor {
    const at = this.value("inverse", y, 0);
    return at.add(log1mexp(at.neg())); // log(e^y - 1), without overflow
  }

  override forwardLogDet(x: TensorLike): Tensor {
    return this.value("forwardLogDet", x, 0).neg().softplus().neg();
  }

  override inverseLogDet(y: TensorLike): Tensor {
    return log1mexp(this.value("inverseLogDet", y, 0).neg()).neg();
  }
}
