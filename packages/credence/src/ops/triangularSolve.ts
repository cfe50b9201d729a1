import { allocate, type DType } from "../graph/dtype.js";
import type { StructuralRecord, Value } from "../graph/record.js";
import { type Shape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { neg } from "./arithmetic.js";
import { matmul } from "./matmul.js";
import { node } from "./op.js";
import { matrixTranspose, tril, triu } from "./triangle.js";

/** Which triangle of T is read, and whether T or its transpose stands in the equation. */
export interface TriangularForm {
  readonly lower: boolean;
  readonly transposed: boolean;
}

/** Are the unknowns found from the first row on, or from the last? */
export const isForward = ({ lower, transposed }: TriangularForm): boolean => lower !== transposed;

/** Sizes of [...batch, n, n] and [...batch, n, m]. */
export function solveLayout(right: Shape): { readonly batch: number; readonly n: number; readonly m: number } {
  const [n, m] = right.slice(-2) as [number, number];
  return { batch: sizeOf(right.slice(0, -2)), n, m };
}

/** x_i = (b_i - T_ik x_k - ...) / T_ii: the terms are subtracted one after the other, in the order in which the x_k are found. */
const record: StructuralRecord = {
  kind: "triangularSolve",
  name: "triangularSolve",
  shape: ([, b]) => b as Shape,
  dtype: ([t]) => t as DType,
  grad: ({ inputs: [t], out, dy, attrs }) => {
    const form = attrs as unknown as TriangularForm;
    const back = triangularSolve(t as Tensor, dy, { ...form, transposed: !form.transposed });
    const [x, y] = form.transposed ? [out, back] : [back, out];
    const outer = neg(matmul(x, matrixTranspose(y)));
    return [form.lower ? tril(outer) : triu(outer), back];
  },
  reference: ([t, b], out, attrs) => {
    const form = attrs as unknown as TriangularForm;
    const [matrix, right] = [(t as Value).data, (b as Value).data];
    const { batch, n, m } = solveLayout(out.shape);
    const round = out.dtype === "float32" ? Math.fround : (x: number) => x;
    const [row, column] = form.transposed ? [1, n] : [n, 1];
    const order = Array.from({ length: n }, (_, i) => (isForward(form) ? i : n - 1 - i));
    const result = allocate(out.dtype, right.length);
    for (let s = 0; s < batch; s++) {
      for (let c = 0; c < m; c++) {
        order.forEach((i, found) => {
          let rest = right[(s * n + i) * m + c] as number;
          for (let known = 0; known < found; known++) {
            const k = order[known] as number;
            const factor = matrix[s * n * n + i * row + k * column] as number;
            rest = round(rest - round(factor * (result[(s * n + k) * m + c] as number)));
          }
          result[(s * n + i) * m + c] = round(rest / (matrix[s * n * n + i * (n + 1)] as number));
        });
      }
    }
    return result;
  },
};

/**
 * X in T X = B, or Tᵀ X = B.
 *
 * @param t  [...batch, n, n]; only the triangle named is read
 * @param b  [...batch, n, m], of the same batch and element type
 */
export function triangularSolve(t: Tensor, b: Tensor, { lower, transposed }: TriangularForm): Tensor {
  return node(record, [t, b], { lower, transposed });
}
