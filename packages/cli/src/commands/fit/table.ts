/** The columns of the user's table that a model is fitted to. */
import type { Column, Table } from "credence/models";
import { fail } from "../../errors.js";
import { findColumn, type RawTable, targetColumn, typeColumn } from "../../table/index.js";
import { listNames, quote } from "../../table/words.js";

export interface ColumnChoice {
  readonly target: string;
  /** Default: all columns that can say anything about another row. */
  readonly inputs?: readonly string[];
  /** Columns to read as text whatever their cells look like. */
  readonly text?: readonly string[];
}

export interface PreparedTable {
  /** The inputs, then the target. */
  readonly table: Table;
  readonly inputs: readonly string[];
  /** What was left out and why. */
  readonly notes: readonly string[];
}

/** @throws UsageError when a column is not there, is not what it should be, or nothing is left to predict from */
export function prepareTable(raw: RawTable, { target, inputs, text = [] }: ColumnChoice): PreparedTable {
  const values = targetColumn(raw, target);
  for (const name of text) findColumn(raw, name);
  if (text.includes(target)) {
    fail({ given: `--text names the target ${quote(target)}`, allowed: "inputs; the target must be numbers" });
  }
  const chosen = inputs === undefined ? defaultInputs(raw, target, text) : namedInputs(raw, target, inputs);
  const stranger = text.find((name) => !chosen.inputs.includes(name));
  if (stranger !== undefined) {
    fail({
      given: `--text names ${quote(stranger)}, which is not among the inputs`,
      allowed: listNames(chosen.inputs),
      mend: "add it to --inputs",
    });
  }
  const columns = chosen.inputs.map((name): Column => typeColumn(raw, name, text.includes(name) ? { as: "text" } : {}));
  return {
    table: { rows: raw.rows, columns: [...columns, { name: target, kind: "number", values }] },
    inputs: chosen.inputs,
    notes: chosen.notes,
  };
}

type Choice = Pick<PreparedTable, "inputs" | "notes">;

function namedInputs(raw: RawTable, target: string, inputs: readonly string[]): Choice {
  for (const name of inputs) findColumn(raw, name);
  if (inputs.includes(target)) {
    fail({
      given: `--inputs names the target ${quote(target)}`,
      allowed: "columns other than the target",
      mend: "leave it out",
    });
  }
  return { inputs, notes: [] };
}

function defaultInputs(raw: RawTable, target: string, text: readonly string[]): Choice {
  const inputs: string[] = [];
  const notes: string[] = [];
  for (const name of raw.names) {
    if (name === target) continue;
    const reason = text.includes(name) ? undefined : uselessness(raw, name);
    if (reason === undefined) inputs.push(name);
    else notes.push(reason);
  }
  if (inputs.length === 0) {
    fail({
      given: `${raw.label} has no column to predict ${quote(target)} from`,
      allowed: "at least one column beside the target, other than names and numbers of rows",
      mend: notes.length > 0 ? "name the columns to use with --inputs" : "add a column",
    });
  }
  return { inputs, notes };
}

/** Why a column says nothing about rows that are not in the table; undefined where it may. */
function uselessness(raw: RawTable, name: string): string | undefined {
  if (name === raw.rowNames) return "the first column, which has no name, is left out: it names the rows";
  const column = typeColumn(raw, name);
  if (column.kind === "number") {
    if (!countsRows(name, column.values)) return undefined;
    return `the column ${quote(name)} is left out: it only counts the rows; --inputs can take it in`;
  }
  const present = column.values.filter((value) => value !== "");
  const different = new Set(present).size;
  // all different, or so nearly that one value in two is never seen again
  if (different < present.length && (different <= MANY_VALUES || 2 * different <= present.length)) return undefined;
  const share = different === present.length ? "differs in every row" : `has ${different} different values`;
  return `the text column ${quote(name)} is left out: it ${share}, so it says little about new rows; --inputs can take it in`;
}

/** Fewer categories than this may be rare in a small table and still mean something. */
const MANY_VALUES = 100;

const ROW_LABEL = /^(row[ _.-]?(name|number|id|nr|no)?s?|id|index|instant|unnamed.*|no|nr|number|#)$/i;

/** Is it called like a row number, and does it go up by 1 from 0 or 1? A time index under its own name is an input. */
function countsRows(name: string, values: Float64Array): boolean {
  const start = values[0];
  return ROW_LABEL.test(name) && (start === 0 || start === 1) && values.every((value, i) => value === start + i);
}
