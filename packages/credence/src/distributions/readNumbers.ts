import { fail } from "../errors.js";
import { type Nested, type TensorLike, tensor } from "../graph/literal.js";
import type { JsonNumbers } from "./toJson.js";

/**
 * A parameter as `numbersToJson` wrote it.
 *
 * @param owner  whose parameter, for errors
 * @param dtype  as the JSON says; undefined for bare numbers
 */
export function readNumbers(owner: string, dtype: unknown, key: string, numbers: JsonNumbers): TensorLike {
  const parse = (x: JsonNumbers): number | Nested => {
    if (Array.isArray(x)) return (x as readonly JsonNumbers[]).map(parse) as Nested;
    if (typeof x === "number") return x;
    if (x === "Infinity" || x === "-Infinity" || x === "NaN") return Number(x);
    return fail({
      code: "argument",
      given: `fromJSON: ${owner}'s ${key} holds ${JSON.stringify(x)}`,
      allowed: 'numbers, nested lists of numbers, "Infinity", "-Infinity" or "NaN"',
    });
  };
  if (dtype !== undefined && dtype !== "float32" && dtype !== "float64") {
    fail({
      code: "argument",
      given: `fromJSON: dtype is ${JSON.stringify(dtype)}`,
      allowed: '"float32" or "float64"',
    });
  }
  return dtype === undefined ? parse(numbers) : tensor(parse(numbers), { dtype });
}
