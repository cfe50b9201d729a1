import { fail } from "../errors.js";
import { operand, type TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import * as ops from "../ops/index.js";
import { requireSquare } from "./operands.js";

const square = (name: string, x: TensorLike): Tensor => requireSquare(name, operand(name, x));

/** The lower triangle with the diagonal, zeros above. @shape [..., n, n] */
export const tril = (x: TensorLike): Tensor => ops.tril(square("tril", x));

/** The upper triangle with the diagonal, zeros below. @shape [..., n, n] */
export const triu = (x: TensorLike): Tensor => ops.triu(square("triu", x));

/** The numbers on the diagonal. @shape [..., n, n] to [..., n] */
export const diagonal = (x: TensorLike): Tensor => ops.diagonal(square("diagonal", x));

/** A matrix with these numbers on its diagonal, zeros elsewhere. @shape [..., n] to [..., n, n] */
export function diagonalMatrix(x: TensorLike): Tensor {
  const values = operand("diagonalMatrix", x);
  if (values.rank === 0) fail({ code: "shape", given: "diagonalMatrix: a scalar", allowed: "[..., n]" });
  return ops.diagonalMatrix(values);
}
