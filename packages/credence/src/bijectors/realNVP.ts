import { real } from "../distributions/constraints.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { Bijector } from "./bijector.js";
import { Coupling } from "./coupling.js";

/** How a conditioner says that numbers are mapped. */
export interface ShiftAndScale {
  readonly shift: TensorLike;
  readonly logScale: TensorLike;
}

/**
 * Affine coupling: y = x for the first numbers, y = shift + e^logScale x for the others, with shift and logScale functions of the first.
 *
 * Bound the logarithms of the scales, say by `raw.tanh().mul(2)`, lest a flow of many layers overflow.
 *
 * @param kept         how many numbers pass unchanged
 * @param conditioner  from those, [..., kept], the shift and logScale of the others, [..., n - kept] or what broadcasts to it
 * @throws CredenceError as `Coupling`
 * @source Dinh, Sohl-Dickstein and Bengio, Density estimation using Real NVP (2016), section 3.2
 */
export class RealNVP extends Coupling {
  override readonly name = "RealNVP";

  constructor(params: { readonly kept: number; readonly conditioner: (kept: Tensor) => ShiftAndScale }) {
    super({ kept: params.kept, transform: (first) => new ByLogScale(params.conditioner(first)) });
  }
}

/** y = shift + e^logScale x: `Affine` whose log-determinant is given, not computed. */
class ByLogScale extends Bijector {
  readonly name = "ByLogScale";
  readonly domain = real;
  readonly codomain = real;
  readonly increasing = true;
  private readonly shift: Tensor;
  private readonly logScale: Tensor;

  constructor({ shift, logScale }: ShiftAndScale) {
    super();
    this.shift = tensor(shift);
    this.logScale = tensor(logScale);
  }

  override forward(x: TensorLike): Tensor {
    return this.logScale.exp().mul(x).add(this.shift);
  }

  override inverse(y: TensorLike): Tensor {
    return this.value("inverse", y, 0).sub(this.shift).div(this.logScale.exp());
  }

  override forwardLogDet(x: TensorLike): Tensor {
    const { shape } = this.value("forwardLogDet", x, 0);
    return this.logScale.broadcastTo(broadcastShapes("RealNVP", [shape, this.shift.shape, this.logScale.shape]));
  }

  override inverseLogDet(y: TensorLike): Tensor {
    return this.forwardLogDet(y).neg();
  }
}
