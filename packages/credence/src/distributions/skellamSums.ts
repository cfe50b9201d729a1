import type { Tensor } from "../graph/tensor.js";
import { iota, logGammainc, logGammaincc, stopGradient, where } from "../ops/index.js";
import { logSumExp } from "../tensor/derived.js";
import { Poisson } from "./poisson.js";

/**
 * Sums over the smaller of two Poisson counts whose difference is known, or known to lie beyond a number. Their terms are positive,
 * and smooth around one peak, so that wide sums are taken in strides: powers of two, at most 1/2.25 of the peak's width.
 */
const TERMS = 224;
const STRIDE = 1 / 3;
const TO_POWER = { float32: 2 ** 23 + 1, float64: 2 ** 52 + 1 } as const;

interface Points {
  /** Values of the smaller count. @shape [..., TERMS] */
  readonly j: Tensor;
  readonly stride: Tensor;
}

/** Around the likeliest j with j (j + k) = rate1 rate2. */
function pointsAround(k: Tensor, rate1: Tensor, rate2: Tensor): Points {
  const precision = rate1.add(k).dtype as "float32" | "float64";
  const product = rate1.sqrt().mul(rate2.sqrt());
  const half = k.abs().mul(0.5);
  // √(k²/4 + rate1 rate2), without overflow
  const size = half.maximum(product);
  const root = size.mul(half.div(size).square().add(product.div(size).square()).sqrt());
  const less = product.div(root.add(half)).mul(product);
  const peak = stopGradient(where(k.lt(0), less.add(k.abs()), less));
  const spread = stopGradient(product.mul(product.div(root.mul(2))).sqrt());
  const least = spread.mul(STRIDE);
  const split = least.mul(TO_POWER[precision]);
  const stride = split.sub(split.sub(least)).maximum(1);
  const first = peak.sub(spread.mul(21).add(24)).div(stride).floor().mul(stride).maximum(0);
  const steps = iota([TERMS]).cast(precision);
  return { j: first.expandDims(-1).add(stride.expandDims(-1).mul(steps)), stride };
}

/** log P(X1 - X2 = k). @shape broadcast(k, rate1, rate2) */
export function logMassOfDifference(k: Tensor, rate1: Tensor, rate2: Tensor): Tensor {
  // the smaller count is the second for k >= 0, else the first
  const isAbove = k.ge(0);
  const [more, less] = [where(isAbove, rate1, rate2), where(isAbove, rate2, rate1)];
  const distance = k.abs();
  const { j, stride } = pointsAround(distance, more, less);
  const terms = logPoisson(j.add(distance.expandDims(-1)), more).add(logPoisson(j, less));
  return logSumExp(terms, -1).add(stride.log());
}

/** The logarithm of the tail on k's side of the mean. */
export interface LogTail {
  readonly log: Tensor;
  /** P(X1 - X2 <= k)? Else P(X1 - X2 > k). */
  readonly isLower: Tensor;
}

/** @shape broadcast(k, rate1, rate2), both */
export function logTailOfDifference(k: Tensor, rate1: Tensor, rate2: Tensor): LogTail {
  // summed over the count of the smaller rate: with the greater one as the first, X <= k is -X > -k - 1
  const isSwapped = rate1.lt(rate2);
  const [large, small] = [rate1.maximum(rate2), rate1.minimum(rate2)];
  const at = where(isSwapped, k.neg().sub(1), k);
  const isLower = at.lt(large.sub(small).sub(0.5)); // about the median
  const { j, stride } = pointsAround(at, large, small);
  const n = j.add(at.expandDims(-1)).add(1); // the other count is below n, or at least n
  const isSome = n.gt(0);
  const some = where(isSome, n, 1);
  const rate = large.expandDims(-1);
  const lower = where(isSome, logGammaincc(some, rate), Number.NEGATIVE_INFINITY);
  const upper = where(isSome, logGammainc(some, rate), 0);
  const terms = logPoisson(j, small).add(where(isLower.expandDims(-1), lower, upper));
  const log = logSumExp(terms, -1).add(stride.log()).minimum(0);
  return { log, isLower: isLower.and(isSwapped.not()).or(isLower.not().and(isSwapped)) };
}

const logPoisson = (k: Tensor, rate: Tensor): Tensor => new Poisson({ rate: rate.expandDims(-1) }).logProb(k);
