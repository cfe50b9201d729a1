export { logStandardGamma, standardGamma } from "./gamma.js";
export { foldIn, key, split } from "./key.js";
export { normal } from "./normal.js";
export { permutation } from "./permutation.js";
export { gumbel, uniform, uniformOpen, uniformTail } from "./uniform.js";
export type { DrawOptions } from "./words.js";
