/**
 * What a report of `credence fit` is drawn from: plain numbers and words, no model, no tensors.
 *
 * Units: everything about the target is in the target's own units, likelihoods are in nats, times in seconds.
 * Arrays that belong together (`x`, `y` of a scatter) have one length.
 */
export interface ReportData {
  readonly model: ModelFacts;
  /** Warnings in whole sentences, for instance that target values repeat and the scale was floored. */
  readonly notes: readonly string[];
  /** One entry a member of the ensemble; a single model is an ensemble of one. */
  readonly history: readonly MemberHistory[];
  readonly scores: Scores;
  readonly calibration: Calibration;
  /** The families that were tried, where the choice was left open. */
  readonly comparison?: Comparison;
  /** The most telling inputs first; all inputs but one are held at typical values. */
  readonly views: readonly View[];
  /** A sample of scored rows, some 100 of them, in any order. */
  readonly predictions: readonly Prediction[];
  /** A handful of scored rows, spelled out. */
  readonly examples: readonly Example[];
}

export interface ModelFacts {
  /** Name of the target's column. */
  readonly target: string;
  readonly inputs: readonly { readonly name: string; readonly kind: "number" | "text" }[];
  /** Name of the table as the user gave it, for instance `trips.csv`. */
  readonly table: string;
  readonly rows: number;
  readonly trainingRows: number;
  readonly validationRows: number;
  /** `mixture`, `gaussian`, `gamma`, ... */
  readonly family: string;
  /** The same in words, to follow an article: "mixture of 20 normals", "gamma distribution". */
  readonly law: string;
  /** Components of the mixture; 1 for other families. */
  readonly components: number;
  /** Members of the ensemble. */
  readonly ensemble: number;
  /** Trained numbers, over all members. */
  readonly parameters: number;
  /** Label and value of every setting, as the user would write it. */
  readonly settings: readonly (readonly [label: string, value: string])[];
  /** Where the model was saved, as the user would type it. */
  readonly file: string;
  readonly version: string;
  readonly seed: number;
  readonly seconds: number;
}

export interface MemberHistory {
  readonly epochs: readonly HistoryRow[];
  /** The epoch whose weights were kept, counted from 1. */
  readonly bestEpoch: number;
  /** The most epochs that training was allowed. */
  readonly epochLimit: number;
  readonly stoppedBy: StoppedBy;
}

/** As the library's training names it: all epochs done, no improvement, a loss that was not finite, Ctrl-C, own code. */
export type StoppedBy = "epochs" | "earlyStopping" | "nonFinite" | "aborted" | "callback";

export interface HistoryRow {
  /** Counted from 1. */
  readonly epoch: number;
  /** Mean loss of the epoch's training rows, nats. */
  readonly loss: number;
  /** Mean loss of the validation rows after the epoch, nats; NaN where none were held out. */
  readonly validationLoss: number;
  readonly learningRate: number;
}

export interface Scores {
  /** `validation`: rows the model had not seen; `training`: none were held out, so the scores flatter. */
  readonly scoredOn: "validation" | "training";
  readonly rows: number;
  /** Mean negative log-likelihood a row, nats. */
  readonly nll: number;
  readonly crps: number;
  /** Of the predicted mean. */
  readonly rmse: number;
  /** Of the predicted median. */
  readonly mae: number;
  /** Share of true values inside the central interval, by its nominal level. */
  readonly coverage: ByLevel;
  /** Mean width of the central interval, by its nominal level. */
  readonly width: ByLevel;
  /** Mean distance between nominal and observed coverage, in [0, 1]. */
  readonly calibrationError: number;
  /** The same rows scored by one normal distribution fitted to the training targets: all that is known without inputs. */
  readonly baseline: { readonly nll: number; readonly crps: number };
  /** Standard deviation of the scored targets. */
  readonly targetDeviation: number;
}

/** Families held against each other on the same rows, the best first. */
export interface Comparison {
  readonly rows: number;
  readonly standings: readonly Standing[];
}

export interface Standing {
  readonly family: string;
  readonly title: string;
  /** Mean over the rows; nats. */
  readonly nll: number;
  readonly crps: number;
  /** How much greater its NLL is than that of the best, and the standard error of that; 0 for the best itself. */
  readonly behind: number;
  readonly error: number;
  /** Is the difference within two standard errors? */
  readonly tied: boolean;
  readonly seconds: number;
}

export interface Calibration {
  /** Probability integral transform of each scored row: the predicted cdf at the true value, in [0, 1]. */
  readonly pit: readonly number[];
  /** p of the Kolmogorov-Smirnov test that `pit` is uniform. */
  readonly uniformityP: number;
}

export interface ByLevel {
  readonly "0.5": number;
  readonly "0.9": number;
}

export type View = NumericView | CategoryView;

/** p(target | input) over a grid, for an input of numbers. */
export interface NumericView {
  readonly kind: "number";
  readonly input: string;
  /** The other inputs and the values they are held at; empty where there is one input. */
  readonly held: readonly (readonly [input: string, value: string])[];
  /** Grid of the input: ascending, evenly spaced, at least 2. */
  readonly x: readonly number[];
  /** Grid of the target: ascending, evenly spaced, at least 2. About 160 by 160 looks crisp. */
  readonly y: readonly number[];
  /** `density[i][j]` = p(y[j] | x[i]), best as the mean over the cell, so that a spike between two points is not lost. */
  readonly density: readonly (readonly number[])[];
  /** Quantiles of the prediction along `x`. */
  readonly quantiles: readonly QuantileLine[];
  /** Rows of the table; some 1,500 suffice. */
  readonly data: Points;
  /** Draws from the model; where there is one input, at the inputs of `data`, so that the pictures compare. */
  readonly samples?: Points;
  /** A network trained on squared error, for contrast: its answer along `x`. */
  readonly meanSquaredError?: readonly number[];
}

/** Quantiles of p(target | input) for each value of a text input. */
export interface CategoryView {
  readonly kind: "text";
  readonly input: string;
  readonly held: readonly (readonly [input: string, value: string])[];
  readonly categories: readonly CategoryRow[];
  /** How many further, rarer values of this input are not shown. */
  readonly more: number;
}

export interface CategoryRow {
  readonly category: string;
  /** Rows of the table that have it. */
  readonly rows: number;
  readonly quantiles: FiveQuantiles;
}

/** The 5, 25, 50, 75 and 95 % quantiles. */
export type FiveQuantiles = readonly [number, number, number, number, number];

export interface QuantileLine {
  readonly p: number;
  readonly y: readonly number[];
}

export interface Points {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

export interface Prediction {
  readonly actual: number;
  readonly quantiles: FiveQuantiles;
}

export interface Example extends Prediction {
  /** The row's inputs in the order of `ModelFacts.inputs`, as the table spells them. */
  readonly inputs: readonly string[];
}
