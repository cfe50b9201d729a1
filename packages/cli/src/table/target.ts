/** The column that is to be predicted: numbers without a gap. */
import { fail } from "../errors.js";
import { cellAt, findColumn, isText, mendNumber, scanCells } from "./columns.js";
import type { RawTable } from "./parse.js";
import { count, quote } from "./words.js";

/**
 * The values of the target.
 *
 * @param purpose `fit` asks for two different values at least, which `evaluate` can do without
 * @throws UsageError no such column (with the nearest name), text, a missing or infinite value, one row, a constant
 */
export function targetColumn(
  table: RawTable,
  name: string,
  { purpose = "fit" }: { readonly purpose?: "fit" | "evaluate" } = {},
): Float64Array {
  const cells = table.columns[findColumn(table, name)] as readonly string[];
  const scan = scanCells(cells);
  const { values, missing, firstText, firstMissing, firstInfinite } = scan;
  const target = `the target ${quote(name)}`;
  const allowed = "a finite number in every row";
  // only fit can be asked for another column; a model's target is what it is
  const another = purpose === "fit";
  if (missing === table.rows) {
    const mend = another ? "choose another --target" : "fill it in: scores compare predictions with it";
    fail({ given: `${target} has no value in any row of ${table.label}`, allowed, mend });
  }
  if (isText(scan)) {
    const given = `${target} is text: ${cellAt(table, name, firstText)}`;
    const mend = another
      ? "choose another --target, or code it as numbers"
      : "give the numbers that the model predicts";
    fail({ given, allowed: "a target of numbers", mend });
  }
  if (firstText >= 0) {
    const mend = mendNumber(cells[firstText] as string);
    fail({ given: `${cellAt(table, name, firstText)} is not a number, and ${target} needs one`, allowed, mend });
  }
  if (firstMissing >= 0) {
    const rows = missing > 1 ? `, as it is in ${count(missing - 1, "more row")}` : "";
    const given = `${cellAt(table, name, firstMissing)} is a missing value of ${target}${rows}`;
    fail({ given, allowed, mend: "fill it in, or delete the row" });
  }
  if (firstInfinite >= 0) {
    const given = `${cellAt(table, name, firstInfinite)} is an infinite value of ${target}`;
    fail({ given, allowed, mend: "correct it, or delete the row" });
  }
  if (purpose === "fit") checkVaries(table, target, values);
  return values;
}

function checkVaries(table: RawTable, target: string, values: Float64Array): void {
  if (table.rows < 2) {
    const given = `${table.label} has ${count(table.rows, "row")}`;
    fail({ given, allowed: "at least 2 rows, and far more for a useful model", mend: "give a larger table" });
  }
  if (values.every((value) => value === values[0])) {
    const given = `${target} is ${values[0]} in all ${table.rows} rows of ${table.label}`;
    fail({
      given,
      allowed: "at least two different values",
      mend: "choose another --target: there is nothing to learn",
    });
  }
}
