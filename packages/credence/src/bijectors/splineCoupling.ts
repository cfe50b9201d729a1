import type { Tensor } from "../graph/tensor.js";
import { Coupling } from "./coupling.js";
import { RationalQuadraticSpline, type SplineParams } from "./rationalQuadraticSpline.js";

/**
 * Rational-quadratic spline coupling: the first numbers pass, and say with which spline each of the others is mapped.
 *
 * @param kept         how many numbers pass unchanged
 * @param conditioner  from those, [..., kept], the parameters of one spline for each of the others, [..., n - kept, bins] and so on
 * @throws CredenceError as `Coupling` and `RationalQuadraticSpline`
 * @source Durkan, Bekasov, Murray and Papamakarios, Neural spline flows (2019), section 3.2
 */
export class SplineCoupling extends Coupling {
  override readonly name = "SplineCoupling";

  constructor(params: { readonly kept: number; readonly conditioner: (kept: Tensor) => SplineParams }) {
    super({ kept: params.kept, transform: (first) => new RationalQuadraticSpline(params.conditioner(first)) });
  }
}
