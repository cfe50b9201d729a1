/** Columns as numbers or text, decided when they are asked for, so that a column nobody uses cannot fail. */
import { fail } from "../errors.js";
import { isMissing, numberOf } from "./cells.js";
import type { RawTable } from "./parse.js";
import { listNames, nearestName, quote } from "./words.js";

export type TypedColumn =
  | { readonly name: string; readonly kind: "number"; readonly values: Float64Array } // NaN = missing
  | { readonly name: string; readonly kind: "text"; readonly values: readonly string[] }; // "" = missing

/** The place of a column. @throws UsageError with the nearest name when the table has none of that name */
export function findColumn(table: RawTable, name: string): number {
  const index = table.names.indexOf(name);
  if (index >= 0) return index;
  const near = nearestName(name, table.names);
  const hasHeader = table.names.some((other) => numberOf(other) === undefined);
  return fail({
    given: `${table.label} has no column ${quote(name)}`,
    allowed: listNames(table.names),
    mend: hasHeader
      ? near === undefined
        ? "name one of the columns"
        : `did you mean ${quote(near)}?`
      : "the first line is taken as column names: put a line with names above it",
  });
}

/** What a column's cells are, as numbers: `values` is NaN where a cell is missing or no number. */
export interface CellScan {
  readonly values: Float64Array;
  readonly missing: number;
  readonly numbers: number;
  /** Rows of the first cell of each kind, -1 for none. */
  readonly firstMissing: number;
  readonly firstInfinite: number;
  readonly firstText: number;
}

export function scanCells(cells: readonly string[]): CellScan {
  const values = new Float64Array(cells.length).fill(Number.NaN);
  let [missing, numbers, firstMissing, firstInfinite, firstText] = [0, 0, -1, -1, -1];
  cells.forEach((cell, row) => {
    const value = numberOf(cell);
    if (value !== undefined) {
      values[row] = value;
      numbers++;
      if (!Number.isFinite(value) && firstInfinite < 0) firstInfinite = row;
    } else if (isMissing(cell)) {
      missing++;
      if (firstMissing < 0) firstMissing = row;
    } else if (firstText < 0) {
      firstText = row;
    }
  });
  return { values, missing, numbers, firstMissing, firstInfinite, firstText };
}

/** Whether most present cells are no numbers, so that the column holds categories rather than numbers with a slip. */
export function isText({ values, missing, numbers }: CellScan): boolean {
  return 2 * numbers < values.length - missing;
}

/**
 * A column as numbers or as text: text when fewer than half of its present cells are numbers, else numbers, and then
 * a cell that is neither a number nor missing is an error. A column with no present cell is numbers, all NaN.
 *
 * @param as reads the column so, whatever its cells look like
 * @throws UsageError no such column; a stray or infinite cell in a column of numbers
 */
export function typeColumn(
  table: RawTable,
  name: string,
  { as }: { readonly as?: "number" | "text" } = {},
): TypedColumn {
  const cells = table.columns[findColumn(table, name)] as readonly string[];
  const asText = (): TypedColumn => ({
    name,
    kind: "text",
    values: cells.map((cell) => (isMissing(cell) ? "" : cell)),
  });
  if (as === "text") return asText();
  const scan = scanCells(cells);
  if (as === undefined && isText(scan)) return asText();
  const instead = as === undefined ? `, or read the column as text with --text ${shellWord(name)}` : "";
  if (scan.firstText >= 0) {
    fail({
      given: `${cellAt(table, name, scan.firstText)} is not a number`,
      allowed: "numbers such as 12, -0.5 and 1e-3; an empty cell or NA where a value is missing",
      mend: `${mendNumber(cells[scan.firstText] as string)}${instead}`,
    });
  }
  if (scan.firstInfinite >= 0) {
    fail({
      given: `${cellAt(table, name, scan.firstInfinite)} is infinite`,
      allowed: "finite numbers; an empty cell or NA where a value is missing",
      mend: "correct the cell or leave it empty",
    });
  }
  return { name, kind: "number", values: scan.values };
}

/** `"trips.csv", line 7, column "speed": "12x"` */
export function cellAt(table: RawTable, name: string, row: number): string {
  const cell = table.columns[table.names.indexOf(name)]?.[row] ?? "";
  return `${table.label}, line ${table.lines[row]}, column ${quote(name)}: ${quote(cell)}`;
}

/** How to mend a cell that should be a number. */
export function mendNumber(cell: string): string {
  const hasComma = /^[+-]?\d[\d.]*,\d[\d,.]*$/.test(cell.trim());
  return hasComma ? "write a decimal point and no commas" : "correct the cell";
}

/** A name as a shell takes it. */
function shellWord(name: string): string {
  return /^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
}
