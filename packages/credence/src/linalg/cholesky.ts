import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import * as ops from "../ops/index.js";
import { evaluate } from "../tensor/evaluate.js";
import { isTracing } from "../trace.js";
import { refuseIndefinite } from "./indefinite.js";
import { floats, requireSquare, requireSystem } from "./operands.js";

/**
 * The lower triangular factor L of a symmetric positive definite matrix, L Lᵀ = A.
 *
 * Of a matrix that is not symmetric the mean with its transpose is taken, so gradients are symmetric. A matrix that is not positive
 * definite is an error where its numbers are known, else the factor holds NaN from the row of the pivot on that is not > 0.
 *
 * @param a  [..., n, n]
 * @shape    a; zeros above the diagonal
 * @throws CredenceError `domain`: known, and not positive definite; `shape`
 * @source Golub and Van Loan, Matrix Computations (2013), algorithm 4.2.1; gradient: Murray, Differentiation of the Cholesky
 *   decomposition (2016)
 */
export function cholesky(a: TensorLike): Tensor {
  const [given] = floats("cholesky", [a]) as [Tensor];
  requireSquare("cholesky", given);
  const factor = factorOf(given);
  if (!isTracing()) {
    evaluate([given, factor]);
    refuseIndefinite("cholesky: a matrix", given, factor);
  }
  return factor;
}

/** @internal The factor without a look at numbers. */
export function factorOf(a: Tensor): Tensor {
  return ops.cholesky(ops.mul(ops.add(a, ops.matrixTranspose(a)), 0.5));
}

/**
 * The solution X of A X = B by the Cholesky factor of A.
 *
 * @param factor  L of A = L Lᵀ, [..., n, n]
 * @param b       [..., n, m]; leading axes broadcast
 * @shape         [..., n, m]
 * @throws CredenceError `shape`
 */
export function choleskySolve(factor: TensorLike, b: TensorLike): Tensor {
  const [matrix, given] = floats("choleskySolve", [factor, b]) as [Tensor, Tensor];
  const [l, right] = requireSystem("choleskySolve", matrix, given);
  const half = ops.triangularSolve(l, right, { lower: true, transposed: false });
  return ops.triangularSolve(l, half, { lower: true, transposed: true });
}

/** log det A by the Cholesky factor of A: twice the sum of the logarithms on its diagonal. @shape [..., n, n] to [...] */
export function choleskyLogDeterminant(factor: TensorLike): Tensor {
  const [l] = floats("choleskyLogDeterminant", [factor]) as [Tensor];
  return ops.mul(halfLogDeterminant(requireSquare("choleskyLogDeterminant", l)), 2);
}

/** @internal Σ log L_ii. @shape [..., n, n] to [...] */
export const halfLogDeterminant = (factor: Tensor): Tensor => ops.sum(ops.log(ops.diagonal(factor)), -1);
