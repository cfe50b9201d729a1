export { erf } from "./erf.js";
export { exp } from "./exp.js";
export { expm1 } from "./expm1.js";
export { log } from "./log.js";
export { log1p } from "./log1p.js";
export { sigmoid } from "./sigmoid.js";
export { logSigmoid, softplus } from "./softplus.js";
export { tanh } from "./tanh.js";
