import "../tensor/methods.js";

export { Categorical, type CategoricalParams } from "./categorical.js";
export type { Constraint } from "./constraints.js";
export * as constraints from "./constraints.js";
export { Distribution, type SampleOptions } from "./distribution.js";
export { fromJSON } from "./fromJson.js";
export { Independent } from "./independent.js";
export { MixtureSameFamily, type Temperatures } from "./mixtureSameFamily.js";
export { Normal } from "./normal.js";
export type { DistributionJson, JsonNumbers } from "./toJson.js";
