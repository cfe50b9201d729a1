import "../tensor/methods.js";

export * from "./binaryCrossEntropy.js";
export {
  type BivariateMixtureOptions,
  type BivariateNormalParams,
  bivariateMixtureNll,
  bivariateNormalNll,
} from "./bivariate.js";
export { type CrossEntropyOptions, crossEntropy, type NllOptions, nll } from "./crossEntropy.js";
export { crps } from "./crps.js";
export { type EnergyScoreOptions, energyScore } from "./energyScore.js";
export { type GaussianNllOptions, gaussianNll } from "./gaussianNll.js";
export * as keras from "./keras.js";
export { type KlDivOptions, klDiv } from "./klDiv.js";
export { censoredNll, type LikelihoodOptions, mixtureNll, negativeLogLikelihood } from "./likelihood.js";
export { type PoissonNllOptions, poissonNll } from "./poissonNll.js";
export { type BetaNllOptions, betaNll, pinball } from "./quantiles.js";
export type { LossOptions, Reduction } from "./reduction.js";
export { klToNormal, klToStandardNormal } from "./toStandardNormal.js";
