/** The pictures of a model: its predicted density along one input at a time. */
import { tensor } from "credence";
import type { DensityModel, Table } from "credence/models";
import type { CategoryView, FiveQuantiles, NumericView, View } from "../../report/data.js";
import { quantileOf } from "../../report/statistics.js";
import { columnOf, numbersOf, spread, takeRows } from "../rows.js";
import { byFrequency, heldAt, present, type TypicalRow, typicalRow, vary } from "./typical.js";

export const FIVE = [0.05, 0.25, 0.5, 0.75, 0.95] as const;
const CELLS = 160;
const MOST_POINTS = 1500;
const MOST_CATEGORIES = 12;

export interface Pictured {
  readonly model: DensityModel;
  readonly target: string;
  /** The rows that the model was fitted to, training and validation. */
  readonly table: Table;
  readonly seed: number;
  /** A network trained on squared error, for contrast. */
  readonly baseline?: DensityModel;
}

/** One view an input; an input of numbers that never changes has none. */
export function viewsOf(pictured: Pictured, inputs: readonly string[]): View[] {
  const typical = typicalRow(
    pictured.table,
    pictured.model.inputs.map(({ name }) => name),
  );
  return inputs.flatMap((input): View[] => {
    const column = columnOf(pictured.table, input);
    if (column.kind === "text") return [categoryView(pictured, typical, input, column.values)];
    const view = numericView(pictured, typical, input, present(column.values));
    return view === undefined ? [] : [view];
  });
}

function numericView(pictured: Pictured, typical: TypicalRow, input: string, values: number[]): NumericView | undefined {
  const { model, target, table, baseline } = pictured;
  const [low, high] = shownRange(values);
  if (!(low < high)) return undefined;
  const x = grid(low, high, CELLS);
  const [bottom, top] = padded(shownRange(Array.from(numbersOf(table, target))));
  const y = grid(bottom, top, CELLS);
  const along = vary(typical, input, x);
  const predicted = model.predict(along);
  const cell = (top - bottom) / (CELLS - 1);
  const edges = grid(bottom - cell / 2, top + cell / 2, CELLS + 1);
  const below = predicted.cdf(tensor(edges.map((edge) => [edge]))).data(); // [edge, x]
  const quantiles = quantilesOf(model, along, FIVE);
  const data = takeRows(table, spread(table.rows, MOST_POINTS));
  return {
    kind: "number",
    input,
    held: heldAt(typical, input),
    x,
    y,
    density: x.map((_, i) =>
      y.map((_, j) => ((below[(j + 1) * CELLS + i] as number) - (below[j * CELLS + i] as number)) / cell),
    ),
    quantiles: FIVE.map((p, i) => ({ p, y: quantiles.map((row) => row[i] as number) })),
    data: { x: Array.from(numbersOf(data, input)), y: Array.from(numbersOf(data, target)) },
    ...(model.inputs.length === 1 && { samples: { x: Array.from(numbersOf(data, input)), y: drawsOf(pictured, data) } }),
    ...(baseline !== undefined && { meanSquaredError: Array.from(baseline.predict(along).mean().data()) }),
  };
}

function categoryView(
  { model }: Pictured,
  typical: TypicalRow,
  input: string,
  values: readonly string[],
): CategoryView {
  const all = byFrequency(values);
  const shown = all.slice(0, MOST_CATEGORIES);
  const categories = shown.map(([category]) => category);
  const quantiles = quantilesOf(model, vary(typical, input, categories), FIVE);
  return {
    kind: "text",
    input,
    held: heldAt(typical, input),
    categories: shown.map(([category, rows], i) => ({
      category,
      rows,
      quantiles: quantiles[i] as unknown as FiveQuantiles,
    })),
    more: all.length - shown.length,
  };
}

/** `[row][p]` */
export function quantilesOf(model: DensityModel, table: Table, levels: readonly number[]): number[][] {
  const values = model
    .predict(table)
    .quantile(tensor(levels.map((p) => [p])))
    .data(); // [p, row]
  return Array.from({ length: table.rows }, (_, row) => levels.map((_, i) => values[i * table.rows + row] as number));
}

function drawsOf({ model, seed }: Pictured, rows: Table): number[] {
  return Array.from(model.predict(rows).sample({ seed }).data());
}

/** All of the values, or without the outermost 0.5 % where those would take most of the picture. */
function shownRange(values: readonly number[]): [low: number, high: number] {
  const range = (p: number): [number, number] => [quantileOf(values, p), quantileOf(values, 1 - p)];
  const [low, high] = range(0);
  const [inner, outer] = range(0.005);
  return high - low <= 3 * (outer - inner) ? [low, high] : [inner, outer];
}

function padded([low, high]: [number, number]): [number, number] {
  const margin = 0.04 * (high - low);
  return [low - margin, high + margin];
}

function grid(low: number, high: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
}
