import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape, sameShape, showShape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";

/**
 * The value at which a density or its like is asked for, if it fits the distribution's shapes.
 *
 * Refused is what NumPy's rule would silently blow up: [n, 1] against a batch [n], or [n] against [n, 1], where each stretches
 * the other to [n, n]. It is hardly ever meant, and its mean looks like a loss.
 *
 * @param method  such as "Normal.logProb", for errors
 * @shape  [..., ...event], the leading axes as given: they broadcast with the batch
 * @throws CredenceError `shape`
 */
export function checkValue(method: string, x: TensorLike, batchShape: Shape, eventShape: Shape): Tensor {
  const value = tensor(x);
  const lead = value.rank - eventShape.length;
  if (lead < 0 || !sameShape(value.shape.slice(lead), eventShape)) {
    fail({
      code: "shape",
      given: `${method}: a value of shape ${showShape(value.shape)} for events of shape ${showShape(eventShape)}`,
      allowed: `[..., ${eventShape.join(", ")}]`,
    });
  }
  const outer = value.shape.slice(0, lead);
  const out = broadcastShapes(method, [outer, batchShape]);
  const blown = sizeOf(out) > Math.max(sizeOf(outer), sizeOf(batchShape));
  if (blown && (endsWith(outer, [...batchShape, 1]) || endsWith(batchShape, [...outer, 1]))) {
    fail({
      code: "shape",
      given: `${method}: a value of shape ${showShape(value.shape)} against a batch of shape ${showShape(batchShape)} would give every pair, shape ${showShape(out)}`,
      allowed: `a value of shape ${showShape([...batchShape, ...eventShape])}, or with more axes in front`,
      mend: "reshape one of the two; if every pair is meant, say so: value.broadcastTo(...)",
    });
  }
  return value;
}

const endsWith = (shape: Shape, end: Shape): boolean =>
  shape.length >= end.length && sameShape(shape.slice(shape.length - end.length), end);
