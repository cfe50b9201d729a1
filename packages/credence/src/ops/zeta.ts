import type { DType } from "../graph/dtype.js";
import { operand, type TensorLike } from "../graph/literal.js";
import type { ElementwiseRecord } from "../graph/record.js";
import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { pullMul } from "./adjoint.js";
import * as fn from "./functions/index.js";
import { node, unify } from "./op.js";

const record: ElementwiseRecord = {
  kind: "elementwise",
  name: "zeta",
  cost: 1000,
  outlined: true,
  shape: (shapes) => broadcastShapes("zeta", shapes),
  dtype: ([s]) => s as DType,
  lower: (m, [s, q], attrs) => fn.zeta(m, attrs.order as number, s as never, q as never),
  // the derivative by q is -s ζ(s + 1, q), here differentiated by s as often as this was
  grad: ({ inputs: [s, q], attrs, dy }) => {
    const order = attrs.order as number;
    const next = (s as Tensor).add(1);
    const main = derivative(order, next, q as Tensor).mul(s as Tensor);
    const slope = order === 0 ? main : main.add(derivative(order - 1, next, q as Tensor).mul(order));
    return [pullMul(dy, derivative(order + 1, s as Tensor, q as Tensor)), pullMul(dy, slope).neg()];
  },
};

/** The derivative by s of an order. */
function derivative(order: number, s: TensorLike, q: TensorLike): Tensor {
  return node(record, unify("zeta", [operand("zeta", s), operand("zeta", q)], "float"), { order });
}

/**
 * The Hurwitz zeta function, the sum of (q + k)^-s over k >= 0; for q = 1 Riemann's.
 *
 * @shape  broadcast(s, q)
 * @domain s > 1, ∞ at 1 and NaN below; q > 0, ∞ at 0 and NaN below
 * @source DLMF 25.11.1
 */
export function zeta(s: TensorLike, q: TensorLike = 1): Tensor {
  return derivative(0, s, q);
}
