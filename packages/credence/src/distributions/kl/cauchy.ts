import type { Tensor } from "../../graph/tensor.js";
import type { Cauchy } from "../cauchy.js";
import type { KlRule } from "../distribution.js";

/**
 * log(((s + t)² + d²) / (4 s t)), with s and t the scales and d the distance of the locations: log1p of the excess
 * ((s - t)² + d²) / (4 s t), which keeps its digits where the two laws are nearly equal.
 *
 * @source Chyzak and Nielsen, A closed-form formula for the Kullback-Leibler divergence between Cauchy distributions (2019)
 */
function cauchyCauchy(p: Cauchy, q: Cauchy): Tensor {
  const d = p.loc.sub(q.loc);
  const spread = p.scale.sub(q.scale);
  const part = (x: Tensor): Tensor => x.div(p.scale).mul(x.div(q.scale));
  return part(d).add(part(spread)).mul(0.25).log1p();
}

/** From the Cauchy distribution to other families. */
export const fromCauchy: Readonly<Record<string, KlRule>> = {
  Cauchy: cauchyCauchy,
};
