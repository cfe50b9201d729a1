import { sameShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import type { Bijector } from "./bijector.js";

/** Are two bijectors known to be the same map? Of those made by functions only one and the same object is. */
export function sameBijector(a: Bijector, b: Bijector): boolean {
  if (a === b) return true;
  if (a.constructor !== b.constructor || a.parts.length !== b.parts.length) return false;
  const names = Object.keys(a.parameters);
  return (
    names.length === Object.keys(b.parameters).length &&
    names.every((name) => sameNumbers(a.parameters[name]!, b.parameters[name]!)) &&
    Object.keys(a.settings).every((name) => sameSetting(a.settings[name], b.settings[name])) &&
    a.parts.every((part, i) => sameBijector(part, b.parts[i]!))
  );
}

/** A parameter is checked by a few operations, the same for both; how far to look through them for the tensor that was given. */
const CHECKS = 6;

/** Known numbers that are equal, or the same operations on the same tensors. */
function sameNumbers(a: Tensor, b: Tensor, depth = CHECKS): boolean {
  if (a === b) return true;
  if (!sameShape(a.shape, b.shape) || a.dtype !== b.dtype) return false;
  if (a.source.kind === "data" && b.source.kind === "data") {
    const { data } = b.source;
    return a.source.data.every((value, i) => Object.is(value, data[i]));
  }
  if (a.source.kind !== "op" || b.source.kind !== "op" || a.source.op !== b.source.op || depth === 0) return false;
  const { inputs, attrs } = b.source;
  return (
    Object.entries(a.source.attrs).every(([name, value]) => sameSetting(value, attrs[name])) &&
    a.source.inputs.every((input, i) => sameNumbers(input, inputs[i]!, depth - 1))
  );
}

const sameSetting = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((item, i) => item === b[i]) : a === b;
