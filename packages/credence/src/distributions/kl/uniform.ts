import type { Tensor } from "../../graph/tensor.js";
import { lgamma, logRatio, where } from "../../ops/index.js";
import type { Exponential } from "../exponential.js";
import type { Gamma } from "../gamma.js";
import type { Gumbel } from "../gumbel.js";
import type { Normal } from "../normal.js";
import type { Pareto } from "../pareto.js";
import type { Uniform } from "../uniform.js";
import { type Rules, squaredDistance } from "./parts.js";

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
export function meanLog(p: Uniform): Tensor {
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

/** By E x and E log x. */
function uniformGamma(p: Uniform, q: Gamma): Tensor {
  const [a, isWithin] = [q.concentration, p.low.ge(0)];
  const constant = lgamma(a).sub(a.mul(q.rate.log()));
  const mean = constant.sub(a.sub(1).mul(meanLog(p))).add(q.rate.mul(middleOf(p)));
  return infiniteUnless(isWithin, mean.sub(p.high.sub(p.low).log()));
}

/** From the uniform distribution to other families. */
export const fromUniform: Rules = {
  Uniform: uniformUniform,
  Normal: uniformNormal,
  Exponential: uniformExponential,
  Gamma: uniformGamma,
  Gumbel: uniformGumbel,
  Pareto: uniformPareto,
};
