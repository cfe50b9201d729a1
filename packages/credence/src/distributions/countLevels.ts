import type { DType } from "../graph/dtype.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";

/** Random levels for the inverse distribution functions of counts, which take one above 1/2 as level - 1. @shape as given */
export function countLevels(key: Tensor, shape: Shape, dtype: DType): Tensor {
  const { tail, isUpper } = uniformTail(key, shape, { dtype: dtype as "float32" | "float64" });
  return where(isUpper, tail.neg(), tail);
}
