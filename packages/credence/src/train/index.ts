export type { Callback, Monitor } from "./callbacks.js";
export * as callbacks from "./callbacks.js";
export { type OptimizeProblem, type OptimizeResult, optimize } from "./optimize.js";
export { type TrainData, type TrainedModel, type TrainOptions, type TrainRun, train } from "./train.js";
export type { EpochContext, EpochLog, TrainProgress, TrainStop } from "./types.js";
