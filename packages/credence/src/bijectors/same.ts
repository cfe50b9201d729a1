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

function sameNumbers(a: Tensor, b: Tensor): boolean {
  if (a === b) return true;
  if (a.source.kind !== "data" || b.source.kind !== "data" || !sameShape(a.shape, b.shape)) return false;
  const { data } = b.source;
  return a.source.data.every((value, i) => value === data[i]);
}

const sameSetting = (a: unknown, b: unknown): boolean =>
  Array.isArray(a) && Array.isArray(b) ? a.length === b.length && a.every((item, i) => item === b[i]) : a === b;
