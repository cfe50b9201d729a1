import type { Tensor } from "../../graph/tensor.js";
import { where } from "../../ops/index.js";
import type { Binomial } from "../binomial.js";
import type { Poisson } from "../poisson.js";
import { chanceDivergence } from "./chance.js";
import { countDivergence } from "./counts.js";
import type { Rules } from "./parts.js";

/** That of one trial, times their number. Of more trials than q has it is infinite; of fewer it is a sum. */
function binomialBinomial(p: Binomial, q: Binomial): Tensor {
  const one = chanceDivergence(p.chance, q.chance);
  const same = where(p.totalCount.eq(0), 0, p.totalCount.mul(one));
  if (p.totalCount === q.totalCount) return same;
  const [m, n] = [p.totalCount, q.totalCount];
  const beyond = where(p.chance.success.eq(0), q.logProb(0).neg(), Number.POSITIVE_INFINITY);
  return where(m.eq(n), same, where(m.gt(n), beyond, countDivergence(p, q)));
}

/** From the binomial distribution to other families. */
export const fromBinomial: Rules = {
  Binomial: binomialBinomial,
  Poisson: (p: Binomial, q: Poisson) => countDivergence(p, q),
};
