import type { Distribution } from "../distributions/index.js";
import type { Tensor } from "../graph/tensor.js";

/** What a model answers for the rows of a table, in the targets' own units. */
export interface Answer {
  /** Batch [rows]; event [] for one target, [targets] for several. */
  readonly law: Distribution;
  /** The numbers behind it by name, a value a row: `weight1`, `loc1`, ...; for several targets `loc1.name`. */
  parameters(): NamedColumn[];
  /** The law of one of the targets alone. @shape batch [rows], event [] */
  marginal(target: number): Distribution;
  /** Continuous ranked probability score of one of the targets, a row each. */
  crps(target: number, y: Float64Array): Float64Array;
}

export interface NamedColumn {
  readonly name: string;
  readonly values: Float64Array;
}

/** One of `width` numbers that each row of a tensor has, row-major. */
export function pickColumn(t: Tensor, rows: number, width: number, at: number): Float64Array {
  const data = t.data();
  return Float64Array.from({ length: rows }, (_, row) => data[row * width + at] as number);
}
