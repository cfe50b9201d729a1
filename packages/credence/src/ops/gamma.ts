import { fail } from "../errors.js";
import type { DType } from "../graph/dtype.js";
import { operand, type TensorLike } from "../graph/literal.js";
import type { ElementwiseRecord } from "../graph/record.js";
import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { pullMul } from "./adjoint.js";
import * as fn from "./functions/index.js";
import { elementwise, node, unify } from "./op.js";

/** The gamma function's logarithm and its derivatives: the formulas are in `functions/`, the gradients here. */

/**
 * log |Γ(x)|; lgamma(n) = log((n - 1)!).
 *
 * @domain all x; ∞ at 0, -1, -2, ... and at ±∞
 * @source DLMF 5.2.1
 */
export const lgamma = elementwise("lgamma", {
  inputs: ["x"],
  cost: 100,
  lower: (m, { x }) => fn.lgamma(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, digamma(x)) }),
});

/**
 * Γ′(x) / Γ(x), the derivative of lgamma.
 *
 * @domain all x; -∞ at 0, ∞ at -0, NaN at -1, -2, ...
 * @source DLMF 5.2.2
 */
export const digamma = elementwise("digamma", {
  inputs: ["x"],
  cost: 90,
  lower: (m, { x }) => fn.digamma(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, trigamma(x)) }),
});

/**
 * The derivative of digamma.
 *
 * @domain all x; ∞ at 0, -1, -2, ...
 * @source DLMF 5.15.1
 */
export const trigamma = elementwise("trigamma", {
  inputs: ["x"],
  cost: 60,
  lower: (m, { x }) => fn.trigamma(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, polygamma(2, x)) }),
});

const polygammaRecord: ElementwiseRecord = {
  kind: "elementwise",
  name: "polygamma",
  cost: 150,
  shape: (shapes) => broadcastShapes("polygamma", shapes),
  dtype: ([x]) => x as DType,
  lower: (m, [x], attrs) => fn.polygamma(m, attrs.order as number, x as never),
  grad: ({ inputs: [x], attrs, dy }) => [pullMul(dy, polygamma((attrs.order as number) + 1, x as Tensor))],
};

const HIGHEST_ORDER = 30;

/**
 * The derivative of digamma of a given order; 0 is digamma itself, 1 trigamma.
 *
 * @param order  a whole number from 0 to 30
 * @domain all x. At the poles 0, -1, -2, ... ∞ for odd orders; for even ones -∞ at 0, ∞ at -0 and else NaN
 * @throws CredenceError `argument`: another order
 * @source DLMF 5.15.1
 */
export function polygamma(order: number, x: TensorLike): Tensor {
  if (order === 0) return digamma(x);
  if (order === 1) return trigamma(x);
  if (!Number.isInteger(order) || order < 0 || order > HIGHEST_ORDER) {
    fail({
      code: "argument",
      given: `polygamma: order ${order}`,
      allowed: `a whole number from 0 to ${HIGHEST_ORDER}`,
    });
  }
  return node(polygammaRecord, unify("polygamma", [operand("polygamma", x)], "float"), { order });
}
