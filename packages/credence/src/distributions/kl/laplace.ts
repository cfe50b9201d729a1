import type { Tensor } from "../../graph/tensor.js";
import { logRatio, where } from "../../ops/index.js";
import type { Gumbel } from "../gumbel.js";
import type { Laplace } from "../laplace.js";
import type { Normal } from "../normal.js";
import { expm1Less, never, type Rules, scaleTerm, squaredDistance } from "./parts.js";

/**
 * (r - 1 - log r) + r (e^-d - 1 + d) with r = p.scale / q.scale and d = |p.loc - q.loc| / p.scale.
 *
 * @source Gil, Alajaji and Linder, Rényi divergence measures for commonly used univariate continuous distributions (2013)
 */
function laplaceLaplace(p: Laplace, q: Laplace): Tensor {
  const r = p.scale.div(q.scale);
  const apart = p.loc.sub(q.loc).abs();
  const d = apart.div(p.scale);
  // far apart r (d - 1) by the quotient that cannot overflow alone
  const isFar = d.gt(50);
  const near = r.mul(expm1Less(where(isFar, 0, d).neg()));
  return scaleTerm(p.scale, q.scale).add(where(isFar, apart.div(q.scale).sub(r), near));
}

/** E (x - m)² = 2 b² + d². */
function laplaceNormal(p: Laplace, q: Normal): Tensor {
  const r = p.scale.div(q.scale);
  const distance = squaredDistance(p.loc, q.loc, q.scale).mul(0.5).add(r.square());
  return distance.sub(logRatio(p.scale, q.scale)).add(0.5 * Math.log(Math.PI / 2) - 1);
}

/** E e^-z by the Laplace law's moment generating function, which ends where p's tail outweighs q's fall. */
function laplaceGumbel(p: Laplace, q: Gumbel): Tensor {
  const z = p.loc.sub(q.loc).div(q.scale);
  const r = p.scale.div(q.scale);
  const rest = r.neg().add(1).mul(r.add(1));
  const exists = rest.gt(0);
  const moment = z
    .neg()
    .exp()
    .div(where(exists, rest, 1));
  const value = z
    .add(moment)
    .sub(logRatio(p.scale, q.scale))
    .sub(1 + Math.LN2);
  return where(exists, value, Number.POSITIVE_INFINITY).add(z.mul(0));
}

/** From the Laplace distribution to other families. */
export const fromLaplace: Rules = {
  Laplace: laplaceLaplace,
  Normal: laplaceNormal,
  Gumbel: laplaceGumbel,
  Uniform: never,
  Pareto: never,
};
