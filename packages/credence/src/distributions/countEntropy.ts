import type { Tensor } from "../graph/tensor.js";
import { iota, stopGradient, where } from "../ops/index.js";
import type { Distribution } from "./distribution.js";

/** Terms reach 24 strides of an eighth of the standard deviation at least. */
const TERMS = 192;

/** From this standard deviation on an entropy is that of a normal law, to rounding. */
const NORMAL = { float32: 2 ** 20, float64: 2 ** 35 } as const;

/** Adding so many times a number and taking it off again leaves its leading bit alone. */
const TO_POWER = { float32: 2 ** 23 + 1, float64: 2 ** 52 + 1 } as const;

/**
 * Entropy of a law of whole numbers whose logarithm of the probability is smooth, as a sum of -p log p, whose terms all are positive.
 *
 * A wide law is summed in strides of an eighth to a quarter of its standard deviation: by Poisson's summation formula that is off by
 * exp(-2π² 16) of itself. Strides are powers of two, so that the points are whole numbers in float32 too.
 *
 * @param law   with an axis behind its batch, along which the numbers lie
 * @param from  the least number of the support
 * @source Trefethen and Weideman, The exponentially convergent trapezoidal rule (2014), sections 5 and 3
 */
export function countEntropy(law: Distribution, mean: Tensor, stddev: Tensor, from = 0): Tensor {
  const precision = law.dtype as "float32" | "float64";
  const far = stddev.gt(NORMAL[precision]);
  const [middle, spread] = [where(far, 0, mean), where(far, 1, stddev)].map(stopGradient) as [Tensor, Tensor];
  const least = spread.mul(6 / 32);
  const split = least.mul(TO_POWER[precision]);
  const stride = split.sub(split.sub(least)).maximum(1);
  const first = middle.sub(spread.mul(11)).div(stride).floor().mul(stride).maximum(from);
  const steps = iota([TERMS]).cast(precision);
  const k = first.expandDims(-1).add(stride.expandDims(-1).mul(steps));
  const logP = law.logProb(k);
  const isSome = logP.gt(-700);
  const some = where(isSome, logP, 0);
  const sum = where(isSome, some.exp().mul(some.neg()), 0).sum(-1).mul(stride);
  return where(far, stddev.log().add(0.5 * Math.log(2 * Math.PI * Math.E)), sum);
}
