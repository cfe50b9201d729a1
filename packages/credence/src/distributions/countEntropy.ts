import type { Tensor } from "../graph/tensor.js";
import { iota, stopGradient, where } from "../ops/index.js";
import type { Distribution } from "./distribution.js";

/** Strides from a sixth to a third of the standard deviation: terms reach over 26 of these, of narrow laws over 24 numbers and more to either side. */
const TERMS = 160;
const STRIDE = 1 / 4;

/** From this standard deviation on an entropy is that of a normal law, to rounding. */
const NORMAL = { float32: 2 ** 20, float64: 2 ** 35 } as const;

/** Adding so many times a number and taking it off again leaves its leading bit alone. */
const TO_POWER = { float32: 2 ** 23 + 1, float64: 2 ** 52 + 1 } as const;

/** Centre and width of a law of whole numbers. */
export interface Bulk {
  readonly mean: Tensor;
  readonly stddev: Tensor;
  /** The least number of the support, by default 0. */
  readonly from?: number;
  /** So many times more terms, in strides so many times shorter. */
  readonly finer?: number;
}

/**
 * E f(k, log p(k)) of a law of whole numbers whose log p is smooth.
 *
 * A wide law is summed in strides of at most a third of its standard deviation: by Poisson's summation formula that is off by
 * exp(-2π² 9) of itself, or less. Strides are powers of two, so that the points are whole numbers in float32 too.
 *
 * @param law  with an axis behind its batch, along which the numbers lie
 * @param f    of numbers along that axis
 * @source Trefethen and Weideman, The exponentially convergent trapezoidal rule (2014), sections 5 and 3
 */
export function countExpectation(
  law: Distribution,
  { mean, stddev, from = 0, finer = 1 }: Bulk,
  f: (k: Tensor, logP: Tensor) => Tensor,
): Tensor {
  const precision = law.dtype as "float32" | "float64";
  const [middle, spread] = [stopGradient(mean), stopGradient(stddev)];
  const least = spread.mul(STRIDE / finer);
  const split = least.mul(TO_POWER[precision]);
  const stride = split.sub(split.sub(least)).maximum(1);
  const first = middle.sub(spread.mul(9).add(24)).div(stride).floor().mul(stride).maximum(from);
  const steps = iota([TERMS * finer]).cast(precision);
  const k = first.expandDims(-1).add(stride.expandDims(-1).mul(steps));
  const logP = law.logProb(k);
  const isSome = logP.gt(-700);
  const terms = where(
    isSome,
    where(isSome, logP, 0)
      .exp()
      .mul(f(k, where(isSome, logP, 0))),
    0,
  );
  return terms.sum(-1).mul(stride);
}

/** Entropy as the sum of -p log p, whose terms all are positive. @param law  as of `countExpectation` */
export function countEntropy(law: Distribution, { mean, stddev, ...rest }: Bulk): Tensor {
  const isFar = stddev.gt(NORMAL[law.dtype as "float32" | "float64"]);
  const bulk = { mean: where(isFar, 0, mean), stddev: where(isFar, 1, stddev), ...rest };
  const sum = countExpectation(law, bulk, (_, logP) => logP.neg());
  return where(isFar, stddev.log().add(0.5 * Math.log(2 * Math.PI * Math.E)), sum);
}
