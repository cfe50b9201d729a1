import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";

/**
 * The logarithm of a probability whose complement is known as well: near 1 it is that of the complement, which then has the digits.
 *
 * @param logarithm  of the probability where it is at most 1/2, if there is a better way than log(probability)
 */
export function logProbability(probability: Tensor, complement: Tensor, logarithm: Tensor = probability.log()): Tensor {
  return where(complement.lt(0.5), complement.neg().log1p(), logarithm);
}
