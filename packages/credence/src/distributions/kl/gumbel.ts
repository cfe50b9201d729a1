import type { Tensor } from "../../graph/tensor.js";
import { lgamma, logRatio } from "../../ops/index.js";
import type { Gumbel } from "../gumbel.js";
import type { Normal } from "../normal.js";
import { expm1Less, lgammaRise, never, type Rules, squaredDistance } from "./parts.js";

/** Euler's constant, -ψ(1). */
const EULER = 0.5772156649015329;

/**
 * (e^l - 1 - l) + lgamma(g) + γ (g - 1), with g = p.scale / q.scale and l = lgamma(1 + g) - (p.loc - q.loc) / q.scale; both parts are
 * of the second order where the laws are nearly equal.
 *
 * @source Bauckhage, Characterizations and Kullback-Leibler divergence of Gompertz distributions (2014), by the same integrals
 */
function gumbelGumbel(p: Gumbel, q: Gumbel): Tensor {
  const g = p.scale.div(q.scale);
  const l = lgamma(g.add(1)).sub(p.loc.sub(q.loc).div(q.scale));
  return expm1Less(l).add(lgammaRise(g, g.mul(0).add(1)));
}

/** E (x - m)² is the variance and the square of the distance of the means. */
function gumbelNormal(p: Gumbel, q: Normal): Tensor {
  const mean = p.loc.add(p.scale.mul(EULER));
  const spread = p.scale.div(q.scale).mul(Math.PI / Math.sqrt(6));
  const distance = squaredDistance(mean, q.loc, q.scale).add(spread.square()).mul(0.5);
  return distance.sub(logRatio(p.scale, q.scale)).add(0.5 * Math.log(2 * Math.PI) - 1 - EULER);
}

/** From the Gumbel distribution to other families. */
export const fromGumbel: Rules = {
  Gumbel: gumbelGumbel,
  Normal: gumbelNormal,
  Uniform: never,
  Pareto: never,
};
