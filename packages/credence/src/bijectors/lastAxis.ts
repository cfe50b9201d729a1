import { type Shape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { cumsum, gather, pad, reshape, transpose } from "../ops/index.js";

/** The elements of these positions along the last axis, in their order. @shape [..., positions] */
export function pickLast(x: Tensor, positions: readonly number[]): Tensor {
  const last = x.rank - 1;
  const others = Array.from({ length: last }, (_, i) => i);
  const rows = gather(transpose(x, [last, ...others]), Int32Array.from(positions));
  return transpose(rows, [...others.map((i) => i + 1), 0]);
}

/** The last axes, as many as given, as one. */
export const joinLast = (x: Tensor, axes: number): Tensor =>
  reshape(x, [...x.shape.slice(0, x.rank - axes), sizeOf(x.shape.slice(x.rank - axes))]);

/** The last axis as several. */
export const splitLast = (x: Tensor, sizes: Shape): Tensor => reshape(x, [...x.shape.slice(0, -1), ...sizes]);

/** Running sums along the last axis of what stands before each element. @shape x */
export function sumsBefore(x: Tensor): Tensor {
  const others = Array.from({ length: x.rank - 1 }, () => 0);
  return cumsum(pad(x.slice(-1, 0, -1), [...others, 1], [...others, 0]));
}
