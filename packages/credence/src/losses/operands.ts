import { fail } from "../errors.js";
import { isFloat } from "../graph/dtype.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, sameShape, showShape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { unify } from "../ops/index.js";

/**
 * The operands of a loss as tensors of one float type that broadcast.
 *
 * Refused is a pair of which each stretches the other, [n, 1] and [n] to [n, n]: it is hardly ever meant, and its mean looks like a
 * loss.
 *
 * @throws CredenceError `shape`
 */
export function operands<K extends string>(
  name: string,
  given: { readonly [P in K]: TensorLike },
): { [P in K]: Tensor } {
  const names = Object.keys(given) as K[];
  const list = unify(
    `losses.${name}`,
    names.map((key) => tensor(given[key])),
    "float",
  );
  const shape = broadcastShapes(
    `losses.${name}`,
    list.map((t) => t.shape),
  );
  if (list.every((t) => sizeOf(t.shape) < sizeOf(shape))) {
    fail({
      code: "shape",
      given: `losses.${name}: ${names.map((key, i) => `${key} of shape ${showShape(list[i]!.shape)}`).join(" and ")} would give every pair, shape ${showShape(shape)}`,
      allowed: "one operand that has the shape of the result",
      mend: "reshape one of the two; if every pair is meant, say so: input.broadcastTo(...)",
    });
  }
  return Object.fromEntries(names.map((key, i) => [key, list[i]])) as { [P in K]: Tensor };
}

/** As `operands`, for losses that take equal shapes alone. */
export function equalOperands<K extends string>(
  name: string,
  given: { readonly [P in K]: TensorLike },
): { [P in K]: Tensor } {
  const found = operands(name, given);
  const [first, ...others] = Object.entries(found) as [string, Tensor][];
  for (const [key, value] of others) {
    if (sameShape(value.shape, first![1].shape)) continue;
    fail({
      code: "shape",
      given: `losses.${name}: ${first![0]} of shape ${showShape(first![1].shape)} and ${key} of shape ${showShape(value.shape)}`,
      allowed: "equal shapes",
      mend: "reshape one of the two",
    });
  }
  return found;
}

/** Refuses known numbers for which `isBad` holds. @throws CredenceError `domain` */
export function refuseWhere(
  name: string,
  key: string,
  value: Tensor,
  isBad: (x: number) => boolean,
  allowed: string,
): void {
  if (value.source.kind !== "data" || !isFloat(value.dtype)) return;
  const at = (value.source.data as Float64Array).findIndex(isBad);
  if (at < 0) return;
  fail({
    code: "domain",
    given: `losses.${name}: ${key} of shape ${showShape(value.shape)} holds ${value.source.data[at]} at position ${at}`,
    allowed,
  });
}
