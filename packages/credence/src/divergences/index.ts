import "../tensor/methods.js";

export { crossEntropy } from "./crossEntropy.js";
export { jensenShannon } from "./jensenShannon.js";
export { type KlBounds, klBounds } from "./klBounds.js";
export { type ExplainedDivergence, type KlOptions, klDivergence, type PairRule } from "./klDivergence.js";
export { type MmdOptions, mmd } from "./mmd.js";
export { hellinger, renyi } from "./renyi.js";
export { totalVariation } from "./totalVariation.js";
export { wasserstein2 } from "./wasserstein.js";
