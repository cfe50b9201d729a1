import { fail } from "../errors.js";
import { allocate, type DType, isFloat } from "../graph/dtype.js";
import { operand, type TensorLike } from "../graph/literal.js";
import type { StructuralRecord, Value } from "../graph/record.js";
import { checkShape, type Shape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { cast } from "./cast.js";
import { reshape } from "./movement.js";
import { node } from "./op.js";

const gatherRecord: StructuralRecord = {
  kind: "gather",
  name: "gather",
  shape: ([x, rows]) => [...(rows as Shape), ...(x as Shape).slice(1)],
  dtype: ([x]) => x as DType,
  grad: ({ inputs, dy }) => {
    const [x, rows] = inputs as [Tensor, Tensor];
    return [isFloat(x.dtype) ? node(scatterRecord, [dy, rows], { rows: x.shape[0] as number }) : null, null];
  },
  reference: ([x, rows], out) => {
    const [from, index] = [x as Value, rows as Value];
    const width = sizeOf(from.shape.slice(1));
    const result = allocate(out.dtype, index.data.length * width);
    index.data.forEach((row, i) => {
      const inside = row >= 0 && row < (from.shape[0] as number);
      for (let j = 0; j < width; j++) {
        result[i * width + j] = inside ? (from.data[row * width + j] as number) : Number.NaN;
      }
    });
    return result;
  },
};

/**
 * Rows of `x` by number: out[i...] = x[rows[i...]]. A number outside gives NaN (0 in whole numbers), never another row.
 *
 * @param rows  int32, each from 0 to x.shape[0] - 1
 * @shape       [...rows.shape, ...x.shape without its first axis]
 */
export function gather(x: Tensor, rows: TensorLike): Tensor {
  if (x.rank === 0) fail({ code: "shape", given: "gather: from a scalar", allowed: "a tensor of rank 1 or more" });
  const index = operand("gather", rows);
  return node(gatherRecord, [x, index.dtype === "int32" ? index : cast(index, "int32")]);
}

/** The adjoint of `gather`: adds row i of dy to row rows[i] of zeros, one after the other. */
const scatterRecord: StructuralRecord = {
  kind: "scatterAdd",
  name: "scatterAdd",
  shape: ([dy, rows], attrs) => [attrs.rows as number, ...(dy as Shape).slice((rows as Shape).length)],
  dtype: ([dy]) => dy as DType,
  grad: ({ inputs: [, rows], dy }) => [gather(dy, rows as Tensor), null],
  reference: ([dy, rows], out) => {
    const [from, index] = [dy as Value, rows as Value];
    const width = sizeOf(out.shape.slice(1));
    const round = out.dtype === "float32" ? Math.fround : (v: number) => v;
    const result = allocate(out.dtype, sizeOf(out.shape));
    index.data.forEach((row, i) => {
      if (row < 0 || row >= (out.shape[0] as number)) return;
      for (let j = 0; j < width; j++) {
        const at = row * width + j;
        result[at] = round((result[at] as number) + (from.data[i * width + j] as number));
      }
    });
    return result;
  },
};

const iotaRecord: StructuralRecord = {
  kind: "iota",
  name: "iota",
  shape: (_, attrs) => [attrs.size as number],
  dtype: () => "int32",
  grad: () => [],
  reference: (_, out) => Int32Array.from({ length: sizeOf(out.shape) }, (__, i) => i),
};

/** 0, 1, 2, ... in row-major order. @shape as given; int32 */
export function iota(shape: Shape): Tensor {
  checkShape("iota", shape);
  return reshape(node(iotaRecord, [], { size: sizeOf(shape) }), shape);
}
