/** A typical row of a table, and tables of it in which one input changes. */
import type { Column, Table } from "credence/models";
import { shortNumber } from "../../words.js";
import { columnOf } from "../rows.js";

export type TypicalRow = ReadonlyMap<string, number | string>;

/** The (lower) median of numbers, NaN where there is none, and the most frequent text; in the order of `inputs`. */
export function typicalRow(table: Table, inputs: readonly string[]): TypicalRow {
  return new Map(
    inputs.map((name) => {
      const column = columnOf(table, name);
      return [name, column.kind === "number" ? median(column.values) : mostFrequent(column.values)];
    }),
  );
}

/** The typical row again and again, with these values of one input instead. */
export function vary(typical: TypicalRow, input: string, values: readonly (number | string)[]): Table {
  const columns = [...typical].map(([name, typicalValue]): Column => {
    const cells = name === input ? values : values.map(() => typicalValue);
    return typeof typicalValue === "number"
      ? { name, kind: "number", values: cells as number[] }
      : { name, kind: "text", values: cells as string[] };
  });
  return { rows: values.length, columns };
}

/** All inputs but one, as the report tells what they are held at. */
export function heldAt(typical: TypicalRow, input: string): [input: string, value: string][] {
  return [...typical].filter(([name]) => name !== input).map(([name, value]) => [name, spell(value)]);
}

function spell(value: number | string): string {
  if (typeof value === "string") return value === "" ? "missing" : value;
  return Number.isNaN(value) ? "missing" : shortNumber(value);
}

export function present(values: ArrayLike<number>): number[] {
  return Array.from(values).filter((value) => !Number.isNaN(value));
}

/** A value that occurs, even where there are two in the middle: half-way between two years there is none. */
function median(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(present(values)).sort();
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
}

function mostFrequent(values: readonly string[]): string {
  return byFrequency(values)[0]?.[0] ?? "";
}

/** Each different value and how often it occurs, the most frequent first. */
export function byFrequency<Value extends number | string>(values: readonly Value[]): [value: Value, rows: number][] {
  const counts = new Map<Value, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
}
