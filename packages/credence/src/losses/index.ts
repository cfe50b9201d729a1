import "../tensor/methods.js";

export * from "./binaryCrossEntropy.js";
export {
  type BivariateMixtureOptions,
  type BivariateNormalParams,
  bivariateMixtureNll,
  bivariateNormalNll,
} from "./bivariate.js";
export { type CrossEntropyOptions, crossEntropy, type NllOptions, nll } from "./crossEntropy.js";
export { type GaussianNllOptions, gaussianNll } from "./gaussianNll.js";
export { type KlDivOptions, klDiv } from "./klDiv.js";
export { type PoissonNllOptions, poissonNll } from "./poissonNll.js";
export type { LossOptions, Reduction } from "./reduction.js";
export { klToNormal, klToStandardNormal } from "./toStandardNormal.js";
