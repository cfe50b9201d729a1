import type { Constraint } from "../../distributions/constraints.js";
import type { Distribution } from "../../distributions/distribution.js";
import type { TensorLike } from "../../graph/literal.js";
import type { Tensor } from "../../graph/tensor.js";
import type { Output } from "./outputs.js";

/** Ends of a law's support that are not learned, in the target's units; infinite where there is none. */
export interface Limits<T = number> {
  readonly low: T;
  readonly high: T;
}

/** What a user may say about a target beyond its values. */
export interface LimitOptions {
  /** Least value that the target can take. */
  readonly low?: number;
  /** Greatest value that the target can take. */
  readonly high?: number;
  /** Trials behind a count: the greatest count possible. */
  readonly totalCount?: number;
}

/**
 * How targets are scaled for the network, and what its outputs are scaled back by:
 * `moments` by mean and standard deviation, `median` by the geometric mean, `mean` by the mean size. `outputs` leaves targets as they are,
 * as counts must, and scales outputs by their mean size; `raw` scales nothing.
 */
export type Units = "moments" | "median" | "mean" | "outputs" | "raw";

/** One family of laws as the answer of a network. */
export interface FamilyRow<Name extends string = string> {
  /** "gamma distribution" */
  readonly title: string;
  readonly units: Units;
  /** Where targets may lie. */
  readonly support: (limits: Limits) => Constraint;
  /** The numbers that the network answers, in the order of its outputs. */
  readonly outputs: { readonly [K in Name]: Output };
  /** The law that has these numbers, each of one shape. */
  readonly law: (numbers: { readonly [K in Name]: Tensor }, limits: Limits<TensorLike>) => Distribution;
  /** The options that it takes, and whether it can do without. */
  readonly takes?: { readonly [K in keyof LimitOptions]?: "needed" | "optional" };
  /** The limits, from the options and the range of all targets; by default there are none. */
  readonly limits?: (given: LimitOptions, range: Limits) => Limits;
  /** Is it tried where the user leaves the choice open? */
  readonly common?: boolean;
}

/** A row of the table, its outputs' names checked against the law's. */
export const family = <Name extends string>(row: FamilyRow<Name>): FamilyRow => row as unknown as FamilyRow;
