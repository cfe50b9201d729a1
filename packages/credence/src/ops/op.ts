import { fail } from "../errors.js";
import { type DType, isFloat, promote } from "../graph/dtype.js";
import { operand, type TensorLike } from "../graph/literal.js";
import type { Attrs, ElementwiseRecord, OpRecord, StructuralRecord } from "../graph/record.js";
import { broadcastShapes } from "../graph/shape.js";
import { Tensor } from "../graph/tensor.js";
import { noteLine } from "../place.js";
import { cast } from "./cast.js";
import type { Machine } from "./machine.js";

/** Makes the node of an op; shape and type are checked here, so that an error points at the caller's line. */
export function node(op: OpRecord, inputs: readonly Tensor[], attrs: Attrs = {}): Tensor {
  const shape = op.shape(
    inputs.map((t) => t.shape),
    attrs,
  );
  const dtype = op.dtype(
    inputs.map((t) => t.dtype),
    attrs,
  );
  const weak = dtype === "float64" && inputs.length > 0 && inputs.every((t) => t.weak);
  const made = new Tensor(shape, dtype, { kind: "op", op, inputs, attrs }, weak);
  noteLine(made);
  return made;
}

/** What element types an op takes: `float` turns whole numbers and bools into float64 first; `number` keeps int32. */
type Operands = "float" | "number" | "any" | "int32" | "bool";

interface ElementwiseSpec<I extends readonly string[]> {
  readonly inputs: I;
  readonly operands?: Operands;
  /** Element type of the result: as the operands' (default), or bool. */
  readonly result?: "same" | "bool";
  readonly cost?: number;
  readonly outlined?: boolean;
  readonly lower: <V>(m: Machine<V>, inputs: { readonly [K in I[number]]: V }, attrs: Attrs) => V;
  readonly grad: (context: { readonly [K in I[number]]: Tensor } & { readonly out: Tensor; readonly dy: Tensor }) => {
    readonly [K in I[number]]: Tensor | null;
  };
}

type Arguments<I extends readonly string[]> = { readonly [K in keyof I]: TensorLike };

/** An elementwise op from its one record: inputs, gradient, lowering. */
/* @__NO_SIDE_EFFECTS__ */
export function elementwise<const I extends readonly string[]>(name: string, spec: ElementwiseSpec<I>) {
  const { inputs: names, operands = "float", result = "same", cost = 1, outlined = false } = spec;
  const named = <T>(list: readonly T[]): { [K in I[number]]: T } => {
    const out = {} as Record<string, T>;
    for (let i = 0; i < names.length; i++) out[names[i] as string] = list[i] as T;
    return out as { [K in I[number]]: T };
  };
  const record: ElementwiseRecord = {
    kind: "elementwise",
    name,
    cost,
    outlined,
    shape: (shapes) => broadcastShapes(name, shapes),
    dtype: (dtypes) => (result === "bool" ? "bool" : (dtypes[dtypes.length - 1] as DType)),
    lower: (m, list, attrs) => spec.lower(m, named(list), attrs),
    grad: ({ inputs, out, dy }) => {
      const gradients = spec.grad({ ...named(inputs), out, dy });
      return names.map((key) => gradients[key as I[number]]);
    },
  };
  return (...args: Arguments<I>): Tensor =>
    node(
      record,
      unify(
        name,
        args.map((a) => operand(name, a)),
        operands,
      ),
    );
}

/** Brings operands to one element type, by the promotion ladder; weak ones follow the others. */
export function unify(name: string, inputs: readonly Tensor[], operands: Operands): Tensor[] {
  const target = commonType(inputs, operands);
  if (operands === "int32" || operands === "bool") {
    const bad = inputs.find((t) => t.dtype !== operands && !(operands === "int32" && t.weak && isWhole(t)));
    if (bad) {
      fail({
        code: "dtype",
        given: `${name}: an operand is ${bad.dtype}`,
        allowed: operands,
        mend: `convert it with .cast("${operands}")`,
      });
    }
  }
  return inputs.map((t) => (t.dtype === target ? t : cast(t, target)));
}

export function commonType(inputs: readonly Tensor[], operands: Operands = "any"): DType {
  const strong = inputs.filter((t) => !t.weak);
  const weak = inputs.filter((t) => t.weak);
  let type: DType | undefined = strong.length > 0 ? strong.map((t) => t.dtype).reduce(promote) : undefined;
  if (operands === "int32" || operands === "bool") return operands;
  if (type === undefined || (!isFloat(type) && weak.some((t) => !isWhole(t)))) type = "float64";
  if (operands === "float" && !isFloat(type)) type = "float64";
  if (operands === "number" && type === "bool")
    type = weak.length > 0 && weak.some((t) => !isWhole(t)) ? "float64" : "int32";
  return type;
}

/** A weak scalar whose value is known to be a whole number may join int32 operands as int32. */
function isWhole(t: Tensor): boolean {
  return t.source.kind === "data" && t.source.data.every((x) => Number.isInteger(x) && Math.abs(x) < 2 ** 31);
}

/** A structural op's record, with its kind known to the compiler. */
/* @__NO_SIDE_EFFECTS__ */
export function structural(record: StructuralRecord): StructuralRecord {
  return record;
}
