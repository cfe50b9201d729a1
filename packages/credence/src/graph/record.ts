import type { Machine } from "../ops/machine.js";
import type { Data, DType } from "./dtype.js";
import type { Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

export type Attrs = Readonly<Record<string, number | boolean | string | readonly number[] | GradientRule | LoopBody>>;

/** One step of a scan, as a graph from `arguments` to `results`. */
export interface LoopBody {
  /** State, slices of the stacked inputs, and tensors from outside, in this order. */
  readonly arguments: readonly Tensor[];
  /** New state, then what is stacked. Differentiation adds to it what the way back needs. */
  readonly results: Tensor[];
}

/** A caller's gradient: from the gradient of the result to those of the inputs. */
export type GradientRule = (dy: Tensor) => readonly (Tensor | null)[];

/** The numbers of an evaluated tensor. */
export interface Value {
  readonly data: Data;
  readonly shape: Shape;
  readonly dtype: DType;
}

export interface GradientContext {
  readonly inputs: readonly Tensor[];
  readonly out: Tensor;
  readonly dy: Tensor;
  readonly attrs: Attrs;
}

interface RecordBase {
  readonly name: string;
  readonly shape: (shapes: readonly Shape[], attrs: Attrs) => Shape;
  readonly dtype: (dtypes: readonly DType[], attrs: Attrs) => DType;
  /** One gradient an input, of the broadcast shape (the walker sums it back); `null` where there is none. */
  readonly grad: (context: GradientContext) => readonly (Tensor | null)[];
}

/** Each element of the result depends on one element of each input, after broadcasting. */
export interface ElementwiseRecord extends RecordBase {
  readonly kind: "elementwise";
  /** Rough number of machine operations an element; an expensive op is computed once, never duplicated by fusion. */
  readonly cost: number;
  /** Compiled as a function of its own, which loops call: for long programs and those with regions or loops. */
  readonly outlined?: boolean;
  readonly lower: <V>(m: Machine<V>, inputs: readonly V[], attrs: Attrs) => V;
}

/** What the compiler has a kernel for; `compiler/kernels` is complete over this list by its type. */
export type StructuralKind =
  | "identity"
  | "cast"
  | "reshape"
  | "transpose"
  | "expand"
  | "slice"
  | "pad"
  | "concat"
  | "gather"
  | "scatterAdd"
  | "reduce"
  | "argmax"
  | "cumsum"
  | "iota"
  | "matmul"
  | "cholesky"
  | "triangularSolve"
  | "random"
  | "scan"
  | "pick";

export interface StructuralRecord extends RecordBase {
  readonly kind: StructuralKind;
  /** The result in plain JavaScript: the oracle of the compiler. */
  readonly reference: (
    inputs: readonly Value[],
    out: { readonly shape: Shape; readonly dtype: DType },
    attrs: Attrs,
  ) => Data;
}

export type OpRecord = ElementwiseRecord | StructuralRecord;
