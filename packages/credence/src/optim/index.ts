export { type AdamOptions, adam, adamw } from "./adam.js";
export { clipByGlobalNorm, globalNorm, type Optimizer, type OptimizerState, type Schedule } from "./optimizer.js";
export * as schedules from "./schedules.js";
export { type SgdOptions, sgd } from "./sgd.js";
