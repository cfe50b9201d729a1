import type { Column, DensityOptions, Table } from "../../src/models/index.js";
import { generator } from "../support/numbers.js";

/** Options under which a fit takes a fraction of a second. */
export const quick: DensityOptions = { hidden: [8], components: 3, epochs: 3 };

export const numbers = (name: string, values: readonly number[] | Float64Array): Column => ({
  name,
  kind: "number",
  values,
});
export const texts = (name: string, values: readonly string[]): Column => ({ name, kind: "text", values });

export const table = (...columns: Column[]): Table => ({ rows: columns[0]?.values.length ?? 0, columns });

/** Even draws from -1..1. */
export function drawn(n: number, seed: number): number[] {
  const next = generator(seed);
  return Array.from({ length: n }, () => (next() / 2 ** 32) * 2 - 1);
}

/** A curve with noise: y = scale · (2 x + 0.3 · even noise). */
export function curve(n: number, scale = 1): Table {
  const [x, noise] = [drawn(n, 1), drawn(n, 2)] as [number[], number[]];
  return table(
    numbers("x", x),
    numbers(
      "y",
      x.map((value, i) => scale * (2 * value + 0.3 * noise[i]!)),
    ),
  );
}

/** The curve with an input of every kind, and a second target. */
export function mixed(n: number): Table {
  const { columns } = curve(n);
  const [gaps, second] = [drawn(n, 3), drawn(n, 4)] as [number[], number[]];
  return table(
    ...columns,
    texts(
      "colour",
      Array.from({ length: n }, (_, i) => ["red", "green", "", "blue"][i % 4]!),
    ),
    numbers(
      "gaps",
      gaps.map((value, i) => (i % 5 === 0 ? Number.NaN : value)),
    ),
    numbers("z", second),
  );
}

export const column = (from: Table, name: string): Float64Array =>
  Float64Array.from(from.columns.find((c) => c.name === name)!.values as readonly number[]);
