import { fail, nearest } from "../errors.js";
import type { Column, Table } from "./types.js";

/** How one column becomes features of the network. Fitted on the training rows, kept in the model file. */
export type InputSpec =
  | {
      readonly kind: "number";
      readonly name: string;
      readonly mean: number;
      /** Population standard deviation; 1 for a constant column. */
      readonly sd: number;
      /** Is there a second feature that says whether the number is missing? */
      readonly flag: boolean;
    }
  | {
      readonly kind: "text";
      readonly name: string;
      /** One feature each; any other text is none of them. */
      readonly categories: readonly string[];
    };

/** More different texts than this are rather names than kinds: the most frequent get a feature. */
const MOST_CATEGORIES = 50;
/** Spread below this share of the size of the mean is rounding error. */
const ROUNDING = 1e-10;
/** In standard deviations, and beyond any training row; numbers farther away would overflow in float32. */
const FARTHEST = 1e6;

export function columnNamed(table: Table, name: string, role: string): Column {
  const found = table.columns.find((column) => column.name === name);
  if (found?.values.length === table.rows) return found;
  if (found) {
    fail({
      code: "shape",
      given: `column "${name}" has ${found.values.length} values in a table of ${table.rows} rows`,
    });
  }
  const names = table.columns.map((column) => column.name);
  const near = nearest(name, names);
  return fail({
    code: "argument",
    given: `the table has no column "${name}" (${role})`,
    allowed: names.length > 20 ? `${names.slice(0, 20).join(", ")}, and ${names.length - 20} more` : names.join(", "),
    ...(near === undefined ? {} : { mend: `did you mean "${near}"?` }),
  });
}

/** Mean and population standard deviation of the finite values; the spread of a constant is 1, so that it divides. */
export function moments(
  values: ArrayLike<number>,
  rows: ArrayLike<number>,
): { mean: number; sd: number; count: number; constant: boolean } {
  const unit = powerOfTwo(values, rows);
  let count = 0;
  let mean = 0;
  let squares = 0;
  for (let i = 0; i < rows.length; i++) {
    const x = values[rows[i]!]! / unit;
    if (!Number.isFinite(x)) continue;
    count++;
    // Welford's running form does not lose the spread of values far from 0
    const delta = x - mean;
    mean += delta / count;
    squares += delta * (x - mean);
  }
  const sd = count > 0 ? Math.sqrt(squares / count) : 0;
  const constant = !(sd > ROUNDING * Math.abs(mean));
  return { mean: mean * unit, sd: constant ? 1 : sd * unit, count, constant };
}

/** One near the greatest of the values: dividing by it changes no bit, and squares neither overflow nor vanish. */
function powerOfTwo(values: ArrayLike<number>, rows: ArrayLike<number>): number {
  let greatest = 0;
  for (let i = 0; i < rows.length; i++) {
    const size = Math.abs(values[rows[i]!]!);
    if (size > greatest && size < Number.POSITIVE_INFINITY) greatest = size;
  }
  return greatest > 0 ? 2 ** Math.min(1023, Math.floor(Math.log2(greatest))) : 1;
}

/** The features of the named columns, as the training rows suggest; notes say what was left out. */
export function fitInputs(
  table: Table,
  names: readonly string[],
  rows: ArrayLike<number>,
  notes: string[],
): InputSpec[] {
  return names.flatMap((name) => {
    const column = columnNamed(table, name, "input");
    const spec =
      column.kind === "number"
        ? fitNumber(column.name, numbersOf(column), rows)
        : fitText(column.name, column.values, rows, notes);
    if (spec === undefined) notes.push(`${name} has no values in the training rows and was left out.`);
    return spec ?? [];
  });
}

function fitNumber(name: string, values: ArrayLike<number>, rows: ArrayLike<number>): InputSpec | undefined {
  const { mean, sd, count } = moments(values, rows);
  return count === 0 ? undefined : { kind: "number", name, mean, sd, flag: count < rows.length };
}

function fitText(
  name: string,
  values: readonly string[],
  rows: ArrayLike<number>,
  notes: string[],
): InputSpec | undefined {
  const counts = new Map<string, number>();
  for (let i = 0; i < rows.length; i++) {
    const text = values[rows[i]!]!;
    if (text !== "") counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  if (counts.size === 0) return undefined;
  const byUse = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([text]) => text);
  if (byUse.length > MOST_CATEGORIES) {
    notes.push(
      `${name} has ${byUse.length} different texts; the ${MOST_CATEGORIES} most frequent count, the others are taken as one.`,
    );
  }
  return { kind: "text", name, categories: byUse.slice(0, MOST_CATEGORIES).sort() };
}

export const featureCount = (inputs: readonly InputSpec[]): number =>
  inputs.reduce((sum, input) => sum + (input.kind === "text" ? input.categories.length : input.flag ? 2 : 1), 0);

/**
 * The features of each row of a table, row-major. A missing number is the mean, with its flag set; a missing or unknown
 * text is none of the categories.
 *
 * @throws CredenceError `argument`: a column is missing or of another kind; `domain`: a number is infinite; `shape`: a column is
 *   not as long as the table
 */
export function encodeInputs(table: Table, inputs: readonly InputSpec[]): Float32Array {
  const width = featureCount(inputs);
  const out = new Float32Array(table.rows * width);
  let at = 0;
  for (const input of inputs) {
    const column = columnNamed(table, input.name, "an input of the model");
    if (input.kind === "number") {
      const values = numbersOf(column);
      for (let row = 0; row < table.rows; row++) {
        const x = values[row]!;
        const known = !Number.isNaN(x);
        out[row * width + at] = known ? Math.max(-FARTHEST, Math.min(FARTHEST, (x - input.mean) / input.sd)) : 0;
        if (input.flag && !known) out[row * width + at + 1] = 1;
      }
      at += input.flag ? 2 : 1;
    } else {
      const place = new Map(input.categories.map((text, i) => [text, i]));
      for (let row = 0; row < table.rows; row++) {
        const value = column.values[row]!;
        const i = place.get(typeof value === "string" ? value : String(value));
        if (i !== undefined) out[row * width + at + i] = 1;
      }
      at += input.categories.length;
    }
  }
  return out;
}

function numbersOf(column: Column): ArrayLike<number> {
  if (column.kind === "number") {
    const infinite = column.values.findIndex((x) => x === Number.POSITIVE_INFINITY || x === Number.NEGATIVE_INFINITY);
    if (infinite < 0) return column.values;
    fail({
      code: "domain",
      given: `column "${column.name}" holds ${column.values[infinite]} at row ${infinite + 1}`,
      allowed: "finite numbers, or NaN for a missing one",
    });
  }
  if (column.values.every((text) => text === "")) return new Float64Array(column.values.length).fill(Number.NaN);
  return fail({
    code: "argument",
    given: `column "${column.name}" is text`,
    allowed: "numbers, as in the table the model was fitted to",
  });
}
