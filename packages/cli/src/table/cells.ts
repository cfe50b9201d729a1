/** What single cells mean: a number, a missing value, or text. */

/**
 * The marks for "no value" that spreadsheets, R, pandas, SQL, SAS and Weka write, in the spellings they write them.
 * They hold in number and in text columns alike, so that a category can't be called "NA".
 */
export const missingMarks: ReadonlySet<string> = new Set([
  ...["", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "-nan", "NULL", "null", "None", "NaT", "?", "-", "."],
]);

export function isMissing(cell: string): boolean {
  return missingMarks.has(cell.trim());
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const infinite = /^[+-]?inf(?:inity)?$/i;

/** The number of a cell such as 12, -0.5, .5 or 1e-3; infinite for `inf` and overflow; undefined for anything else. */
export function numberOf(cell: string): number | undefined {
  const text = cell.trim();
  if (decimal.test(text)) return Number(text);
  if (infinite.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return undefined;
}
