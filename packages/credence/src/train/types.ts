/** Why training ended. */
export type TrainStop = "epochs" | "earlyStopping" | "nonFinite" | "aborted" | "callback";

/** What a callback sees after an epoch, and may do. */
export interface EpochContext {
  /** From 1. */
  readonly epoch: number;
  /** Steps done since training began. */
  readonly steps: number;
  /** Mean loss of the epoch's steps. */
  readonly loss: number;
  /** Mean loss of the held-out rows after the epoch; NaN where there are none. */
  readonly validationLoss: number;
  readonly hasValidation: boolean;
  /** Of the next epoch; a schedule's rate is multiplied by what this is changed by. */
  learningRate: number;
  /** Keeps this epoch's weights as the result of the run. */
  keepWeights(): void;
  stop(reason?: TrainStop): void;
}

export interface EpochLog {
  readonly epoch: number;
  readonly loss: number;
  readonly validationLoss: number;
  readonly learningRate: number;
  /** Greatest norm of the gradient among the epoch's steps, before clipping; NaN unless `clipNorm` is set. */
  readonly gradientNorm: number;
}

/** Reported while an epoch runs, at most some ten times a second. */
export interface TrainProgress {
  readonly epoch: number;
  readonly epochs: number;
  /** Step within the epoch, of how many. */
  readonly step: number;
  readonly steps: number;
  readonly loss: number;
  readonly validationLoss: number;
}
