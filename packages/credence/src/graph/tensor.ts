import { fail } from "../errors.js";
import { callersLine } from "../place.js";
import type { TensorMethods } from "../tensor/methods.js";
import type { Data, DType } from "./dtype.js";
import type { Attrs, OpRecord } from "./record.js";
import { type Shape, showShape } from "./shape.js";

/** Where a tensor's numbers come from. */
export type Source =
  | { readonly kind: "data"; readonly data: Data }
  | { readonly kind: "op"; readonly op: OpRecord; readonly inputs: readonly Tensor[]; readonly attrs: Attrs }
  /** An argument of a function that is being compiled, and which one in words. */
  | { readonly kind: "argument"; readonly index: number; readonly label?: string }
  /** A result that still lies in the memory of a compiled program. */
  | { readonly kind: "resident"; readonly read: () => Data }
  /** Its memory was given to a compiled function, which has written over it. */
  | { readonly kind: "donated"; readonly to: string };

/**
 * An immutable node of a graph: an operation, its inputs, a shape and an element type. Its numbers are computed when they
 * are asked for (`data`, `item`, `toArray`) and kept; nothing has to be freed by hand.
 *
 * Chained methods (`x.add(y)`) are declared in `TensorMethods` and put on the prototype by `tensor/methods.ts`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the methods are added in tensor/methods.ts, a layer below
export class Tensor {
  readonly shape: Shape;
  readonly dtype: DType;
  /** Made of bare JavaScript numbers alone: takes the float type of what it meets instead of widening it. */
  readonly weak: boolean;
  /** @internal Becomes `data` once evaluated, so that inputs can be collected. */
  source: Source;

  constructor(shape: Shape, dtype: DType, source: Source, weak = false) {
    this.shape = shape;
    this.dtype = dtype;
    this.source = source;
    this.weak = weak;
  }

  get rank(): number {
    return this.shape.length;
  }

  /** Number of elements. */
  get size(): number {
    return this.shape.reduce((a, b) => a * b, 1);
  }

  toString(): string {
    return `Tensor ${this.dtype}${showShape(this.shape)}`;
  }

  /** Operators of the language know no tensors: `x > 0` would be false whatever x holds. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === "string") return this.toString();
    return fail({
      code: "argument",
      given: `${this} (${originOf(this)}) stands where a number is needed`,
      allowed: "methods instead of operators: x.gt(0), x.add(1), x.neg(); where(condition, x, y) instead of if",
      mend: "outside of compiled functions .item() gives the number",
      at: callersLine(),
    });
  }
}

export interface Tensor extends TensorMethods {}

/** What made a tensor: the name of an op, or where else its numbers come from. */
export function originOf({ source }: Tensor): string {
  if (source.kind !== "op") return source.kind;
  return source.op.kind === "reduce" ? (source.attrs.kind as string) : source.op.name;
}
