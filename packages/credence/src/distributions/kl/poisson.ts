import type { Tensor } from "../../graph/tensor.js";
import { bd0, where } from "../../ops/index.js";
import type { Distribution } from "../distribution.js";
import type { Poisson } from "../poisson.js";
import { countDivergence } from "./counts.js";
import { expm1Less, type Rules } from "./parts.js";

/** a log(a / b) + b - a; of two logarithms a (e^d - 1 - d) with their difference d. */
function poissonPoisson(p: Poisson, q: Poisson): Tensor {
  if (p.logRate === undefined || q.logRate === undefined) return bd0(p.rate, q.rate);
  const d = q.logRate.sub(p.logRate);
  const isNear = d.abs().lt(1);
  return where(isNear, p.rate.mul(expm1Less(where(isNear, d, 0))), q.rate.sub(p.rate).sub(p.rate.mul(d)));
}

/** Any rate above 0 leads beyond the greatest number that q has. */
const poissonBounded = (p: Poisson, q: Distribution): Tensor =>
  where(p.rate.eq(0), q.logProb(0).neg(), where(p.rate.eq(p.rate), Number.POSITIVE_INFINITY, p.rate));

/** From the Poisson distribution to other families. */
export const fromPoisson: Rules = {
  Poisson: poissonPoisson,
  Bernoulli: poissonBounded,
  Binomial: poissonBounded,
  NegativeBinomial: (p: Poisson, q: Distribution) => countDivergence(p, q),
  Geometric: (p: Poisson, q: Distribution) => countDivergence(p, q),
};
