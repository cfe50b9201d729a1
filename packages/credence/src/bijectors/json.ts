import type { JsonNumbers } from "../distributions/toJson.js";

/** A bijector as plain data. */
export interface BijectorJson {
  /** The class's name. */
  readonly bijector: string;
  /** Element type of the parameters; left out where all are bare numbers. */
  readonly dtype?: "float32" | "float64";
  readonly parameters?: Readonly<Record<string, JsonNumbers>>;
  /** Of bijectors made of others. */
  readonly parts?: readonly BijectorJson[];
  readonly [more: string]: unknown;
}
