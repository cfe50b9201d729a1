import "../tensor/methods.js";

/** Special functions of tensors, float32 and float64, with gradients. */
export { atan, cos, cospi, sin, sinpi } from "../ops/circular.js";
export { erf, erfcx, erfinv, expm1, log1p, logNdtr, ndtr, ndtri, sigmoid, softplus } from "../ops/elementary.js";
export { digamma, lgamma, polygamma, trigamma } from "../ops/gamma.js";
export { logSumExp } from "../tensor/derived.js";
