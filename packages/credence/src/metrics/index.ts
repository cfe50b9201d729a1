import "../tensor/methods.js";

export { calibrationError, coverage, intervalCoverage, intervalWidth, observedFrequencies } from "./calibration.js";
export { crpsNormalMixture, crpsOfSamples, type NormalMixtures } from "./crps.js";
export { crps } from "./crpsOfLaw.js";
export { nll, pit } from "./likelihood.js";
export { mae, rmse } from "./pointErrors.js";
export { kolmogorovSmirnov } from "./uniformity.js";
