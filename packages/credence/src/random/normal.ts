import type { Shape } from "../graph/shape.js";
import { sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { randomNormal, reshape } from "../ops/index.js";
import { USE } from "./key.js";
import { checkDraw, type DrawOptions } from "./words.js";

/**
 * Standard normal draws by Box and Muller's method: a random distance from 0 and a random direction make two. The law is symmetric
 * to the bit. Draws reach 6.5 in float32 and 9.4 in float64.
 *
 * @shape  as given
 */
export function normal(key: Tensor, shape: Shape = [], { dtype = "float64" }: DrawOptions = {}): Tensor {
  checkDraw("normal", key, shape, dtype);
  return reshape(randomNormal(key, sizeOf(shape), dtype, USE.draw), shape);
}
