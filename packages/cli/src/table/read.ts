import { checkText, labelOf, readBytes, unpack } from "./bytes.js";
import { parseTable, type RawTable } from "./parse.js";

/**
 * Reads a CSV or TSV file, plain or gzipped; the header line decides which delimiter it has: tab, comma or semicolon.
 *
 * @param source a path, or "-" for standard input
 * @throws UsageError when there is no such file, it is not UTF-8 text, or not a table
 */
export async function readTable(
  source: string,
  { stdin = process.stdin }: { readonly stdin?: AsyncIterable<Uint8Array> } = {},
): Promise<RawTable> {
  const label = labelOf(source);
  const bytes = await unpack(label, await readBytes(source, stdin));
  return parseTable(label, checkText(label, bytes));
}
