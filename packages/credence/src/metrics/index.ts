import "../tensor/methods.js";

export { calibrationError, coverage, kolmogorovSmirnov, observedFrequencies } from "./calibration.js";
export { crpsNormalMixture, crpsOfSamples, type NormalMixtures } from "./crps.js";
export { mae, rmse } from "./errors.js";
