/** Rows to CSV as RFC 4180 describes it, with line feeds. */
import { once } from "node:events";
import type { Writable } from "node:stream";

/** Text, or a number; NaN is written as an empty cell. */
export type Cell = string | number;

/** One line. Numbers keep every digit they need to be read back as they are. */
export function csvLine(cells: readonly Cell[]): string {
  const texts = cells.map((cell) => (typeof cell === "string" ? quoted(cell) : Number.isNaN(cell) ? "" : String(cell)));
  // one empty cell alone would be a blank line, which readers skip
  return `${texts.length === 1 && texts[0] === "" ? '""' : texts.join(",")}\n`;
}

function quoted(text: string): string {
  // spaces at the ends too, because readers may trim cells without quotes
  return /[",\n\r]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const CHUNK = 1 << 16; // characters; one write a row would be slow, all rows at once would fill the memory

/** Writes the lines and waits whenever `out` asks to; leaves it open. Rejects when `out` fails. */
export async function writeCsv(out: Writable, rows: Iterable<readonly Cell[]>): Promise<void> {
  let chunk = "";
  const flush = async (): Promise<void> => {
    if (!out.write(chunk)) await once(out, "drain");
    chunk = "";
  };
  for (const row of rows) {
    chunk += csvLine(row);
    if (chunk.length >= CHUNK) await flush();
  }
  if (chunk !== "") await flush();
}
