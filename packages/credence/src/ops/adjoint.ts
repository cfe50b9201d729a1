import type { Tensor } from "../graph/tensor.js";
import { elementwise } from "./op.js";

/**
 * Products for gradient rules: 0 where nothing flows back, even where the slope is infinite or NaN.
 *
 * With a plain product, 0 · ∞ would let the branch that a `where` has not taken spoil the gradient of the one it has. The mask is
 * not differentiated, so that second derivatives are right where a gradient happens to be 0.
 */

/** flow · slope. @shape broadcast(flow, slope) */
export const pullMul = elementwise("pullMul", {
  inputs: ["flow", "slope"],
  lower: (m, { flow, slope }) => m.select(m.eq(flow, m.num(0)), flow, m.mul(flow, slope)),
  grad: ({ flow, slope, dy }): { flow: Tensor; slope: Tensor } => ({
    flow: pullBoth(dy, slope),
    slope: pullBoth(dy, flow),
  }),
});

/** flow / divisor. @shape broadcast(flow, divisor) */
export const pullDiv = elementwise("pullDiv", {
  inputs: ["flow", "divisor"],
  cost: 4,
  lower: (m, { flow, divisor }) => m.select(m.eq(flow, m.num(0)), flow, m.div(flow, divisor)),
  grad: ({ flow, divisor, dy }): { flow: Tensor; divisor: Tensor } => ({
    flow: pullDiv(dy, divisor),
    divisor: pullDiv(pullDiv(pullBoth(dy, flow), divisor), divisor).neg(),
  }),
});

/** x · y, 0 where either is: in second derivatives both have flowed back. @shape broadcast(x, y) */
export const pullBoth = elementwise("pullBoth", {
  inputs: ["x", "y"],
  lower: (m, { x, y }) => {
    const zero = m.num(0);
    return m.select(m.or(m.eq(x, zero), m.eq(y, zero)), zero, m.mul(x, y));
  },
  grad: ({ x, y, dy }): { x: Tensor; y: Tensor } => ({ x: pullBoth(dy, y), y: pullBoth(dy, x) }),
});
