import { expect } from "vitest";
import { CredenceError } from "../../src/errors.js";
import { readSafetensors, type TensorEntry } from "../../src/models/safetensors.js";

const utf8 = new TextEncoder();

export const tiny: ReadonlyMap<string, TensorEntry> = new Map<string, TensorEntry>([
  ["b", { dtype: "F32", shape: [2], data: Float32Array.of(1, -2) }],
  ["a", { dtype: "BOOL", shape: [], data: Uint8Array.of(1) }],
]);

/** A file around any header and data, well formed or not. */
export function frame(header: string | Uint8Array, data: Uint8Array = new Uint8Array(), length?: bigint): Uint8Array {
  const text = typeof header === "string" ? utf8.encode(header) : header;
  const file = new Uint8Array(8 + text.length + data.length);
  new DataView(file.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  file.set(text, 8);
  file.set(data, 8 + text.length);
  return file;
}

/** The refusal's message; anything but a refusal fails the test. */
export function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(CredenceError);
    expect((error as CredenceError).code).toBe("file");
    return (error as CredenceError).message;
  }
  throw new Error("the file was accepted");
}

export const readForeign = (file: Uint8Array) => readSafetensors(file, { foreign: true });
