/** The pictures of a model: its predicted density along one input at a time. */
import { tensor } from "credence";
import { type DensityModel, isDiscrete, type Table, takeRows } from "credence/models";
import type { CategoryView, FiveQuantiles, NumericView, View } from "../../report/data.js";
import { quantileOf } from "../../report/statistics.js";
import { columnOf, numbersOf, spread } from "../rows.js";
import { byFrequency, heldAt, present, type TypicalRow, typicalRow, vary } from "./typical.js";

export const FIVE = [0.05, 0.25, 0.5, 0.75, 0.95] as const;
const CELLS = 160;
const MOST_POINTS = 1500;
const MOST_CATEGORIES = 12;
/** Numbers of so few different values are pictured as categories are: there is nothing between them. */
const FEW_VALUES = 6;

export interface Pictured {
  readonly model: DensityModel;
  readonly target: string;
  /** The rows that the model was fitted to, training and validation. */
  readonly table: Table;
  readonly seed: number;
  /** A network trained on squared error, for contrast. */
  readonly squaredError?: DensityModel;
}

/** Views of the first inputs that can be pictured: one of numbers that never changes cannot. */
export function viewsOf(pictured: Pictured, inputs: readonly string[], most: number): View[] {
  const typical = typicalRow(pictured.table, inputs);
  const views: View[] = [];
  for (const input of inputs) {
    const view = viewOf(pictured, typical, input);
    if (view !== undefined) views.push(view);
    if (views.length === most) break;
  }
  return views;
}

function viewOf(pictured: Pictured, typical: TypicalRow, input: string): View | undefined {
  const column = columnOf(pictured.table, input);
  if (column.kind === "text") return categoryView(pictured, typical, input, byFrequency(column.values));
  const values = byFrequency(present(column.values));
  if (values.length < 2) return undefined;
  if (values.length <= FEW_VALUES && typical.size > 1) return categoryView(pictured, typical, input, values);
  return numericView(pictured, typical, input, present(column.values));
}

function numericView(pictured: Pictured, typical: TypicalRow, input: string, values: number[]): NumericView {
  const { model, target, table, squaredError } = pictured;
  const [low, high] = shownRange(values);
  const x = grid(low, high, CELLS);
  const { y, cell } = targetGrid(Array.from(numbersOf(table, target)), isDiscrete(model.family));
  const along = vary(typical, input, x);
  const predicted = model.predict(along);
  const edges = [...y.map((at) => at - cell / 2), (y.at(-1) as number) + cell / 2];
  const below = predicted.cdf(tensor(edges).reshape([edges.length, 1])).data(); // [edge, x]
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
    ...(model.inputs.length === 1 && {
      samples: { x: Array.from(numbersOf(data, input)), y: drawsOf(pictured, data) },
    }),
    ...(squaredError !== undefined && { meanSquaredError: Array.from(squaredError.predict(along).mean().data()) }),
  };
}

/** @param values each different value and how many rows have it, the most frequent first */
function categoryView(
  { model }: Pictured,
  typical: TypicalRow,
  input: string,
  values: readonly (readonly [value: number | string, rows: number])[],
): CategoryView {
  const shown = values.slice(0, MOST_CATEGORIES);
  const categories = shown.map(([value]) => value);
  const quantiles = quantilesOf(model, vary(typical, input, categories), FIVE);
  return {
    kind: "text",
    input,
    held: heldAt(typical, input),
    categories: shown.map(([value, rows], i) => ({
      category: String(value),
      rows,
      quantiles: quantiles[i] as unknown as FiveQuantiles,
    })),
    more: values.length - shown.length,
  };
}

/** `[row][p]` */
export function quantilesOf(model: DensityModel, table: Table, levels: readonly number[]): number[][] {
  const values = model.predict(table).quantile(levels).data(); // [p, row]
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
  return high - low <= 3 * (outer - inner) || inner === outer ? [low, high] : [inner, outer];
}

function padded([low, high]: [number, number]): [number, number] {
  const margin = 0.04 * (high - low);
  return [low - margin, high + margin];
}

/** Where the density of the target is shown: of counts in cells of whole numbers, lest there be stripes where there are none. */
function targetGrid(values: readonly number[], discrete: boolean): { readonly y: number[]; readonly cell: number } {
  const [low, high] = shownRange(values);
  if (!discrete) {
    const [bottom, top] = padded([low, high]);
    return { y: grid(bottom, top, CELLS), cell: (top - bottom) / (CELLS - 1) };
  }
  const cell = Math.ceil((high - low + 1) / CELLS);
  const cells = Math.max(2, Math.ceil((high - low + 1) / cell));
  return { y: grid(low + (cell - 1) / 2, low + (cell - 1) / 2 + (cells - 1) * cell, cells), cell };
}

function grid(low: number, high: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => low + ((high - low) * i) / (n - 1));
}
