import type { DType } from "../graph/dtype.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { log1mexp } from "../ops/index.js";
import { exponentialLogs, exponentialLogWeights } from "./exponentialRule.js";

export interface CentralMoments {
  readonly mean: Tensor;
  readonly deviation: Tensor;
  readonly skewness: Tensor;
}

/**
 * Moments of exp(g(y)) with y the logarithm of a standard exponential number, by quadrature. Of narrow laws as well: what enters are
 * differences from one of the values, not the values.
 *
 * @param logOf  g, along a new last axis; float64
 * @param dtype  of the results
 * @shape  each as g without its last axis
 */
export function momentsOfExponential(logOf: (logs: Tensor) => Tensor, dtype: DType): CentralMoments {
  const logs = logOf(tensor(exponentialLogs));
  const logWeights = tensor(exponentialLogWeights);
  const logMean = logs.add(logWeights).logSumExp();
  const off = logs.sub(logMean.expandDims(-1)).expm1(); // x / mean - 1
  const weights = logWeights.exp();
  const centred = off.sub(off.mul(weights).sum(-1).expandDims(-1));
  const variance = centred.square().mul(weights).sum(-1);
  const third = centred.square().mul(centred).mul(weights).sum(-1);
  const mean = logMean.exp();
  return {
    mean: mean.cast(dtype),
    deviation: mean.mul(variance.sqrt()).cast(dtype),
    skewness: third.div(variance.mul(variance.sqrt())).cast(dtype),
  };
}

/**
 * Standard deviation and skewness from the logarithms of the first three moments, for laws so wide that differences of the moments
 * cancel but little. They may be out of range themselves.
 */
export function wideMoments([first, second, third]: readonly [Tensor, Tensor, Tensor]): {
  readonly logDeviation: Tensor;
  readonly skewness: Tensor;
} {
  const ratio = second.sub(first.mul(2)); // in units of the mean, as is the cube
  const cube = third.sub(first.mul(3));
  const logSpread = log1mexp(ratio.neg());
  // E (x / mean - 1)³ with the largest term in front
  const rest = ratio.sub(cube).exp().mul(-3).add(cube.neg().exp().mul(2)).add(1);
  return {
    logDeviation: second.add(logSpread).mul(0.5),
    skewness: cube.sub(ratio.add(logSpread).mul(1.5)).exp().mul(rest),
  };
}
