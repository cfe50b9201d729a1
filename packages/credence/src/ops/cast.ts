import { convert, type Data, type DType, isFloat } from "../graph/dtype.js";
import { fromData } from "../graph/literal.js";
import type { StructuralRecord } from "../graph/record.js";
import { Tensor } from "../graph/tensor.js";

const record: StructuralRecord = {
  kind: "cast",
  name: "cast",
  shape: ([x]) => x as readonly number[],
  dtype: (_, attrs) => attrs.dtype as DType,
  grad: ({ inputs: [x], dy }) => [x !== undefined && isFloat(x.dtype) && isFloat(dy.dtype) ? cast(dy, x.dtype) : null],
  reference: ([x], out) => convert((x as { data: Data }).data, out.dtype),
};

/**
 * The same numbers in another element type. Float to int32 drops the fraction and saturates, NaN becomes 0; to bool: not 0.
 * The result is never weak, even where the type is the same.
 *
 * @shape  out = x
 */
export function cast(x: Tensor, dtype: DType): Tensor {
  if (x.dtype === dtype && !x.weak) return x;
  if (x.source.kind === "data" && x.size === 1) return fromData(convert(x.source.data, dtype), x.shape, dtype);
  return new Tensor(x.shape, dtype, { kind: "op", op: record, inputs: [x], attrs: { dtype } });
}
