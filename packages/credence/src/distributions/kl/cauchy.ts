import type { Tensor } from "../../graph/tensor.js";
import { where } from "../../ops/index.js";
import { never, type Rules } from "./parts.js";

interface Located {
  readonly loc: Tensor;
  readonly scale: Tensor;
}

/**
 * log(((s + t)² + d²) / (4 s t)), with s and t the scales and d the distance of the locations: log1p of the excess
 * ((s - t)² + d²) / (4 s t), which keeps its digits where the two laws are nearly equal.
 *
 * @source Chyzak and Nielsen, A closed-form formula for the Kullback-Leibler divergence between Cauchy distributions (2019)
 */
export function cauchyCauchy(p: Located, q: Located): Tensor {
  const d = p.loc.sub(q.loc).abs();
  const spread = p.scale.sub(q.scale).abs();
  const part = (x: Tensor): Tensor => x.div(p.scale).mul(x.div(q.scale));
  const excess = part(d).add(part(spread)).mul(0.25);
  // where the excess would overflow, its logarithm from that of each factor
  const isFar = excess.gt(1e15);
  const [most, least] = [d.maximum(spread), d.minimum(spread)];
  const ratio = least.div(where(most.gt(0), most, 1));
  const logExcess = where(isFar, most, 1)
    .log()
    .mul(2)
    .sub(p.scale.log())
    .sub(q.scale.log())
    .add(ratio.square().log1p())
    .sub(2 * Math.LN2);
  return where(isFar, logExcess, where(isFar, 0, excess).log1p());
}

/** From the Cauchy distribution to other families. */
export const fromCauchy: Rules = {
  Cauchy: cauchyCauchy,
  Uniform: never,
  Pareto: never,
};
