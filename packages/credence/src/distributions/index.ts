import "../tensor/methods.js";

export { BivariateNormal } from "./bivariateNormal.js";
export { Categorical, type CategoricalParams } from "./categorical.js";
export { Cauchy } from "./cauchy.js";
export type { Constraint } from "./constraints.js";
export * as constraints from "./constraints.js";
export { Distribution, type SampleOptions } from "./distribution.js";
export { Exponential } from "./exponential.js";
export { fromJSON } from "./fromJson.js";
export { Gumbel } from "./gumbel.js";
export { Independent } from "./independent.js";
export { Laplace } from "./laplace.js";
export { Logistic } from "./logistic.js";
export { MixtureSameFamily, type Temperatures } from "./mixtureSameFamily.js";
export { Normal } from "./normal.js";
export type { DistributionJson, JsonNumbers } from "./toJson.js";
