import { fail } from "../errors.js";
import { operand, type TensorLike } from "../graph/literal.js";
import { broadcastShapes, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { broadcastTo, unify } from "../ops/index.js";

/** Tensors of one float type. */
export const floats = (name: string, values: readonly TensorLike[]): Tensor[] =>
  unify(
    name,
    values.map((value) => operand(name, value)),
    "float",
  );

/** @throws CredenceError `shape`: not square matrices */
export function requireSquare(name: string, x: Tensor): Tensor {
  if (x.rank < 2 || x.shape[x.rank - 1] !== x.shape[x.rank - 2]) {
    fail({ code: "shape", given: `${name}: a tensor of shape ${showShape(x.shape)}`, allowed: "[..., n, n]" });
  }
  return x;
}

/**
 * A matrix and right-hand sides with equal leading axes.
 *
 * @throws CredenceError `shape`: not [..., n, n] and [..., n, m], or leading axes that do not broadcast
 */
export function requireSystem(name: string, matrix: Tensor, right: Tensor): [matrix: Tensor, right: Tensor] {
  requireSquare(name, matrix);
  if (right.rank < 2 || right.shape[right.rank - 2] !== matrix.shape[matrix.rank - 1]) {
    fail({
      code: "shape",
      given: `${name}: ${showShape(matrix.shape)} and ${showShape(right.shape)}`,
      allowed: "[..., n, n] and [..., n, m]",
      mend: "give a vector a second axis with .expandDims(-1)",
    });
  }
  const batch = broadcastShapes(name, [matrix.shape.slice(0, -2), right.shape.slice(0, -2)]);
  const spread = (t: Tensor): Tensor => broadcastTo(t, [...batch, ...t.shape.slice(-2)]);
  return [spread(matrix), spread(right)];
}
