import type { Column, Table } from "./types.js";

/** The given rows of a table, in that order. */
export function takeRows(table: Table, rows: ArrayLike<number>): Table {
  const columns = table.columns.map(
    (column): Column =>
      column.kind === "number"
        ? { ...column, values: Float64Array.from({ length: rows.length }, (_, i) => column.values[rows[i]!]!) }
        : { ...column, values: Array.from({ length: rows.length }, (_, i) => column.values[rows[i]!]!) },
  );
  return { rows: rows.length, columns };
}
