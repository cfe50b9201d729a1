import { type Constraint, real } from "../distributions/constraints.js";
import { ordered } from "../distributions/ordered.js";
import { check } from "../distributions/parameters.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { logRatio, where } from "../ops/index.js";
import { Bijector } from "./bijector.js";
import { openInterval } from "./openInterval.js";

/**
 * y = low + (high - low) / (1 + e^-x), from the real line to the numbers between two bounds.
 *
 * Beyond some 40 (float32: 17) the nearest number to y is the bound itself, if that is not 0, and x can't be had back from y.
 *
 * @param low, high  low < high; default 0 and 1
 * @shape  batch = broadcast(low, high)
 * @throws CredenceError `domain`: known bounds are not finite or not in order; `shape`: they do not broadcast
 */
export class Sigmoid extends Bijector {
  readonly name = "Sigmoid";
  readonly domain = real;
  readonly codomain: Constraint;
  readonly increasing = true;
  readonly low: Tensor;
  readonly high: Tensor;

  constructor({ low = 0, high = 1 }: { readonly low?: TensorLike; readonly high?: TensorLike } = {}) {
    const parameters = ordered("Sigmoid", check("Sigmoid", { low, high }, { low: real, high: real }));
    super({ parameters });
    this.low = parameters.low;
    this.high = parameters.high;
    this.codomain = openInterval(this.low, this.high);
  }

  override forward(x: TensorLike): Tensor {
    const at = this.value("forward", x, 0);
    const width = this.width();
    // from the nearer bound
    return where(at.lt(0), this.low.add(width.mul(at.sigmoid())), this.high.sub(width.mul(at.neg().sigmoid())));
  }

  override inverse(y: TensorLike): Tensor {
    const at = this.value("inverse", y, 0);
    return logRatio(at.sub(this.low), this.high.sub(at));
  }

  override forwardLogDet(x: TensorLike): Tensor {
    const at = this.value("forwardLogDet", x, 0);
    return this.width().log().sub(at.softplus().add(at.neg().softplus()));
  }

  private width(): Tensor {
    return this.high.sub(this.low);
  }
}
