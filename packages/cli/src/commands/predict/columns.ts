/** The columns that a prediction adds to a table. */
import { foldIn, key } from "credence";
import type { DensityModel, Table } from "credence/models";
import { sliceRows } from "../rows.js";

export interface Wanted {
  /** Probabilities in (0, 1). */
  readonly quantiles: readonly number[];
  readonly mean: boolean;
  /** Draws a row. */
  readonly samples: number;
  /** The numbers that make up the distribution? */
  readonly params: boolean;
  readonly seed: number;
}

export interface PredictedColumn {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/**
 * `y_q0.05` for the 5 % quantile of `y`, `y_mean`, `y_sample1`, `y_weight1`, `y_loc1` and `y_scale1`.
 *
 * @param block which block of rows this is; each has draws of its own
 */
export function predictedColumns(
  model: DensityModel,
  target: string,
  table: Table,
  wanted: Wanted,
  block: number,
): PredictedColumn[] {
  const { rows } = table;
  const predicted = model.predict(table);
  const columns: PredictedColumn[] = [];
  const add = (name: string, values: ArrayLike<number>): void => {
    columns.push({ name: `${target}_${name}`, values });
  };
  if (wanted.quantiles.length > 0) {
    const values = predicted.quantile(wanted.quantiles).data(); // [p, row]
    wanted.quantiles.forEach((p, i) => {
      add(`q${p}`, values.subarray(i * rows, (i + 1) * rows));
    });
  }
  if (wanted.mean) add("mean", predicted.mean().data());
  if (wanted.samples > 0) {
    const draws = predicted.sample({ key: foldIn(key(wanted.seed), block), shape: [wanted.samples] }).data();
    for (let i = 0; i < wanted.samples; i++) add(`sample${i + 1}`, draws.subarray(i * rows, (i + 1) * rows));
  }
  if (wanted.params) for (const { name, values } of model.parameters(table)) add(name, values);
  return columns;
}

/** Rows that are predicted at once. */
export const BLOCK = 1024;

/** Block after block of a table. */
export function* blocksOf(
  table: Table,
): Generator<{ readonly block: number; readonly from: number; readonly rows: Table }> {
  for (let from = 0, block = 0; from < table.rows; from += BLOCK, block++) {
    yield { block, from, rows: sliceRows(table, from, from + BLOCK) };
  }
}
