import { fail } from "../errors.js";
import type { FloatType } from "../graph/dtype.js";
import { checkShape, type Shape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { add, bitAnd, cast, mul, randomBits, reshape, shiftRight, slice } from "../ops/index.js";
import { checkKey, USE } from "./key.js";

export interface DrawOptions {
  /** Element type of the draws; default float64. */
  readonly dtype?: FloatType;
}

/** @throws CredenceError for what is no shape, no type of draws or no key */
export function checkDraw(name: string, key: Tensor, shape: Shape, dtype: FloatType): void {
  checkShape(name, shape);
  if (dtype !== "float32" && dtype !== "float64") {
    fail({ code: "dtype", given: `${name}: dtype is ${String(dtype)}`, allowed: "float32 or float64" });
  }
  checkKey(name, key);
}

/** Random words for draws of the given shape: one an element in float32, two in float64. @shape each as given; int32 */
export function drawWords(name: string, key: Tensor, shape: Shape, dtype: FloatType): Tensor[] {
  checkDraw(name, key, shape, dtype);
  const [size, each] = [sizeOf(shape), dtype === "float32" ? 1 : 2];
  const words = randomBits(key, each * size, USE.draw);
  return Array.from({ length: each }, (_, i) => reshape(slice(words, 0, i * size, (i + 1) * size), shape));
}

/** The upper bits of int32 words as a whole number. */
export const upperBits = (word: Tensor, bits: number, dtype: FloatType): Tensor =>
  cast(shiftRight(word, 32 - bits), dtype);

/**
 * (w + 1/2) / 2^32 of one word, (w 2^32 + v + 1/2) / 2^64 of two, rounded once: near 0 it resolves all the bits. Never 0; 1 only
 * by rounding.
 */
export function fraction(words: readonly Tensor[], dtype: FloatType): Tensor {
  const halves = words.flatMap((word) => [upperBits(word, 16, dtype), cast(bitAnd(word, 0xffff), dtype)]);
  // from the least: only the last of these additions rounds
  return halves
    .map((half, i) => mul(i === halves.length - 1 ? add(half, 0.5) : half, 2 ** (-16 * (i + 1))))
    .reduceRight((sum, part) => add(part, sum));
}
