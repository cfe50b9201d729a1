/** Which inputs tell most about the target. */

import { tensor } from "credence";
import { type Column, type DensityModel, type Table, takeRows } from "credence/models";
import { numbersOf, spread } from "../rows.js";

/** One row alone counts at most so much, in nats: an absurd combination of inputs must not outweigh all others. */
const MOST_LOSS = 10;
/** Rows times inputs, so that a table of 1,000 columns does not take a minute. */
const WORK = 50_000;

export type Input = DensityModel["inputs"][number];

/** Rows that are predicted at once. */
const BLOCK = 1024;

/** The model's inputs, the most telling first, by permutation importance on the scored rows. @source Breiman (2001), section 10 */
export function rankInputs(model: DensityModel, target: string, scored: Table): Input[] {
  const { inputs } = model;
  const n = Math.min(scored.rows, Math.max(32, Math.min(500, Math.floor(WORK / inputs.length))));
  const sample = takeRows(scored, spread(scored.rows, n));
  const y = numbersOf(sample, target);
  const logDensity = (table: Table): ArrayLike<number> => {
    const values = Float64Array.from({ length: table.rows }, (_, row) => y[row % n] as number);
    return model.predict(table).logProb(tensor(values)).data();
  };
  const whole = logDensity(sample);
  const atOnce = Math.max(1, Math.floor(BLOCK / n));
  const ranked: { readonly input: Input; readonly loss: number }[] = [];
  for (let from = 0; from < inputs.length; from += atOnce) {
    const some = inputs.slice(from, from + atOnce);
    const without = logDensity(shuffleEach(sample, some));
    some.forEach((input, i) => {
      let total = 0;
      for (let row = 0; row < n; row++) total += lossOf(whole[row] as number, without[i * n + row] as number);
      ranked.push({ input, loss: total / n });
    });
  }
  return ranked.sort((a, b) => b.loss - a.loss).map(({ input }) => input);
}

/** The table once for each of the inputs, one under the other, with that input shuffled among the rows. */
function shuffleEach(table: Table, inputs: readonly Input[]): Table {
  const n = table.rows;
  const rows = n * inputs.length;
  const partners = shuffled(n);
  const columns = table.columns.map((column): Column => {
    const from = n * inputs.findIndex(({ name }) => name === column.name); // negative: not among these inputs
    const { name, kind, values } = column;
    if (kind === "text") {
      const isShuffled = (row: number) => from >= 0 && row >= from && row < from + n;
      const pick = (row: number) => values[isShuffled(row) ? (partners[row % n] as number) : row % n] as string;
      return { name, kind, values: Array.from({ length: rows }, (_, row) => pick(row)) };
    }
    const repeated = new Float64Array(rows);
    for (let start = 0; start < rows; start += n) repeated.set(values, start);
    if (from >= 0) for (let row = 0; row < n; row++) repeated[from + row] = values[partners[row] as number] as number;
    return { name, kind, values: repeated };
  });
  return { rows, columns };
}

function lossOf(before: number, after: number): number {
  const loss = before - after;
  return Number.isNaN(loss) ? 0 : Math.max(-MOST_LOSS, Math.min(MOST_LOSS, loss));
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
