import { fail } from "../errors.js";
import type { DType } from "../graph/dtype.js";
import { operand, type TensorLike } from "../graph/literal.js";
import type { ElementwiseRecord } from "../graph/record.js";
import { broadcastShapes } from "../graph/shape.js";
import { Tensor } from "../graph/tensor.js";
import { node, unify } from "./op.js";

const record: ElementwiseRecord = {
  kind: "elementwise",
  name: "where",
  cost: 1,
  shape: (shapes) => broadcastShapes("where", shapes),
  dtype: (dtypes) => dtypes[1] as DType,
  lower: (m, [condition, x, y]) => m.select(condition as never, x as never, y as never),
  // The adjoint selects; a product with 0 would let a NaN of the branch not taken through.
  grad: ({ inputs: [condition, x], dy }) => {
    if (x?.dtype === "bool" || x?.dtype === "int32") return [null, null, null];
    return [null, where(condition as Tensor, dy, 0), where(condition as Tensor, 0, dy)];
  },
};

/**
 * `x` where the condition holds, else `y`. Both are computed; the gradient of the one not taken is 0, whatever its value.
 *
 * @shape  broadcast(condition, x, y)
 * @throws CredenceError `dtype`: the condition is not bool
 */
export function where(condition: TensorLike, x: TensorLike, y: TensorLike): Tensor {
  const mask = operand("where", condition);
  if (mask.dtype !== "bool") {
    fail({
      code: "dtype",
      given: `where: the condition is ${mask.dtype}`,
      allowed: "bool",
      mend: "compare it: x.gt(0)",
    });
  }
  const [a, b] = unify("where", [operand("where", x), operand("where", y)], "any");
  const out = node(record, [mask, a as Tensor, b as Tensor]);
  // the condition has no say in the type: of two bare numbers the choice is as weak as they are
  const weak = (a as Tensor).weak && (b as Tensor).weak && out.dtype === "float64";
  return weak ? new Tensor(out.shape, out.dtype, out.source, true) : out;
}
