import type { Tensor } from "../graph/tensor.js";
import { elementwise } from "./op.js";

/**
 * Products for gradient rules: 0 where nothing flows back, even where the slope is infinite or NaN.
 *
 * With a plain product, 0 · ∞ would let the branch that a `where` has not taken spoil the gradient of the one it has. The
 * rules below do not mask, so that second derivatives are right where a gradient happens to be 0.
 */

/** flow · slope. @shape broadcast(flow, slope) */
export const pullMul = elementwise("pullMul", {
  inputs: ["flow", "slope"],
  lower: (m, { flow, slope }) => m.select(m.eq(flow, m.num(0)), flow, m.mul(flow, slope)),
  grad: ({ flow, slope, dy }): { flow: Tensor; slope: Tensor } => ({
    flow: pullMul(dy, slope),
    slope: pullMul(dy, flow),
  }),
});

/** flow / divisor. @shape broadcast(flow, divisor) */
export const pullDiv = elementwise("pullDiv", {
  inputs: ["flow", "divisor"],
  cost: 4,
  lower: (m, { flow, divisor }) => m.select(m.eq(flow, m.num(0)), flow, m.div(flow, divisor)),
  grad: ({ divisor, out, dy }): { flow: Tensor; divisor: Tensor } => {
    const flow = pullDiv(dy, divisor);
    return { flow, divisor: pullMul(flow, out).neg() };
  },
});
