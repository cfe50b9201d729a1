import type { DType } from "../graph/dtype.js";
import type { ElementwiseRecord, GradientContext, GradientRule, StructuralRecord, Value } from "../graph/record.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { node } from "./op.js";

/** Ops whose result is their first input, and that differ in their gradient alone. */
function identity(name: string, grad: (context: GradientContext) => readonly (Tensor | null)[]): StructuralRecord {
  return {
    kind: "identity",
    name,
    shape: ([x]) => x as Shape,
    dtype: ([x]) => x as DType,
    grad,
    reference: ([x]) => (x as Value).data,
  };
}

const stop = identity("stopGradient", () => [null]);
const variableRecord = identity("variable", ({ dy }) => [dy]);
const custom = identity("customGradient", ({ dy, attrs }) => [null, ...(attrs.rule as GradientRule)(dy)]);

/** `x`, through which no gradient flows. */
export const stopGradient = (x: Tensor): Tensor => node(stop, [x]);

/** `x` under a name of its own, so that a gradient can be asked for just here. */
export const variable = (x: Tensor): Tensor => node(variableRecord, [x]);

/** `value`, whose gradient with respect to `inputs` is given by `rule` instead of being derived. */
export const withGradient = (value: Tensor, inputs: readonly Tensor[], rule: GradientRule): Tensor =>
  node(custom, [value, ...inputs], { rule });

const quiet = identity("quietGradient", ({ dy, attrs }) => [flushed(dy, attrs.below as number)]);

/** 0 where |x| is below a limit. It differentiates as if it were x, so that second derivatives are right where a gradient is 0. */
const flush: ElementwiseRecord = {
  kind: "elementwise",
  name: "flush",
  cost: 2,
  shape: ([x]) => x as Shape,
  dtype: ([x]) => x as DType,
  lower: (m, [x], attrs) => m.select(m.lt(m.abs(x as never), m.num(attrs.below as number)), m.num(0), x as never),
  grad: ({ dy }) => [dy],
};

/** `x` with 0 for what is smaller than `below`. */
export const flushed = (x: Tensor, below: number): Tensor => node(flush, [x], { below });

/**
 * `x`, through which gradients smaller than `below` do not flow: they would reach no weight, but as subnormal numbers they
 * would cost a hundred times the time of others in every product on their way.
 */
export const quietGradient = (x: Tensor, below = 1e-30): Tensor => node(quiet, [x], { below });
