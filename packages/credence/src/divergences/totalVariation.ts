import type { Categorical } from "../distributions/categorical.js";
import type { Distribution } from "../distributions/distribution.js";
import { Normal } from "../distributions/normal.js";
import { fail } from "../errors.js";
import type { Tensor } from "../graph/tensor.js";
import { logRatio, where } from "../ops/index.js";
import { commonBatch, familyOf } from "./pairs.js";

type Formula = (p: Distribution, q: Distribution) => Tensor;
type Located = Distribution & { readonly loc: Tensor; readonly scale: Tensor };

/** By how much the masses that two laws give to the numbers up to x differ. By the tail that is smaller there. */
function gap(p: Distribution, q: Distribution, x: Tensor): Tensor {
  const below = p.cdf(x).sub(q.cdf(x));
  const above = q.survival(x).sub(p.survival(x));
  return where(p.cdf(x).lt(0.5), below, above).abs();
}

/**
 * Densities of two normals cross where (s² - 1) z² + 2 d z - (d² + 2 s² log s) = 0, in units of p's scale: once where s = 1, else twice.
 */
function normals(p: Located, q: Located): Tensor {
  const d = q.loc.sub(p.loc).div(p.scale);
  const s = q.scale.div(p.scale);
  const logS = logRatio(q.scale, p.scale);
  const a = s.sub(1).mul(s.add(1));
  const root = s.mul(d.square().add(a.mul(logS).mul(2)).sqrt());
  const sum = d.add(where(d.lt(0), root.neg(), root)); // of the two roots the one that does not cancel; the other by their product
  const isEqual = sum.eq(0);
  const near = d
    .square()
    .add(s.square().mul(logS).mul(2))
    .div(where(isEqual, 1, sum));
  const isOne = a.eq(0);
  const far = sum.neg().div(where(isOne, 1, a));
  const at = (z: Tensor): Tensor => gap(p, q, p.loc.add(p.scale.mul(z)));
  return where(isEqual, sum.mul(0), at(near).add(where(isOne, 0, at(far))));
}

/** The densities' ratio is monotone, so that they cross once: of counts, the last k up to there. */
const crossing =
  (place: (p: never, q: never) => Tensor): Formula =>
  (p, q) => {
    const x = place(p as never, q as never);
    const isCrossed = x.eq(x); // equal laws nowhere: 0 / 0
    const safe = where(isCrossed, p.support.discrete ? x.floor() : x, 0);
    const apart = p.mean().sub(q.mean());
    return where(isCrossed, gap(p, q, safe), apart.mul(0));
  };

interface Rates {
  readonly rate: Tensor;
}
interface Chances {
  readonly probs: Tensor;
}

const formulas: Readonly<Record<string, Formula>> = {
  Categorical: (p, q) => {
    const apart = (p as Categorical).probs.sub((q as Categorical).probs);
    return apart.abs().sum(-1).mul(0.5);
  },
  Bernoulli: (p, q) => (p as unknown as Chances).probs.sub((q as unknown as Chances).probs).abs(),
  Normal: normals as Formula,
  LogNormal: (p, q) => normals(logOf(p as Located), logOf(q as Located)),
  Exponential: crossing((p: Rates, q: Rates) => logRatio(p.rate, q.rate).div(p.rate.sub(q.rate))),
  Poisson: crossing((p: Rates, q: Rates) => p.rate.sub(q.rate).div(logRatio(p.rate, q.rate))),
};

/** The law of the logarithm; a map of the numbers does not change how far two laws are apart. */
const logOf = ({ loc, scale }: Located): Located => new Normal({ loc, scale });

/**
 * Total variation distance, ∫ |p - q| / 2: by how much the probability of any event can differ; from 0 to 1.
 *
 * Of two Categorical, Bernoulli, Normal, LogNormal, Exponential or Poisson laws.
 *
 * @shape  broadcast(p's batch, q's batch)
 * @throws CredenceError `missing`: other pairs, whose densities may cross anywhere; `shape`
 * @source Levin and Peres, Markov Chains and Mixing Times (2017), section 4.1
 */
export function totalVariation(p: Distribution, q: Distribution): Tensor {
  commonBatch("totalVariation", p, q);
  const formula = familyOf(p) === familyOf(q) ? formulas[familyOf(p)] : undefined;
  if (formula) return formula(p, q);
  return fail({
    code: "missing",
    given: `totalVariation(${p.name}, ${q.name}): there is no formula for this pair`,
    allowed: `two of one family: ${Object.keys(formulas).join(", ")}`,
    mend: "average over draws x of p: relu(1 - exp(q.logProb(x) - p.logProb(x)))",
  });
}
