import { expect } from "vitest";
import { UsageError } from "../../src/errors.js";
import { type RawTable, readTable } from "../../src/table/index.js";

/** Reads text as it would come through a pipe, some bytes at a time. */
export function pipe(content: string | Uint8Array, chunk = 1 << 16): Promise<RawTable> {
  const bytes = Buffer.from(content as string);
  async function* stdin(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += chunk) yield bytes.subarray(at, at + chunk);
  }
  return readTable("-", { stdin: stdin() });
}

/** The message of the usage error; anything else fails the test. */
export async function complaint(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).exitCode).toBe(2);
    return (error as UsageError).message;
  }
  throw new Error("nothing was wrong with it");
}

/** The cells, row by row. */
export function rowsOf(table: RawTable): (string | undefined)[][] {
  return Array.from({ length: table.rows }, (_, row) => table.columns.map((column) => column[row]));
}
