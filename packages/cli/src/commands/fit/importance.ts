/** Which inputs tell most about the target. */
import type { Column, DensityModel, Table } from "credence/models";
import { tensor } from "credence";
import { numbersOf, spread, takeRows } from "../rows.js";

/** One row alone counts at most so much, in nats: an absurd combination of inputs must not outweigh all others. */
const MOST_LOSS = 10;
/** Rows times inputs, so that a table of 1,000 columns does not take a minute. */
const WORK = 50_000;

export interface Importance {
  readonly input: string;
  /** What shuffling this input among the rows costs, in nats a row. */
  readonly loss: number;
}

/** The model's inputs, the most telling first, by permutation importance on the scored rows. @source Breiman (2001), section 10 */
export function rankInputs(model: DensityModel, target: string, scored: Table): Importance[] {
  const most = Math.max(32, Math.min(500, Math.floor(WORK / model.inputs.length)));
  const sample = takeRows(scored, spread(scored.rows, most));
  const y = tensor(numbersOf(sample, target));
  const logDensity = (table: Table) => model.predict(table).logProb(y).data();
  const whole = logDensity(sample);
  const partners = shuffled(sample.rows);
  const ranked = model.inputs.map(({ name }): Importance => {
    const columns = sample.columns.map((column) => (column.name === name ? permute(column, partners) : column));
    const without = logDensity({ rows: sample.rows, columns });
    const losses = Array.from(whole, (value, i) => lossOf(value, without[i] as number));
    return { input: name, loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length };
  });
  return ranked.sort((a, b) => b.loss - a.loss);
}

function lossOf(before: number, after: number): number {
  const loss = before - after;
  return Number.isNaN(loss) ? 0 : Math.max(-MOST_LOSS, Math.min(MOST_LOSS, loss));
}

function permute(column: Column, rows: readonly number[]): Column {
  return (takeRows({ rows: rows.length, columns: [column] }, rows).columns as readonly [Column])[0];
}

/** 0 to n - 1 in a fixed order that keeps no neighbours: steps of about n over the golden ratio, coprime to n. */
function shuffled(n: number): number[] {
  let step = Math.max(1, Math.round(n * 0.618));
  while (greatestCommonDivisor(step, n) !== 1) step++;
  return Array.from({ length: n }, (_, i) => ((i + 1) * step) % n);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
