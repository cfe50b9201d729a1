import "./tensor/methods.js";

export { CredenceError, type ErrorCode, type ErrorFacts } from "./errors.js";

// Tensors
export type { Data, DType } from "./graph/dtype.js";
export { type Nested, type TensorLike, tensor } from "./graph/literal.js";
export type { Shape } from "./graph/shape.js";
export { Tensor } from "./graph/tensor.js";
export { matmul, maximum, minimum, stopGradient, where } from "./ops/index.js";
export { concat, elu, logSoftmax, logSumExp, softmax, stack } from "./tensor/derived.js";
export * as tree from "./tensor/trees.js";

// Differentiation and compilation
export { customGradient, grad, valueAndGrad } from "./autodiff/grad.js";
export { scan } from "./autodiff/scan.js";
export { whileLoop } from "./autodiff/whileLoop.js";
export { type Compiled, type CompileOptions, compile } from "./program/compile.js";
export { type EngineOptions, type EngineSettings, setEngine } from "./compiler/engine.js";
export type { Simd } from "./compiler/wasm/width.js";

// Random numbers
export { foldIn, gumbel, key, normal, permutation, split, uniform, uniformOpen } from "./random/index.js";

// Distributions
export * from "./distributions/index.js";

// Bijectors
export * as bijectors from "./bijectors/index.js";

// Divergences
export * from "./divergences/index.js";

// Losses
export * as losses from "./losses/index.js";

// Matrices
export * as linalg from "./linalg/index.js";

// Special functions
export * as special from "./special/index.js";
