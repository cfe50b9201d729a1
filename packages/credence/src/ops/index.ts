export { pullBoth, pullDiv, pullMul } from "./adjoint.js";
export * from "./arithmetic.js";
export * from "./bessel.js";
export { cast } from "./cast.js";
export { cholesky } from "./cholesky.js";
export * from "./circular.js";
export {
  betaBinomialAbove,
  betaBinomialBelow,
  betaBinomialEntropy,
  binomialInverse,
  poissonInverse,
} from "./counts.js";
export * from "./elementary.js";
export { digamma, lgamma, polygamma, trigamma } from "./gamma.js";
export * from "./gammaRatios.js";
export { flushed, quietGradient, stopGradient, variable, withGradient } from "./identity.js";
export {
  betainc,
  betaincc,
  gammainc,
  gammaincc,
  logBetainc,
  logBetaincc,
  logGammainc,
  logGammaincc,
} from "./incomplete.js";
export { gather, iota } from "./indexing.js";
export * from "./inverses.js";
export * from "./logarithms.js";
export { matmul } from "./matmul.js";
export { broadcastTo, concatNodes, pad, reshape, slice, transpose } from "./movement.js";
export { unify } from "./op.js";
export { randomBits, randomGamma, randomNormal } from "./random.js";
export { log1pRatio, log1pRatioSlope } from "./ratios.js";
export { argmax, cumsum, cumsumFromEnd, max, reduceTo, sum } from "./reduce.js";
export { logStudentT, logStudentTail, studentTail } from "./studentT.js";
export { diagonal, diagonalMatrix, matrixTranspose, tril, triu } from "./triangle.js";
export { triangularSolve } from "./triangularSolve.js";
export { where } from "./where.js";
export { zeta } from "./zeta.js";
