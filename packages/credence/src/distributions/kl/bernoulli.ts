import type { Tensor } from "../../graph/tensor.js";
import { bd0 } from "../../ops/index.js";
import type { Bernoulli } from "../bernoulli.js";
import type { Poisson } from "../poisson.js";
import { chanceDivergence } from "./chance.js";
import type { Rules } from "./parts.js";

const bernoulliBernoulli = (p: Bernoulli, q: Bernoulli): Tensor => chanceDivergence(p.chance, q.chance);

/** rate - entropy - p log(rate), as two terms that are never negative. */
const bernoulliPoisson = (p: Bernoulli, q: Poisson): Tensor =>
  bd0(p.chance.success, q.rate).add(bd0(p.chance.failure, 1));

/** From the Bernoulli distribution to other families. */
export const fromBernoulli: Rules = {
  Bernoulli: bernoulliBernoulli,
  Poisson: bernoulliPoisson,
};
