import type { HeadFamily, LimitOptions } from "../nn/families/index.js";
import type { TrainStop } from "../train/types.js";

/** A column of a table: numbers (NaN = missing) or text ("" = missing). */
export type Column =
  | { readonly name: string; readonly kind: "number"; readonly values: Float64Array | readonly number[] }
  | { readonly name: string; readonly kind: "text"; readonly values: readonly string[] };

/** Columns of equal length with different names. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Column[];
}

/**
 * What the network's output says about the target: a mixture of normals, one normal, its mean alone (a baseline), or one law of
 * another family.
 */
export type Family = "mixture" | "gaussian" | "mse" | HeadFamily;

export interface DensityOptions extends LimitOptions {
  readonly family?: Family;
  /** Components of the mixture; default 20. */
  readonly components?: number;
  /** Widths of the hidden layers; default [128, 128]. */
  readonly hidden?: readonly number[];
  /** Passes over the training rows at most; default 300. */
  readonly epochs?: number;
  /** Rows a step; default 128, fewer for small tables. */
  readonly batchSize?: number;
  /** Share of the rows held out to decide when to stop; default 0.15. */
  readonly validation?: number;
  readonly learningRate?: number;
  /** Epochs without a better validation loss before training stops. */
  readonly patience?: number;
  /** Networks trained from different keys, whose predictions are mixed evenly; default 1. */
  readonly ensemble?: number;
  readonly seed?: number;
}

/** With every default in its place; what is said about the target's limits stays open where nothing was. */
export type ResolvedOptions = Required<Omit<DensityOptions, keyof LimitOptions>> & LimitOptions;

export interface FitOptions {
  /** The column to predict, or several. */
  readonly target: string | readonly string[];
  /** Columns to predict from; default: all others. */
  readonly inputs?: readonly string[];
  readonly onProgress?: (progress: FitProgress) => void;
  /** Stops training; the best weights so far make the model, and `summary.stoppedBy` says "aborted". */
  readonly signal?: AbortSignal;
  /** Threads for the members of an ensemble; default: as many as there are cores, at most `ensemble`. */
  readonly workers?: number;
}

/** Reported at most some ten times a second by each member that is training. */
export interface FitProgress {
  /** Which member, from 0, of how many. */
  readonly member: number;
  readonly members: number;
  readonly epoch: number;
  readonly epochs: number;
  /** Mean loss of the epoch so far, and of the validation rows after the last one: nats in the target's units. */
  readonly loss: number;
  readonly validationLoss: number;
  /** Is this member done? */
  readonly finished: boolean;
}

export interface EpochRecord {
  readonly epoch: number;
  /** Mean negative log-likelihood of the training rows during the epoch; nats, in the target's units. */
  readonly loss: number;
  readonly validationLoss: number;
  readonly learningRate: number;
}

export interface MemberHistory {
  readonly epochs: readonly EpochRecord[];
  /** The epoch whose weights were kept. */
  readonly bestEpoch: number;
  readonly stoppedBy: TrainStop;
  readonly steps: number;
}

export interface FitSummary {
  readonly rows: number;
  readonly trainingRows: number;
  readonly validationRows: number;
  /** Row numbers of the table that were held out. */
  readonly validationIndices: readonly number[];
  readonly parameters: number;
  readonly epochs: number;
  readonly steps: number;
  readonly seconds: number;
  readonly stepMilliseconds: number;
  /** Negative log-likelihood in nats and the target's units, of the whole ensemble. */
  readonly trainNll: number;
  readonly validationNll: number;
  readonly stoppedBy: TrainStop;
  readonly members: readonly MemberHistory[];
  /** What the user should know, in words: repeated target values, columns left out, ... */
  readonly notes: readonly string[];
}
