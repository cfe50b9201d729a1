import { tensor } from "../../graph/literal.js";
import type { Tensor } from "../../graph/tensor.js";
import {
  bd0,
  digamma,
  lgamma,
  logGammaRatioRest,
  logRatio,
  stirlingError,
  stirlingErrorSlope,
  trigamma,
  where,
} from "../../ops/index.js";
import type { Distribution } from "../distribution.js";
import type { Exponential } from "../exponential.js";
import type { Gumbel } from "../gumbel.js";
import type { InverseGamma } from "../inverseGamma.js";
import type { LogNormal } from "../logNormal.js";
import type { Normal } from "../normal.js";
import type { Weibull } from "../weibull.js";
import { expm1Less, never, type Rules, scaleTerm, squaredDistance, stirlingRise } from "./parts.js";

/** A gamma distribution by whatever name. */
export interface GammaLike {
  readonly concentration: Tensor;
  readonly rate: Tensor;
}

/** p with the expectations that formulas ask for. */
type GammaDistribution = Distribution & GammaLike;

/** A quotient of rates below this has lost its digits, or will in a product. */
const LEAST = { float32: 2 ** -60, float64: 2 ** -500 } as const;

/** x log(x / y) + y - x with y = p r, r = b / c: by logarithms where r is too small. */
function deviance(x: Tensor, p: Tensor, b: Tensor, c: Tensor): Tensor {
  const r = b.div(c);
  const y = p.mul(r);
  const isSmall = r.lt(LEAST[r.dtype as "float32" | "float64"]);
  const far = x
    .mul(logRatio(x, p).sub(logRatio(b, c)))
    .add(y)
    .sub(x);
  return where(isSmall, far, bd0(x, where(isSmall, x, y)));
}

/**
 * With Stirling's formula log Γ(a) = (a - 1/2) log a - a + s(a) + constant, and r = q.rate / p.rate:
 *
 *     a_q log(a_q / (a_p r)) + a_p r - a_q  +  (a_q / a_p - 1 - log(a_q / a_p)) / 2  +  s(a_q) - s(a_p) - s'(a_p) (a_q - a_p)
 *
 * None of the three parts is ever below 0.
 *
 * @source Penny, Kullback-Leibler divergences of normal, gamma, Dirichlet and Wishart densities (2001), section 3, rearranged
 */
export function gammaGamma(p: GammaLike, q: GammaLike): Tensor {
  const [a, b] = [p.concentration, q.concentration];
  return deviance(b, a, q.rate, p.rate).add(scaleTerm(b, a).mul(0.5)).add(stirlingRise(b, a));
}

/** The exponential distribution is gamma of concentration 1. */
const gammaExponential = (p: GammaLike, q: Exponential): Tensor =>
  gammaGamma(p, { concentration: p.concentration.mul(0).add(1), rate: q.rate });

/** E (x - m)² is the variance and the square of the distance of the means. */
function gammaNormal(p: GammaDistribution, q: Normal): Tensor {
  const spread = p.stddev().div(q.scale).square();
  const distance = squaredDistance(p.mean(), q.loc, q.scale).add(spread).mul(0.5);
  return distance
    .add(q.scale.log())
    .add(0.5 * Math.log(2 * Math.PI))
    .sub(p.entropy());
}

/** log b + E z + E e^-z less the entropy, z = (x - m) / b. */
function gammaGumbel(p: GammaDistribution, q: Gumbel): Tensor {
  const mean = p.mean().sub(q.loc).div(q.scale);
  const fall = p.concentration.mul(tensor(1).div(p.rate.mul(q.scale)).log1p());
  const other = q.loc.div(q.scale).sub(fall).exp();
  return q.scale.log().add(mean).add(other).sub(p.entropy());
}

/**
 * (e^m - 1 - m) + what is left, with e^m the expectation of (x / scale)^k. By Stirling's formula, for large a: with s as in `gammaGamma`, R = log(Γ(a + k)
 * / (Γ(a) a^k)) and m = R + k log(mean / scale), the rest is log(√a / k) + R - s(a) + (a - k) s'(a) + k / (2a) + (1 - log(2π)) / 2.
 */
function gammaWeibull(p: GammaDistribution, q: Weibull): Tensor {
  const [a, k] = [p.concentration, q.concentration];
  const ratio = logGammaRatioRest(a, k);
  const m = ratio.add(k.mul(logRatio(p.mean(), q.scale)));
  const rest = logRatio(a.sqrt(), k)
    .add(ratio)
    .sub(stirlingError(a))
    .add(a.sub(k).mul(stirlingErrorSlope(a)))
    .add(k.div(a).mul(0.5))
    .add(0.5 - 0.5 * Math.log(2 * Math.PI));
  return expm1Less(m).add(rest);
}

/** Infinite where p has no expectation of 1 / x. */
function gammaInverseGamma(p: GammaDistribution, q: InverseGamma): Tensor {
  const exists = p.concentration.gt(1);
  const [a, b] = [where(exists, p.concentration, 2), q.concentration];
  const meanLog = digamma(a).sub(p.rate.log());
  const value = lgamma(b)
    .sub(b.mul(q.rate.log()))
    .add(b.add(1).mul(meanLog))
    .add(q.rate.mul(p.rate.div(a.sub(1))))
    .sub(p.entropy());
  return where(exists, value, where(p.concentration.le(1), Number.POSITIVE_INFINITY, Number.NaN));
}

/** log x has mean ψ(a) - log(rate) and variance ψ'(a). */
function gammaLogNormal(p: GammaDistribution, q: LogNormal): Tensor {
  const a = p.concentration;
  const meanLog = digamma(a).sub(p.rate.log());
  const spread = trigamma(a).div(q.scale.square());
  return squaredDistance(meanLog, q.loc, q.scale)
    .add(spread)
    .mul(0.5)
    .add(q.scale.log())
    .add(meanLog)
    .add(0.5 * Math.log(2 * Math.PI))
    .sub(p.entropy());
}

/** From the gamma distribution to other families. */
export const fromGamma: Rules = {
  Gamma: gammaGamma,
  Exponential: gammaExponential,
  Normal: gammaNormal,
  Gumbel: gammaGumbel,
  Weibull: gammaWeibull,
  InverseGamma: gammaInverseGamma,
  LogNormal: gammaLogNormal,
  Uniform: never,
  Pareto: never,
};
