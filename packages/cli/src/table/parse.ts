/** CSV or TSV text to columns of cells, with the line each row starts on. */
import { CsvError, parse } from "csv-parse/sync";
import { fail, UsageError } from "../errors.js";
import { type Delimiter, delimiterOf } from "./delimiter.js";
import { count, quote } from "./words.js";

export interface RawTable {
  /** How messages call the table. */
  readonly label: string;
  readonly names: readonly string[];
  /** Cells as they stand in the file, by column: `columns[c][r]`; unquoted cells without the spaces around them. */
  readonly columns: readonly (readonly string[])[];
  /** For each row the line of the file on which it starts, counted from 1. */
  readonly lines: Int32Array;
  readonly rows: number;
  /** The name given to a first column that has none, as R and pandas write row names; null where it has one. */
  readonly rowNames: string | null;
}

/**
 * @param label how messages call the table
 * @param text  UTF-8 without a byte order mark
 * @throws UsageError no header, no rows, names missing or repeated, rows of unequal length, a quote out of place
 */
export function parseTable(label: string, text: Buffer): RawTable {
  const delimiter = delimiterOf(text);
  const cursor = new LineCursor(text);
  const lines: number[] = [];
  let header: Header | undefined;
  const takeRecord = (record: string[], end: number): void => {
    const line = cursor.advance(end);
    if (header === undefined) {
      header = readHeader(label, record);
      return;
    }
    const { columns } = header;
    if (record.length !== columns.length) failOnLength(label, line, record.length, columns.length, delimiter);
    for (let c = 0; c < columns.length; c++) (columns[c] as string[]).push(record[c] as string);
    lines.push(line);
  };
  try {
    parse(text, {
      delimiter,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true, // judged above, where the message can name the line
      record_delimiter: ["\r\n", "\n", "\r"],
      on_record: (record: string[], { bytes }) => {
        takeRecord(record, bytes);
        return null;
      },
    });
  } catch (cause) {
    if (cause instanceof UsageError) throw cause;
    failOnQuote(label, cursor.next(), cause as Error);
  }
  if (header === undefined) {
    return fail({ given: `${label} is empty`, allowed: "a header line with column names, then rows" });
  }
  if (lines.length === 0) {
    const columns = count(header.names.length, "column");
    return fail({
      given: `${label} has a header of ${columns} but no rows`,
      allowed: "at least one row after the header",
    });
  }
  return { label, ...header, lines: Int32Array.from(lines), rows: lines.length };
}

interface Header {
  readonly names: readonly string[];
  readonly columns: string[][];
  readonly rowNames: string | null;
}

function readHeader(label: string, record: readonly string[]): Header {
  const names = record.map((name) => name.trim());
  let rowNames: string | null = null;
  if (names[0] === "" && names.length > 1) {
    rowNames = "row";
    for (let n = 1; names.includes(rowNames); n++) rowNames = `row.${n}`;
    names[0] = rowNames;
  }
  const nameless = names.indexOf("");
  if (nameless >= 0) {
    fail({
      given: `${label}: column ${nameless + 1} of ${names.length} has no name in the header`,
      allowed: "a name for every column; only row names in the first may go without",
      mend: "name it, or delete it where it is a delimiter at the end of each line",
    });
  }
  const firstOf = new Map<string, number>();
  names.forEach((name, index) => {
    const first = firstOf.get(name);
    if (first !== undefined) {
      fail({
        given: `${label}: columns ${first + 1} and ${index + 1} are both called ${quote(name)}`,
        allowed: "each column name once",
        mend: "rename one of them, or add a header line where the file has none",
      });
    }
    firstOf.set(name, index);
  });
  return { names, columns: names.map(() => []), rowNames };
}

function failOnLength(label: string, line: number, found: number, expected: number, delimiter: Delimiter): never {
  const character = { "\t": "a tab", ";": "a semicolon", ",": "a comma" }[delimiter];
  return fail({
    given: `${label}, line ${line} has ${count(found, "cell")}, the header has ${expected}`,
    allowed: `${count(expected, "cell")} in every row`,
    mend:
      found < expected
        ? "add the missing cells; an empty one is a missing value"
        : `write a cell that holds ${character} in double quotes`,
  });
}

function failOnQuote(label: string, line: number, cause: Error): never {
  const code = cause instanceof CsvError ? cause.code : "";
  const words: Record<string, string> = {
    CSV_QUOTE_NOT_CLOSED: "has a double quote that is never closed",
    INVALID_OPENING_QUOTE: "has a double quote inside a cell that does not start with one",
    CSV_INVALID_CLOSING_QUOTE: "has text after the closing double quote of a cell",
  };
  return fail(
    {
      given: `${label}: the row that starts on line ${line} ${words[code] ?? `cannot be read: ${cause.message}`}`,
      allowed: "cells as they are, or in double quotes",
      mend: 'quote the whole cell and write a double quote inside it twice: "12"" pipe"',
    },
    { cause },
  );
}

/** Walks through the file with the parser and knows the line on which each row starts. */
class LineCursor {
  private readonly text: Buffer;
  private at = 0;
  private line = 1;

  constructor(text: Buffer) {
    this.text = text;
  }

  /** Moves behind the row that ends at byte `end`; the line on which it started. */
  advance(end: number): number {
    const start = this.next(end);
    this.moveTo(end);
    return start;
  }

  /** The line of the first row that is not blank from here on, before byte `end`. */
  next(end: number = this.text.length): number {
    let last = end;
    while (last > this.at && isLineBreak(this.text[last - 1])) last--; // a row of empty cells may be white space too
    let first = this.at;
    while (first < last && isSpace(this.text[first])) first++;
    // a tab may be an empty cell, so go back to where the line starts
    while (first > this.at && !isLineBreak(this.text[first - 1])) first--;
    this.moveTo(first);
    return this.line;
  }

  private moveTo(end: number): void {
    for (; this.at < end; this.at++) {
      const byte = this.text[this.at];
      // a carriage return before a line feed is half of one line break
      if (byte === 0x0a || (byte === 0x0d && this.text[this.at + 1] !== 0x0a)) this.line++;
    }
  }
}

function isLineBreak(byte: number | undefined): boolean {
  return byte === 0x0a || byte === 0x0d;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || isLineBreak(byte);
}
