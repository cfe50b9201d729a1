import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import * as ops from "../ops/index.js";
import { floats, requireSystem } from "./operands.js";

/**
 * The solution X of T X = B with a triangular matrix; of Tᵀ X = B where transposed.
 *
 * @param t  [..., n, n]; only the triangle that is named is read
 * @param b  [..., n, m], one system a column; leading axes broadcast
 * @param options  `lower` (default true), `transposed` (default false)
 * @shape  [..., n, m]; a 0 on the diagonal gives infinities or NaN
 * @throws CredenceError `shape`
 * @source Golub and Van Loan, Matrix Computations (2013), section 3.1
 */
export function triangularSolve(
  t: TensorLike,
  b: TensorLike,
  { lower = true, transposed = false }: { readonly lower?: boolean; readonly transposed?: boolean } = {},
): Tensor {
  const [matrix, right] = floats("triangularSolve", [t, b]) as [Tensor, Tensor];
  return ops.triangularSolve(...requireSystem("triangularSolve", matrix, right), { lower, transposed });
}
