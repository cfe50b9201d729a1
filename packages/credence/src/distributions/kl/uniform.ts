import type { Tensor } from "../../graph/tensor.js";
import { lbeta, logRatio, where } from "../../ops/index.js";
import type { ContinuousBernoulli } from "../continuousBernoulli.js";
import type { Exponential } from "../exponential.js";
import type { Gumbel } from "../gumbel.js";
import type { Normal } from "../normal.js";
import type { Pareto } from "../pareto.js";
import type { Uniform } from "../uniform.js";
import { type BetaLaw, type GammaLaw, gammaCross, type Rules, squaredDistance } from "./parts.js";

const infiniteUnless = (holds: Tensor, value: Tensor): Tensor => where(holds, value, Number.POSITIVE_INFINITY);
const middleOf = (p: Uniform): Tensor => p.low.mul(0.5).add(p.high.mul(0.5));

/** log of the ratio of the widths; infinite where q does not hold all of p. */
function uniformUniform(p: Uniform, q: Uniform): Tensor {
  const isWithin = q.low.le(p.low).and(q.high.ge(p.high));
  return infiniteUnless(isWithin, logRatio(q.high.sub(q.low), p.high.sub(p.low)));
}

/** E (x - m)² is the square of the width over 12 and that of the distance of the middle. */
function uniformNormal(p: Uniform, q: Normal): Tensor {
  const width = p.high.sub(p.low).div(q.scale);
  const distance = squaredDistance(middleOf(p), q.loc, q.scale).add(width.square().div(12)).mul(0.5);
  return distance.sub(width.log()).add(0.5 * Math.log(2 * Math.PI));
}

function uniformExponential(p: Uniform, q: Exponential): Tensor {
  const value = q.rate.mul(middleOf(p)).sub(q.rate.mul(p.high.sub(p.low)).log());
  return infiniteUnless(p.low.ge(0), value);
}

/** E e^-z is the difference of e^-z at the two ends over their distance in units of the scale. */
function uniformGumbel(p: Uniform, q: Gumbel): Tensor {
  const width = p.high.sub(p.low).div(q.scale);
  const low = p.low.sub(q.loc).div(q.scale);
  const moment = low.neg().exp().mul(width.neg().expm1().neg()).div(width);
  return middleOf(p).sub(q.loc).div(q.scale).add(moment).sub(width.log());
}

/** E log x = (high log high - low log low) / (high - low) - 1. */
export function meanLog(p: Pick<Uniform, "low" | "high">): Tensor {
  const isPositive = p.low.gt(0);
  const low = where(isPositive, p.low, 1);
  const share = where(isPositive, p.low.div(p.high.sub(p.low)).mul(logRatio(p.high, low)), 0);
  return p.high.log().sub(1).add(share);
}

function uniformPareto(p: Uniform, q: Pareto): Tensor {
  const isWithin = p.low.ge(q.scale);
  const value = meanLog(p)
    .sub(q.scale.log())
    .mul(q.alpha.add(1))
    .sub(q.alpha.log())
    .sub(logRatio(p.high.sub(p.low), q.scale));
  return infiniteUnless(isWithin, value);
}

/** The log density is linear: its mean is its value in the middle. */
function uniformContinuousBernoulli(p: Uniform, q: ContinuousBernoulli): Tensor {
  const isWithin = p.low.ge(0).and(p.high.le(1));
  const value = p.high
    .sub(p.low)
    .log()
    .add(q.logProb(middleOf(p)))
    .neg();
  return infiniteUnless(isWithin, value);
}

function uniformBeta(p: Uniform, q: BetaLaw): Tensor {
  const isWithin = p.low.ge(0).and(p.high.le(1));
  const rest = { low: p.high.neg().add(1), high: p.low.neg().add(1) };
  const inner = (t: Tensor, safe: number): Tensor => where(isWithin, t, safe);
  const value = lbeta(q.concentration1, q.concentration0)
    .sub(q.concentration1.sub(1).mul(meanLog({ low: inner(p.low, 0), high: inner(p.high, 1) })))
    .sub(q.concentration0.sub(1).mul(meanLog({ low: inner(rest.low, 0), high: inner(rest.high, 1) })))
    .sub(p.high.sub(p.low).log());
  return infiniteUnless(isWithin, value);
}

function uniformGamma(p: Uniform, q: GammaLaw): Tensor {
  const isWithin = p.low.ge(0);
  const [low, high] = [where(isWithin, p.low, 0), where(isWithin, p.high, 1)];
  const value = gammaCross(q, meanLog({ low, high }), middleOf(p)).sub(p.high.sub(p.low).log());
  return infiniteUnless(isWithin, value);
}

/** From the uniform distribution to other families. */
export const fromUniform: Rules = {
  Uniform: uniformUniform,
  Normal: uniformNormal,
  Exponential: uniformExponential,
  Gumbel: uniformGumbel,
  Pareto: uniformPareto,
  ContinuousBernoulli: uniformContinuousBernoulli,
  Beta: uniformBeta,
  Gamma: uniformGamma,
};
