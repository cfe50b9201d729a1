import { fail, nearest } from "../errors.js";
import { isFloat } from "../graph/dtype.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape, showShape, stridesOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { unify, where } from "../ops/index.js";
import { evaluate } from "../tensor/evaluate.js";
import { isTracing } from "../trace.js";
import type { Constraint } from "./constraints.js";

/**
 * A distribution's parameters as tensors of one float type, each within its constraint.
 *
 * Numbers that are known are looked at: one outside its constraint throws. Inside a compiled or differentiated function they are
 * not; there a number outside becomes NaN, so that no plausible result comes of it.
 *
 * @param name         the distribution's, for errors
 * @param constraints  one a parameter
 * @throws CredenceError `argument`: a parameter is not given; `domain`: a known number is outside; `dtype`; `shape`: the
 *   parameters of scalars do not broadcast
 */
export function check<K extends string>(
  name: string,
  params: { readonly [P in K]: TensorLike },
  constraints: { readonly [P in K]: Constraint },
): { [P in K]: Tensor } {
  const names = Object.keys(constraints) as K[];
  const given = names.map((key) => toTensor(name, key, params, names));
  // bare numbers alone stay weak: they take the element type of what they meet
  const unified = given.every((t) => t.weak && isFloat(t.dtype)) ? given : unify(name, given, "float");
  const scalars = unified.filter((_, i) => constraints[names[i] as K].eventRank === 0);
  broadcastShapes(
    name,
    scalars.map((t) => t.shape),
  );
  if (!isTracing()) evaluate(unified);
  const checked = unified.map((t, i) => within(name, names[i] as K, t, constraints[names[i] as K]));
  return Object.fromEntries(names.map((key, i) => [key, checked[i]])) as { [P in K]: Tensor };
}

function toTensor(name: string, key: string, params: object, names: readonly string[]): Tensor {
  const value = (params as Record<string, TensorLike | undefined>)[key];
  if (value !== undefined) return tensor(value);
  const stray = Object.keys(params).find((other) => nearest(other, names) === key && !names.includes(other));
  return fail({
    code: "argument",
    given: `${name}: ${key} is not given`,
    allowed: `{ ${names.join(", ")} }`,
    ...(stray === undefined ? {} : { mend: `write ${key} for ${stray}` }),
  });
}

function within(name: string, key: string, value: Tensor, constraint: Constraint): Tensor {
  if (value.source.kind !== "data") {
    let inside = constraint.contains(value);
    for (let i = 0; i < constraint.eventRank; i++) inside = inside.expandDims(-1);
    return where(inside, value, Number.NaN);
  }
  const at = constraint.firstOutside(value);
  if (at >= 0) {
    fail({
      code: "domain",
      given: `${name}: ${key} ${describe(value, at, constraint)}`,
      allowed: constraint.allowed,
      ...(constraint.mend === undefined ? {} : { mend: constraint.mend }),
    });
  }
  return value;
}

function describe(value: Tensor, at: number, { eventRank, bounds, name }: Constraint): string {
  const data = value.data();
  if (value.rank === 0) return `is ${data[at]}`;
  const place = value.rank === 1 ? `${at}` : showShape(positionOf(at, value.shape));
  const isNumber = eventRank === 0 || bounds !== undefined;
  const what = isNumber ? String(data[at]) : `a ${eventRank === 1 ? "row" : "matrix"} that is no ${name}`;
  return `holds ${what} at index ${place} of shape ${showShape(value.shape)}`;
}

const positionOf = (at: number, shape: Shape): Shape =>
  stridesOf(shape).map((stride, axis) => Math.floor(at / stride) % (shape[axis] as number));
