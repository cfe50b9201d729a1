import "../tensor/methods.js";

export { type ExplainedDivergence, type KlOptions, klDivergence, type PairRule } from "./klDivergence.js";
