import type { DType } from "../graph/dtype.js";
import type { Attrs, ElementwiseRecord } from "../graph/record.js";
import { type Expression, ExpressionBuilder } from "./expression.js";
import { describe } from "./simplify.js";

/** A function of the compiled module that computes one elementwise op for a vector of elements. */
export interface Callee {
  /** The same for equal functions. */
  readonly key: string;
  readonly name: string;
  readonly dtype: DType;
  readonly parameters: number;
  /** The result, over parameters. */
  readonly body: () => Expression;
}

export function calleeOf(op: ElementwiseRecord, attrs: Attrs, parameters: number, dtype: DType): Callee {
  return {
    key: `${op.name}:${dtype}:${describe(attrs)}`,
    name: op.name,
    dtype,
    parameters,
    body: () => {
      const builder = new ExpressionBuilder();
      const inputs = Array.from({ length: parameters }, (_, i) => builder.parameter(i, dtype));
      return op.lower(builder.machine(dtype), inputs, attrs);
    },
  };
}
