import { allocate, type DType } from "../graph/dtype.js";
import type { StructuralRecord, Value } from "../graph/record.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { add, mul, sub } from "./arithmetic.js";
import { matmul } from "./matmul.js";
import { node } from "./op.js";
import { diagonal, diagonalMatrix, matrixTranspose, tril } from "./triangle.js";
import { triangularSolve } from "./triangularSolve.js";

/**
 * L_ij = (A_ij - L_i0 L_j0 - L_i1 L_j1 - ...) / L_jj, the terms subtracted one after the other; on the diagonal the root of what is left,
 * the pivot. A pivot that is not a finite number > 0 becomes NaN, and with it what depends on it. Reads the lower triangle of A alone.
 *
 * @source Golub and Van Loan, Matrix Computations (2013), section 4.2; gradient: Murray, Differentiation of the Cholesky decomposition
 *   (2016), section 3.1
 */
const record: StructuralRecord = {
  kind: "cholesky",
  name: "cholesky",
  shape: ([a]) => a as Shape,
  dtype: ([a]) => a as DType,
  grad: ({ out, dy }) => {
    const half = lowerHalf(matmul(matrixTranspose(out), tril(dy)));
    const form = { lower: true, transposed: true };
    const left = triangularSolve(out, add(half, matrixTranspose(half)), form);
    return [lowerHalf(triangularSolve(out, matrixTranspose(left), form))];
  },
  reference: ([a], out) => {
    const { data } = a as Value;
    const n = out.shape[out.shape.length - 1] as number;
    const round = out.dtype === "float32" ? Math.fround : (x: number) => x;
    const result = allocate(out.dtype, data.length);
    for (let start = 0; start < data.length; start += n * n) {
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          const [row, other] = [start + i * n, start + j * n];
          let rest = data[row + j] as number;
          for (let k = 0; k < j; k++)
            rest = round(rest - round((result[row + k] as number) * (result[other + k] as number)));
          const root = rest > 0 && rest < Number.POSITIVE_INFINITY ? round(Math.sqrt(rest)) : Number.NaN;
          result[row + j] = i === j ? root : round(rest / (result[other + j] as number));
        }
      }
    }
    return result;
  },
};

/** The lower triangle, half of its diagonal. */
function lowerHalf(x: Tensor): Tensor {
  return sub(tril(x), mul(0.5, diagonalMatrix(diagonal(x))));
}

/** The lower triangular L with L Lᵀ = A, of the symmetric matrix whose lower triangle is given; see the record. @shape a */
export const cholesky = (a: Tensor): Tensor => node(record, [a]);
