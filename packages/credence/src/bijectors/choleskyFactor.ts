import { choleskyFactor, each, real } from "../distributions/constraints.js";
import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { Bijector } from "./bijector.js";
import { diagonal, fill, onDiagonal, rowsOf, triangle, triangleOf, unfill } from "./triangle.js";

/**
 * Vectors of n (n + 1) / 2 numbers to lower triangular matrices with a diagonal above 0: row by row, with e^x on the diagonal.
 *
 * @shape  x: [..., n (n + 1) / 2]; y: [..., n, n]
 * @throws CredenceError `shape`: a vector that fills no triangle, or a matrix that is not square
 */
export class CholeskyFactor extends Bijector {
  readonly name = "CholeskyFactor";
  readonly domain = each(real, 1);
  readonly codomain = choleskyFactor;
  readonly increasing = undefined;

  override forward(x: TensorLike): Tensor {
    const matrix = this.matrix("forward", x);
    return where(onDiagonal(matrix.shape[matrix.rank - 1]!), matrix.exp(), matrix);
  }

  override inverse(y: TensorLike): Tensor {
    const at = this.value("inverse", y, 2);
    const n = rowsOf("CholeskyFactor.inverse", at.shape);
    const isDiagonal = onDiagonal(n);
    return unfill(where(isDiagonal, where(isDiagonal, at, 1).log(), at), triangle(n, false));
  }

  override forwardLogDet(x: TensorLike): Tensor {
    return diagonal(this.matrix("forwardLogDet", x)).sum(-1);
  }

  override forwardShape(event: Shape): Shape {
    const { n } = triangleOf("CholeskyFactor", event[event.length - 1]!, false);
    return [...event.slice(0, -1), n, n];
  }

  override inverseShape(event: Shape): Shape {
    const n = rowsOf("CholeskyFactor", event);
    return [...event.slice(0, -2), (n * (n + 1)) / 2];
  }

  private matrix(method: string, x: TensorLike): Tensor {
    const at = this.value(method, x, 1);
    return fill(at, triangleOf(`CholeskyFactor.${method}`, at.shape[at.rank - 1]!, false));
  }
}
