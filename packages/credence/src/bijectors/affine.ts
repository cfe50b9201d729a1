import { nonZero, real } from "../distributions/constraints.js";
import { check } from "../distributions/parameters.js";
import type { TensorLike } from "../graph/literal.js";
import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { Bijector } from "./bijector.js";
import { isPositive } from "./isPositive.js";

/**
 * y = loc + scale x.
 *
 * @param loc    the image of 0; default 0
 * @param scale  not 0; below 0 the order is turned round; default 1
 * @shape  batch = broadcast(loc, scale)
 * @throws CredenceError `domain`: a known scale is 0, or one of the two not finite; `shape`: they do not broadcast
 */
export class Affine extends Bijector {
  readonly name = "Affine";
  readonly domain = real;
  readonly codomain = real;
  readonly increasing: boolean | Tensor;
  readonly loc: Tensor;
  readonly scale: Tensor;

  constructor({ loc = 0, scale = 1 }: { readonly loc?: TensorLike; readonly scale?: TensorLike } = {}) {
    const parameters = check("Affine", { loc, scale }, { loc: real, scale: nonZero });
    super({ parameters });
    this.loc = parameters.loc;
    this.scale = parameters.scale;
    this.increasing = isPositive(this.scale);
  }

  override forward(x: TensorLike): Tensor {
    return this.scale.mul(x).add(this.loc);
  }

  override inverse(y: TensorLike): Tensor {
    return this.value("inverse", y, 0).sub(this.loc).div(this.scale);
  }

  override forwardLogDet(x: TensorLike): Tensor {
    const { shape } = this.value("forwardLogDet", x, 0);
    return this.scale
      .abs()
      .log()
      .broadcastTo(broadcastShapes("Affine.forwardLogDet", [shape, this.batchShape]));
  }

  override mapDeviation(deviation: Tensor): Tensor {
    return deviation.mul(this.scale.abs());
  }

  override unmapDeviation(deviation: Tensor): Tensor {
    return deviation.div(this.scale.abs());
  }
}
