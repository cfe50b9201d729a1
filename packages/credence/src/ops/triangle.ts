import type { Tensor } from "../graph/tensor.js";
import { eq, ge } from "./arithmetic.js";
import { iota } from "./indexing.js";
import { reshape, transpose } from "./movement.js";
import { sum } from "./reduce.js";
import { where } from "./where.js";

/** Parts of square matrices; the matrix lies in the last two axes. */

const rows = (n: number): Tensor => reshape(iota([n]), [n, 1]);
const sizeOfLast = (x: Tensor): number => x.shape[x.rank - 1] as number;

/** The lower triangle with the diagonal, zeros above. @shape x */
export function tril(x: Tensor): Tensor {
  const n = sizeOfLast(x);
  return where(ge(rows(n), iota([n])), x, 0);
}

/** The upper triangle with the diagonal, zeros below. @shape x */
export function triu(x: Tensor): Tensor {
  const n = sizeOfLast(x);
  return where(ge(iota([n]), rows(n)), x, 0);
}

/** The numbers on the diagonal. @shape [..., n, n] to [..., n] */
export function diagonal(x: Tensor): Tensor {
  return sum(where(eq(rows(sizeOfLast(x)), iota([sizeOfLast(x)])), x, 0), -1);
}

/** A matrix with these numbers on its diagonal, zeros elsewhere. @shape [..., n] to [..., n, n] */
export function diagonalMatrix(x: Tensor): Tensor {
  const n = sizeOfLast(x);
  return where(eq(rows(n), iota([n])), reshape(x, [...x.shape, 1]), 0);
}

/** Each matrix transposed. @shape [..., m, n] to [..., n, m] */
export const matrixTranspose = (x: Tensor): Tensor =>
  transpose(x, [...x.shape.slice(2).map((_, axis) => axis), x.rank - 1, x.rank - 2]);
