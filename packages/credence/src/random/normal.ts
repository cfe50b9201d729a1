import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { bitAnd, lt, ndtri, neg, where } from "../ops/index.js";
import { type DrawOptions, drawWords, fraction } from "./words.js";

/**
 * Standard normal draws by the inverse of the distribution function: one bit for the sign, the others for the size, so that
 * the law is symmetric to the bit. They reach 6.3 in float32 and 9.1 in float64.
 *
 * @shape  as given
 */
export function normal(key: Tensor, shape: Shape = [], { dtype = "float64" }: DrawOptions = {}): Tensor {
  const [first, ...rest] = drawWords("normal", key, shape, dtype) as [Tensor, ...Tensor[]];
  const lowerHalf = ndtri(fraction([bitAnd(first, 0x7fffffff), ...rest], dtype));
  return where(lt(first, 0), lowerHalf, neg(lowerHalf));
}
