import type { TensorMethods } from "../tensor/methods.js";
import type { Data, DType } from "./dtype.js";
import type { Attrs, OpRecord } from "./record.js";
import type { Shape } from "./shape.js";

/** Where a tensor's numbers come from. */
export type Source =
  | { readonly kind: "data"; readonly data: Data }
  | { readonly kind: "op"; readonly op: OpRecord; readonly inputs: readonly Tensor[]; readonly attrs: Attrs }
  /** An argument of a function that is being compiled. */
  | { readonly kind: "argument"; readonly index: number }
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
}

export interface Tensor extends TensorMethods {}
