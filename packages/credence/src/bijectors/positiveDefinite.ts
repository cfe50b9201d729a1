import { each, positiveDefinite, real } from "../distributions/constraints.js";
import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { factorOf } from "../linalg/cholesky.js";
import { add, diagonal, iota, log, matmul, matrixTranspose, mul, sub } from "../ops/index.js";
import { Bijector } from "./bijector.js";
import { CholeskyFactor } from "./choleskyFactor.js";
import { rowsOf } from "./triangle.js";

const factor = new CholeskyFactor();

/**
 * Vectors of n (n + 1) / 2 numbers to symmetric positive definite matrices: those of the factor L that `CholeskyFactor` makes, L Lᵀ.
 *
 * A matrix has half the digits of its factor where it is nearly singular: where a distribution takes `scaleTril`, give it that. The
 * determinant is that of the map to the lower triangle.
 *
 * @shape  x: [..., n (n + 1) / 2]; y: [..., n, n]
 * @throws CredenceError `shape`: a vector that fills no triangle, or a matrix that is not square
 * @source Muirhead, Aspects of Multivariate Statistical Theory (1982), theorem 2.1.9
 */
export class PositiveDefinite extends Bijector {
  readonly name = "PositiveDefinite";
  readonly domain = each(real, 1);
  readonly codomain = positiveDefinite;
  readonly increasing = undefined;

  override forward(x: TensorLike): Tensor {
    const l = factor.forward(x);
    return matmul(l, matrixTranspose(l));
  }

  override inverse(y: TensorLike): Tensor {
    const at = this.value("inverse", y, 2);
    rowsOf("PositiveDefinite.inverse", at.shape);
    return factor.inverse(factorOf(at));
  }

  /** That of the factor, and 2^n Π L_ii^(n - i) with i from 0 on. */
  override forwardLogDet(x: TensorLike): Tensor {
    const l = factor.forward(x);
    const n = l.shape[l.rank - 1] as number;
    const ofProduct = mul(log(diagonal(l)), sub(n, iota([n]))).sum(-1);
    return add(factor.forwardLogDet(x), ofProduct).add(n * Math.LN2);
  }

  override forwardShape(event: Shape): Shape {
    return factor.forwardShape(event);
  }

  override inverseShape(event: Shape): Shape {
    return factor.inverseShape(event);
  }
}
