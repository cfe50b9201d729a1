import "../tensor/methods.js";

export * from "../optim/index.js";
export * from "../train/index.js";
export { type Activation, activations } from "./activations.js";
export { dense } from "./dense.js";
export type { HeadFamily } from "./families/index.js";
export { type FamilyHeadOptions, familyHead } from "./familyHead.js";
export { type MixtureDensityOptions, mixtureDensity } from "./mixtureDensity.js";
export { type Layer, type Network, type Params, sequential } from "./network.js";
export { type NormalHeadOptions, normalHead } from "./normalHead.js";
