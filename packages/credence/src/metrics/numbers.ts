import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { showShape } from "../graph/shape.js";

/** Lists of one length with at least one number, as plain arrays under the same names. */
export function sameLength<K extends string>(
  name: string,
  lists: { readonly [P in K]: TensorLike },
): { [P in K]: ArrayLike<number> } {
  const tensors = Object.entries<TensorLike>(lists).map(([key, list]) => [key, tensor(list)] as const);
  const size = tensors[0]?.[1].size ?? 0;
  if (size === 0 || tensors.some(([, t]) => t.rank !== 1 || t.size !== size)) {
    fail({
      code: "shape",
      given: `${name}: ${tensors.map(([key, t]) => `${key} of shape ${showShape(t.shape)}`).join(", ")}`,
      allowed: "lists of one length, at least 1",
    });
  }
  const out = Object.fromEntries(tensors.map(([key, t]) => [key, t.data()] as const));
  return out as Record<string, ArrayLike<number>> as { [P in K]: ArrayLike<number> };
}

export function mean(n: number, of: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += of(i);
  return sum / n;
}
