import { tensor } from "../../graph/literal.js";
import type { Tensor } from "../../graph/tensor.js";
import { bd0, lgamma, logRatio, where } from "../../ops/index.js";
import type { Exponential } from "../exponential.js";
import type { Gamma } from "../gamma.js";
import type { Normal } from "../normal.js";
import type { Weibull } from "../weibull.js";
import { expm1Less, lgammaRise, never, type Rules, squaredDistance } from "./parts.js";

/** Euler's constant, -ψ(1). */
const EULER = 0.5772156649015329;

/** lgamma(g) + γ (g - 1), which is never below 0. */
const riseFromOne = (g: Tensor): Tensor => lgammaRise(g, g.mul(0).add(1));

/**
 * (e^l - 1 - l) + lgamma(g) + γ (g - 1) with g = q.concentration / p.concentration and e^l = E (x / q.scale)^q.concentration: the logarithm of
 * x, mirrored, follows Gumbel's law.
 *
 * @source Bauckhage, Computing the Kullback-Leibler divergence between two Weibull distributions (2013), equation 5
 */
function weibullWeibull(p: Weibull, q: Weibull): Tensor {
  const g = q.concentration.div(p.concentration);
  const l = lgamma(g.add(1)).add(q.concentration.mul(logRatio(p.scale, q.scale)));
  return expm1Less(l).add(riseFromOne(g));
}

/** Where e^l has lost its digits. */
const FAINT = -80;

/**
 * With g = 1 / k, e^l = q.rate E x and D(x) = x log x - x + 1:
 *
 *     a log(a / e^l) + e^l - a - D(a)  +  lgamma(a) + γ (a - 1)  +  lgamma(g) + γ (g - 1)  +  (a - 1) (lgamma(1 + g) + γ (g - 1))
 *
 * Each is of the second order where both laws are nearly the same exponential one.
 */
function weibullGamma(p: Weibull, a: Tensor, rate: Tensor): Tensor {
  const g = tensor(1).div(p.concentration);
  const next = lgamma(g.add(1));
  const l = rate.log().add(p.scale.log()).add(next);
  const isFaint = l.lt(FAINT);
  const mean = where(isFaint, a, l.exp());
  const faint = a.mul(a.log().sub(l)).sub(a);
  return where(isFaint, faint, bd0(a, mean))
    .sub(bd0(a, a.mul(0).add(1)))
    .add(riseFromOne(a))
    .add(riseFromOne(g))
    .add(a.sub(1).mul(next.add(g.sub(1).mul(EULER))));
}

/** E (x - m)² is the variance and the square of the distance of the means. */
function weibullNormal(p: Weibull, q: Normal): Tensor {
  const spread = p.stddev().div(q.scale).square();
  const distance = squaredDistance(p.mean(), q.loc, q.scale).add(spread).mul(0.5);
  return distance
    .add(q.scale.log())
    .add(0.5 * Math.log(2 * Math.PI))
    .sub(p.entropy());
}

/** From the Weibull distribution to other families. */
export const fromWeibull: Rules = {
  Weibull: weibullWeibull,
  Gamma: (p: Weibull, q: Gamma) => weibullGamma(p, q.concentration, q.rate),
  Exponential: (p: Weibull, q: Exponential) => weibullGamma(p, q.rate.mul(0).add(1), q.rate),
  Normal: weibullNormal,
  Uniform: never,
  Pareto: never,
};
