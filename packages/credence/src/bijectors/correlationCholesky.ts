import { correlationCholesky, each, real } from "../distributions/constraints.js";
import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { cumsumFromEnd, where } from "../ops/index.js";
import { concat } from "../tensor/derived.js";
import { Bijector } from "./bijector.js";
import { sumsBefore } from "./lastAxis.js";
import { atanh, logSech } from "./tanh.js";
import { fill, onDiagonal, rowsOf, triangle, triangleOf, unfill } from "./triangle.js";

/** Squares of numbers times this do not underflow before the numbers do, and sums of those of a row of norm 1 do not overflow. */
const SCALE = { float32: 2 ** 60, float64: 2 ** 500 };

/**
 * Vectors of n (n - 1) / 2 numbers to Cholesky factors of correlation matrices: lower triangular, with a diagonal above 0 and rows of
 * length 1. In each row the tanh of the numbers say which part of what is left of the length the next entry takes:
 *
 *     y[i][j] = tanh(x[i][j]) √(1 - tanh²(x[i][0])) ... √(1 - tanh²(x[i][j - 1])),  y[i][i] = √(1 - tanh²(x[i][0])) ...
 *
 * Densities are with respect to the entries below the diagonal.
 *
 * @shape  x: [..., n (n - 1) / 2], row by row; y: [..., n, n]
 * @throws CredenceError `shape`: a vector that fills no triangle, or a matrix that is not square
 * @source Stan Reference Manual, section "Cholesky factors of correlation matrices"
 */
export class CorrelationCholesky extends Bijector {
  readonly name = "CorrelationCholesky";
  readonly domain = each(real, 1);
  readonly codomain = correlationCholesky;
  readonly increasing = undefined;

  override forward(x: TensorLike): Tensor {
    const { raw, logLeft } = this.rows("forward", x);
    const left = logLeft.exp();
    const isDiagonal = onDiagonal(raw.shape[raw.rank - 1]!);
    return where(isDiagonal, left, raw.tanh().mul(left));
  }

  override inverse(y: TensorLike): Tensor {
    const at = this.value("inverse", y, 2);
    const n = rowsOf("CorrelationCholesky.inverse", at.shape);
    const entries = at.mul(SCALE[at.dtype === "float32" ? "float32" : "float64"]);
    const squares = cumsumFromEnd(entries.square());
    const entry = unfill(entries, triangle(n, true));
    const left = unfill(squares, triangle(n, true)).sqrt(); // of the row from this entry on
    const rest = unfill(concat([squares.slice(-1, 1), squares.slice(-1, 0, 1)], -1), triangle(n, true)).sqrt();
    // beyond 1/2 artanh(entry / left) as arsinh(entry / rest), in which nothing cancels
    const share = entry.div(left);
    const isSmall = share.abs().lt(0.5);
    const near = atanh(where(isSmall, share, 0));
    const far = left.add(entry.abs()).div(rest).log().mul(entry.sign());
    return where(isSmall, near, far);
  }

  override forwardLogDet(x: TensorLike): Tensor {
    const { raw, logLeft } = this.rows("forwardLogDet", x);
    const n = raw.shape[raw.rank - 1]!;
    const each = logSech(raw).mul(2).add(logLeft);
    return unfill(each, triangle(n, true)).sum(-1);
  }

  override forwardShape(event: Shape): Shape {
    const { n } = triangleOf("CorrelationCholesky", event[event.length - 1]!, true);
    return [...event.slice(0, -1), n, n];
  }

  override inverseShape(event: Shape): Shape {
    const n = rowsOf("CorrelationCholesky", event);
    return [...event.slice(0, -2), (n * (n - 1)) / 2];
  }

  /** The numbers in their rows, and the logarithms of the length that is left for each place; 0 above the diagonal. */
  private rows(method: string, x: TensorLike): { raw: Tensor; logLeft: Tensor } {
    const at = this.value(method, x, 1);
    const raw = fill(at, triangleOf(`CorrelationCholesky.${method}`, at.shape[at.rank - 1]!, true));
    return { raw, logLeft: sumsBefore(logSech(raw)) };
  }
}
