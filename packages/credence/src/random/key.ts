import { fail } from "../errors.js";
import { fromData, tensor } from "../graph/literal.js";
import { sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { bitXor, cast, concatNodes, randomBits, reshape, slice } from "../ops/index.js";

/** What a key's words are used for: each use has a counter space of its own, so that none repeats another. */
export const USE = { draw: 0, split: 1, fold: 2, shuffle: 3 } as const;

/**
 * The key of a seed. A key is a value: the same key gives the same draws, and drawing does not change it; `split` and `foldIn`
 * make new ones.
 *
 * @param seed  a whole number from 0 to 2^53 - 1, or a bigint from 0 to 2^64 - 1
 * @shape  [2]; int32
 * @throws CredenceError `argument`: a seed that is negative, not whole, or too large
 */
export function key(seed: number | bigint): Tensor {
  const whole = typeof seed === "bigint" ? seed >= 0n && seed < 1n << 64n : Number.isSafeInteger(seed) && seed >= 0;
  if (!whole) {
    fail({
      code: "argument",
      given: `key: seed is ${String(seed)}`,
      allowed: "a whole number from 0 to 2^53 - 1, or a bigint below 2^64",
    });
  }
  return fromData(wordsOf(seed), [2], "int32");
}

function wordsOf(n: number | bigint): Int32Array {
  const wide = BigInt(n);
  return Int32Array.of(Number(BigInt.asIntN(32, wide)), Number(BigInt.asIntN(32, wide >> 32n)));
}

/**
 * Independent new keys from one, which should not be used for draws as well.
 *
 * @param n  how many
 */
export function split(from: Tensor, n = 2): Tensor[] {
  if (!Number.isInteger(n) || n < 1) {
    fail({ code: "argument", given: `split: ${n} keys`, allowed: "a whole number of at least 1" });
  }
  const words = randomBits(checkKey("split", from), 2 * n, USE.split);
  return Array.from({ length: n }, (_, i) => slice(words, 0, 2 * i, 2 * i + 2));
}

/**
 * A new key from a key and a number, such as that of an epoch or a row: other numbers, unrelated keys.
 *
 * @param n  a whole number of at least 0, or an int32 scalar, which may be an argument of a compiled function
 */
export function foldIn(from: Tensor, n: number | Tensor): Tensor {
  // scrambled before the number comes in: key(1) with 2 and key(2) with 1 have nothing in common
  const scrambled = randomBits(checkKey("foldIn", from), 2, USE.fold);
  return randomBits(bitXor(scrambled, numberWords(n)), 2, USE.fold);
}

function numberWords(n: number | Tensor): Tensor {
  if (typeof n === "number") {
    if (Number.isSafeInteger(n) && n >= 0) return fromData(wordsOf(n), [2], "int32");
    return fail({
      code: "argument",
      given: `foldIn: the number is ${n}`,
      allowed: "a whole number from 0 to 2^53 - 1",
    });
  }
  if (n.dtype !== "int32" || n.size !== 1) {
    fail({
      code: "argument",
      given: `foldIn: a ${n.dtype} tensor of shape ${showShape(n.shape)}`,
      allowed: "a number, or an int32 scalar",
    });
  }
  return concatNodes([reshape(n, [1]), reshape(cast(tensor(0), "int32"), [1])], 0);
}

/** The key itself, if it is one. */
export function checkKey(name: string, candidate: Tensor): Tensor {
  if (candidate.dtype !== "int32" || !sameShape(candidate.shape, [2])) {
    fail({
      code: "argument",
      given: `${name}: the key is a ${candidate.dtype} tensor of shape ${showShape(candidate.shape)}`,
      allowed: "a key: int32 of shape [2]",
      mend: "make it with key(42), split or foldIn",
    });
  }
  return candidate;
}
