/**
 * What the reader and the writer agree on: element types, limits, names and the place of the checksum.
 *
 * A file is: header length (8 bytes, little-endian) · JSON header, padded with spaces · the tensors' bytes,
 * little-endian, one after another without a hole.
 */
import { fail } from "../../errors.js";

export type TensorDtype = "F32" | "F64" | "I32" | "BOOL";
export type TensorData = Float32Array | Float64Array | Int32Array | Uint8Array;

/** One named array; `data` holds the product of `shape` elements in row-major order, BOOL as bytes 0 and 1. */
export interface TensorEntry {
  readonly dtype: TensorDtype;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

export interface Layout {
  readonly dtype: TensorDtype;
  /** Bytes of one element. */
  readonly width: number;
  readonly array: new (buffer: ArrayBuffer) => TensorData;
}

export const layouts: ReadonlyMap<string, Layout> = new Map<string, Layout>([
  ["F32", { dtype: "F32", width: 4, array: Float32Array }],
  ["F64", { dtype: "F64", width: 8, array: Float64Array }],
  ["I32", { dtype: "I32", width: 4, array: Int32Array }],
  ["BOOL", { dtype: "BOOL", width: 1, array: Uint8Array }],
]);

export const limits = {
  /** 1 MB: the settings of a model with a thousand columns take a tenth of it. */
  headerBytes: 1_000_000,
  /** An ensemble of a hundred networks of ten layers has 2,000; each costs a typed array, so files may not name 100,000. */
  tensors: 4096,
  nameLength: 512,
  rank: 8,
} as const;

export const METADATA = "__metadata__";
export const CHECKSUM = "credence.crc32";
/** What a header of ours begins with; the eight digits of the checksum follow. */
export const SEALED_HEADER = `{"${METADATA}":{"${CHECKSUM}":"`;
/** Where the checksum's digits start in the file. While they are computed they count as eight zeros. */
export const CHECKSUM_AT = 8 + SEALED_HEADER.length;
export const UNSEALED = "00000000";

/** Throws the `file` error of these facts. */
export function refuse(given: string, allowed: string, mend = "copy the file again, or save the model again"): never {
  return fail({ code: "file", given: `model file: ${given}`, allowed, mend });
}

/** Text from a file as it may stand in a message: quoted, escaped and short. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}

/** Property names that reach an object's prototype where a later step turns names into objects. */
const poisonous = new Set(["__proto__", "constructor", "prototype"]);

export function checkName(name: string, what: "tensor" | "metadata"): void {
  const allowed = `1 to ${limits.nameLength} characters, valid Unicode, no part called __proto__, constructor or prototype`;
  const bad =
    name.length < 1 ||
    name.length > limits.nameLength ||
    name === METADATA ||
    /\p{Cs}/u.test(name) ||
    name.split(/[./]/).some((part) => poisonous.has(part));
  if (bad) refuse(`the ${what} name ${quoted(name)} cannot be used`, allowed, "rename it");
}

/** Number of elements of a shape, 1 for rank 0. @throws CredenceError `file`: not whole, too many, or beyond 2^53 */
export function elementCount(name: string, shape: readonly number[]): number {
  if (shape.length > limits.rank) {
    refuse(`tensor ${quoted(name)} has ${shape.length} dimensions`, `at most ${limits.rank}`);
  }
  // zeros are left out of the check, so that the order of the dimensions cannot hide an overflow
  let nonZero = 1;
  let count = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      refuse(`tensor ${quoted(name)} has a dimension of ${size}`, "whole numbers >= 0");
    }
    nonZero *= Math.max(size, 1);
    if (nonZero > Number.MAX_SAFE_INTEGER) {
      refuse(`tensor ${quoted(name)} has shape [${shape.join(", ")}]`, "fewer than 2^53 elements");
    }
    count *= size;
  }
  return count;
}

/** Whether every element is 0 or 1. */
export function isBoolean(data: ArrayLike<number>): boolean {
  for (let i = 0; i < data.length; i++) if ((data[i] as number) > 1) return false;
  return true;
}
