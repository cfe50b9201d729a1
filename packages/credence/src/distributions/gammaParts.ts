import type { Tensor } from "../graph/tensor.js";
import {
  bd0,
  digamma,
  div,
  gammainc,
  gammaincc,
  lgamma,
  log1mexp,
  logGammainc,
  logGammaincc,
  logRatio,
  pullMul,
  stirlingError,
  stirlingErrorSlope,
  where,
  withGradient,
} from "../ops/index.js";

/** What the gamma distribution (sign 1) and its inverse (sign -1) are made of: y = rate x^sign is a gamma number of rate 1. */

export type Sign = 1 | -1;

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** y and its logarithm, also where y underflows. */
export interface Standard {
  readonly y: Tensor;
  readonly logY: Tensor;
}

export function standardOf(x: Tensor, rate: Tensor, sign: Sign): Standard {
  if (sign === 1) return { y: x.mul(rate), logY: logRatio(x, div(1, rate)) };
  return { y: rate.div(x), logY: logRatio(rate, x) };
}

/** Below these y has lost digits, and the law's distribution function is its first term, y^a / Γ(a + 1). */
const FAINT = { float32: 2 ** -120, float64: 2 ** -1000 } as const;

const isFaint = (y: Tensor): Tensor => y.lt(FAINT[y.dtype as "float32" | "float64"]);

/**
 * log(y^a e^-y / (Γ(a) x)) for positive x.
 *
 * For a >= 1 what is large in each of the factors and cancels in their product is taken out by Stirling's formula. The gradient is
 * written out: term by term it would be a difference of infinite ones for the smallest x.
 *
 * @source Loader, Fast and accurate computation of binomial probabilities (2000), for any a
 */
export function gammaLogProb(a: Tensor, rate: Tensor, x: Tensor, sign: Sign): Tensor {
  const { y, logY } = standardOf(x, rate, sign);
  const isPlain = a.lt(1).or(isFaint(y));
  const shape = where(isPlain, 1, a);
  const size = where(isPlain, 1, y);
  const large = logRatio(shape.mul(1 / (2 * Math.PI)).sqrt(), x)
    .sub(stirlingError(shape))
    .sub(bd0(shape, size));
  const plain = logRatio(a, x)
    .add(a.mul(logY))
    .sub(y)
    .sub(lgamma(a.add(1)));
  return withGradient(where(isPlain, plain, large), [a, rate, x], (dy) => {
    const beyond = a.sub(y);
    const lag = div(0.5, shape).sub(stirlingErrorSlope(shape)); // log(a) - digamma(a)
    const excess = where(isPlain, logY.sub(digamma(a)), logRatio(size, shape).add(lag));
    const drift = sign === 1 ? a.sub(1).sub(y) : y.sub(a.add(1));
    return [pullMul(dy, excess), pullMul(dy, beyond.div(rate)), pullMul(dy, drift.div(x))];
  });
}

/** log P(a, y) where y is faint. */
function logFaint(a: Tensor, { y, logY }: Standard): Tensor {
  return a.mul(where(isFaint(y), logY, 0)).sub(lgamma(a.add(1)));
}

type Tail = (a: Tensor, standard: Standard) => Tensor;

export const gammaBelow: Tail = (a, s) => where(isFaint(s.y), logFaint(a, s).exp(), gammainc(a, s.y));
export const gammaAbove: Tail = (a, s) => where(isFaint(s.y), logFaint(a, s).expm1().neg(), gammaincc(a, s.y));
export const logGammaBelow: Tail = (a, s) => where(isFaint(s.y), logFaint(a, s), logGammainc(a, s.y));
export const logGammaAbove: Tail = (a, s) =>
  where(isFaint(s.y), log1mexp(where(isFaint(s.y), logFaint(a, s), -1)), logGammaincc(a, s.y));

/**
 * a + log Γ(a) + (sign - a) ψ(a) - sign · log(rate), in which the logarithms of a large a cancel: the entropy.
 */
export function gammaEntropy(a: Tensor, rate: Tensor, sign: Sign): Tensor {
  const isLarge = a.ge(1);
  const large = where(isLarge, a, 1);
  const spread = sign === 1 ? logRatio(large.sqrt(), rate) : logRatio(rate, large).sub(large.log().mul(0.5));
  const rest = stirlingError(large)
    .sub(div(0.5 * sign, large))
    .add(large.neg().add(sign).mul(stirlingErrorSlope(large)));
  const small = where(isLarge, 1, a);
  const plain = small
    .add(lgamma(small))
    .add(small.neg().add(sign).mul(digamma(small)))
    .sub(rate.log().mul(sign));
  return where(isLarge, spread.add(rest).add(HALF_LOG_TWO_PI + 0.5), plain);
}
