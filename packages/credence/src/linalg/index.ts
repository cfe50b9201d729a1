import "../tensor/methods.js";

/** Matrices in the last two axes of tensors, float32 and float64, with gradients. */
export { cholesky, choleskyLogDeterminant, choleskySolve } from "./cholesky.js";
export { diagonal, diagonalMatrix, tril, triu } from "./parts.js";
export { triangularSolve } from "./triangularSolve.js";
