import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { add, bitAnd, ge, minimum, mul } from "../ops/index.js";
import { type DrawOptions, drawWords, fraction, upperBits } from "./words.js";

/**
 * Uniform draws from [0, 1): whole multiples of 2^-24 in float32, of 2^-53 in float64.
 *
 * @shape  as given
 */
export function uniform(key: Tensor, shape: Shape = [], { dtype = "float64" }: DrawOptions = {}): Tensor {
  const [first, second] = drawWords("uniform", key, shape, dtype) as [Tensor, Tensor?];
  if (!second) return mul(upperBits(first, 24, dtype), 2 ** -24);
  return add(mul(upperBits(first, 27, dtype), 2 ** -27), mul(upperBits(second, 26, dtype), 2 ** -53));
}

/**
 * Uniform draws from (0, 1), both ends excluded. Draws near 0 resolve 2^-33 in float32 and 2^-65 in float64, so that log u and
 * quantile(u) reach far into the lower tail; the greatest is 1 - 2^-24 and 1 - 2^-53.
 *
 * @shape  as given
 */
export function uniformOpen(key: Tensor, shape: Shape = [], { dtype = "float64" }: DrawOptions = {}): Tensor {
  const below = dtype === "float32" ? 1 - 2 ** -24 : 1 - 2 ** -53;
  return minimum(fraction(drawWords("uniformOpen", key, shape, dtype), dtype), below);
}

/**
 * Levels from (0, 1) as the distance to the nearer end, so that draws made from them reach as far into the upper tail as into the
 * lower: `tail` in (0, 1/2), and whether it is the upper one.
 *
 * @shape  as given, both
 */
export function uniformTail(
  key: Tensor,
  shape: Shape = [],
  { dtype = "float64" }: DrawOptions = {},
): { tail: Tensor; isUpper: Tensor } {
  const [first, ...rest] = drawWords("uniformTail", key, shape, dtype) as [Tensor, ...Tensor[]];
  return { tail: fraction([bitAnd(first, 0x7fffffff), ...rest], dtype), isUpper: ge(first, 0) };
}

/**
 * Standard Gumbel draws, -log(-log u): the greatest of logits + gumbel falls on i with probability softmax(logits)_i.
 *
 * @shape  as given
 */
export function gumbel(key: Tensor, shape: Shape = [], options: DrawOptions = {}): Tensor {
  // -log(1 - u) is as exponential as -log u, and its small values, which become the large draws, are the finer ones
  return uniformOpen(key, shape, options).neg().log1p().neg().log().neg();
}
