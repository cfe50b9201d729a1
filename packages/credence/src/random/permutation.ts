import { fail } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { randomBits } from "../ops/index.js";
import { checkKey, USE } from "./key.js";

/**
 * The numbers 0 to n - 1 in random order.
 *
 * Fisher and Yates' shuffle; position i changes places with one below i + 1, taken from a 32-bit word by multiplication,
 * which favours none by more than n / 2^32.
 *
 * @throws CredenceError `argument`: n is not a whole number; `traced`: the key is an argument of a function being compiled
 */
export function permutation(key: Tensor, n: number): Int32Array {
  if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31) {
    fail({ code: "argument", given: `permutation: of ${n}`, allowed: "a whole number from 0 to 2^31 - 1" });
  }
  const words = randomBits(checkKey("permutation", key), n, USE.shuffle).data();
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor((((words[i] as number) >>> 0) / 2 ** 32) * (i + 1));
    const moved = order[i] as number;
    order[i] = order[j] as number;
    order[j] = moved;
  }
  return order;
}
