import type { DType } from "../graph/dtype.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
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
