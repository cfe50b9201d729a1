import { fail } from "../errors.js";
import { type Shape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { iota, where } from "../ops/index.js";
import { joinLast, pickLast, splitLast } from "./lastAxis.js";

/** Lower triangles of square matrices as vectors, row by row: with the diagonal, or strictly below it. */
export interface Triangle {
  /** Rows of the matrix. */
  readonly n: number;
  /** Where each number of the vector lies in the matrix, read row by row. */
  readonly positions: readonly number[];
}

/** @param strict  without the diagonal */
export function triangle(n: number, strict: boolean): Triangle {
  const positions: number[] = [];
  for (let row = 0; row < n; row++) {
    for (let column = 0; column < (strict ? row : row + 1); column++) positions.push(row * n + column);
  }
  return { n, positions };
}

/** The triangle that a vector fills. @throws CredenceError `shape`: none has so many numbers */
export function triangleOf(name: string, length: number, strict: boolean): Triangle {
  const n = Math.round((Math.sqrt(8 * length + 1) + (strict ? 1 : -1)) / 2);
  const found = triangle(n, strict);
  if (found.positions.length !== length) {
    fail({
      code: "shape",
      given: `${name}: a vector of ${length}`,
      allowed: strict ? "n (n - 1) / 2 numbers for a matrix of n rows" : "n (n + 1) / 2 numbers for a matrix of n rows",
    });
  }
  return found;
}

/** The rows of a square matrix. @throws CredenceError `shape` */
export function rowsOf(name: string, event: Shape): number {
  const [rows, columns] = event.slice(-2);
  if (rows === undefined || rows !== columns) {
    fail({ code: "shape", given: `${name}: a matrix of shape ${showShape(event)}`, allowed: "[..., n, n]" });
  }
  return rows;
}

/** The matrix with these numbers in its triangle and 0 elsewhere. @shape [..., n, n] */
export function fill(vector: Tensor, { n, positions }: Triangle): Tensor {
  const places = new Map(positions.map((position, i) => [position, i]));
  const spread = pickLast(
    vector,
    Array.from({ length: n * n }, (_, at) => places.get(at) ?? 0),
  );
  const isWithin = Uint8Array.from({ length: n * n }, (_, at) => (places.has(at) ? 1 : 0));
  return splitLast(where(isWithin, spread, 0), [n, n]);
}

/** The numbers of the triangle of a matrix. */
export const unfill = (matrix: Tensor, { positions }: Triangle): Tensor => pickLast(joinLast(matrix, 2), positions);

/** Is it on the diagonal? @shape [n, n]; bool */
export function onDiagonal(n: number): Tensor {
  const index = iota([n]);
  return index.expandDims(-1).eq(index);
}

/** The diagonal of matrices. @shape [..., n] */
export function diagonal(matrix: Tensor): Tensor {
  const n = matrix.shape[matrix.rank - 1]!;
  return where(onDiagonal(n), matrix, 0).sum(-1);
}
