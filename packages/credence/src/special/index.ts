import "../tensor/methods.js";

/** Special functions of tensors, float32 and float64, with gradients. */
export { circularVariance, i0e, i1e, logI0 } from "../ops/bessel.js";
export { atan, cos, cospi, sin, sinpi } from "../ops/circular.js";
export {
  erf,
  erfc,
  erfcinv,
  erfcx,
  erfinv,
  expm1,
  log1p,
  logNdtr,
  ndtr,
  ndtri,
  owensT,
  sigmoid,
  softplus,
} from "../ops/elementary.js";
export { digamma, lgamma, polygamma, trigamma } from "../ops/gamma.js";
export {
  digammaDifference,
  digammaDifferenceRest,
  lbeta,
  logGammaRatio,
  logGammaRatioRest,
  stirlingError,
} from "../ops/gammaRatios.js";
export {
  betainc,
  betaincc,
  gammainc,
  gammaincc,
  logBetainc,
  logBetaincc,
  logGammainc,
  logGammaincc,
} from "../ops/incomplete.js";
export * from "../ops/inverses.js";
export { bd0, lambertW, log1mexp, log1pmx, logAddExp, logSigmoid, xlog1py, xlogy } from "../ops/logarithms.js";
export { zeta } from "../ops/zeta.js";
export { logSumExp } from "../tensor/derived.js";
export { logChoose } from "./logChoose.js";
