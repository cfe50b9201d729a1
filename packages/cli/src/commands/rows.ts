/** Rows of the library's tables. */
import type { Column, Table } from "credence/models";

/** Rows `from` to `to`, the latter not included. */
export function sliceRows(table: Table, from: number, to: number): Table {
  const columns = table.columns.map(
    (column): Column =>
      column.kind === "number"
        ? { ...column, values: column.values.slice(from, to) }
        : { ...column, values: column.values.slice(from, to) },
  );
  return { rows: Math.min(to, table.rows) - from, columns };
}

export function columnOf(table: Table, name: string): Column {
  return table.columns.find((column) => column.name === name) as Column;
}

/** The values of a column that is known to hold numbers. */
export function numbersOf(table: Table, name: string): Float64Array {
  return Float64Array.from(columnOf(table, name).values as ArrayLike<number>);
}

/** Row numbers 0 to n - 1, or `most` of them spread evenly. */
export function spread(n: number, most: number): number[] {
  const taken = Math.min(n, most);
  return Array.from({ length: taken }, (_, i) => Math.floor(((i + 0.5) * n) / taken));
}
