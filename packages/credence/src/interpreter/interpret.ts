import { allocate, type Data, type DType } from "../graph/dtype.js";
import type { Attrs, ElementwiseRecord, OpRecord, Value } from "../graph/record.js";
import { type Shape, sizeOf } from "../graph/shape.js";
import type { Machine } from "../ops/machine.js";
import { broadcastStrides } from "../ops/movement.js";
import { float32Machine, float64Machine, int32Machine } from "../ops/numbers.js";

/** Evaluates one op in plain JavaScript: the oracle of the compiled code, and quick for tiny work. */
export function interpret(
  op: OpRecord,
  inputs: readonly Value[],
  out: { shape: Shape; dtype: DType },
  attrs: Attrs,
): Data {
  return op.kind === "elementwise" ? mapElements(op, inputs, out, attrs) : op.reference(inputs, out, attrs);
}

/** The arithmetic of an element type; bools only meet masks, for which any machine serves. */
export function machineOf(dtype: DType): Machine<number> {
  return dtype === "float64" ? float64Machine : dtype === "float32" ? float32Machine : int32Machine;
}

/** The element type an elementwise op computes in: that of its last operand (of `where`: not the condition's). */
export const operandType = (inputs: readonly { readonly dtype: DType }[]): DType =>
  (inputs[inputs.length - 1] as { dtype: DType }).dtype;

function mapElements(
  op: ElementwiseRecord,
  inputs: readonly Value[],
  { shape, dtype }: { shape: Shape; dtype: DType },
  attrs: Attrs,
): Data {
  const machine = machineOf(operandType(inputs));
  const out = allocate(dtype, sizeOf(shape));
  const args = new Array<number>(inputs.length);
  const readers = inputs.map((input) => reader(input, shape));
  for (let i = 0; i < out.length; i++) {
    for (let j = 0; j < args.length; j++) args[j] = (readers[j] as (i: number) => number)(i);
    out[i] = op.lower(machine, args, attrs);
  }
  return out;
}

/** The element of `input` that meets element i of the broadcast shape. */
function reader({ data, shape }: Value, to: Shape): (i: number) => number {
  const size = sizeOf(to);
  if (data.length === size) return (i) => data[i] as number;
  if (data.length === 1) return () => data[0] as number;
  const strides = broadcastStrides(shape, to);
  return (i) => {
    let at = 0;
    let rest = i;
    for (let axis = to.length - 1; axis >= 0; axis--) {
      const n = to[axis] as number;
      at += (rest % n) * (strides[axis] as number);
      rest = Math.floor(rest / n);
    }
    return data[at] as number;
  };
}
