import type { Tensor } from "../../graph/tensor.js";
import { diagonal, iota, logRatio } from "../../ops/index.js";
import type { Wishart } from "../wishart.js";
import { factorDistance } from "./multivariateNormal.js";
import { lgammaRise, type Rules } from "./parts.js";

/**
 * p.df (tr(S) - d - log det S) / 2 + (p.df - q.df) / 2 log det S + Σ (lgamma(b_i) - lgamma(a_i) - digamma(a_i) (b_i - a_i)) with
 * S = Σ_q⁻¹ Σ_p and a_i, b_i = (df - i) / 2: the first and the last are never below 0, and every term is of second order where the laws are near.
 *
 * @source Penny, Kullback-Leibler divergences of normal, gamma, Dirichlet and Wishart densities (2001), put together anew
 */
function wisharts(p: Wishart, q: Wishart): Tensor {
  const steps = iota([p.eventShape[0]!]);
  const halves = ({ df }: Wishart): Tensor => df.expandDims(-1).sub(steps).mul(0.5);
  const logDet = logRatio(diagonal(p.scaleTril), diagonal(q.scaleTril)).sum(-1).mul(2);
  return factorDistance(p.scaleTril, q.scaleTril)
    .mul(p.df)
    .add(p.df.sub(q.df).mul(0.5).mul(logDet))
    .add(lgammaRise(halves(q), halves(p)).sum(-1));
}

/** From the Wishart law to other families. */
export const fromWishart: Rules = { Wishart: wisharts };
