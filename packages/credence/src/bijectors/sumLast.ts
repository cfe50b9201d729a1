import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { sum } from "../ops/index.js";

/** Log-determinants of parts of an event as that of the event: their sum over its last `axes`, which have this shape. */
export function sumLast(logDets: Tensor, axes: Shape): Tensor {
  if (axes.length === 0) return logDets;
  const full = logDets.broadcastTo(broadcastShapes("log-determinant", [logDets.shape, axes]));
  return sum(
    full,
    axes.map((_, i) => i - axes.length),
  );
}
