import type { Tensor } from "../../graph/tensor.js";
import { logRatio } from "../../ops/index.js";
import type { Gumbel } from "../gumbel.js";
import type { Laplace } from "../laplace.js";
import type { Normal } from "../normal.js";
import { foldedMean, never, type Rules, scaleTerm, squaredDistance } from "./parts.js";

interface Located {
  readonly loc: Tensor;
  readonly scale: Tensor;
}

const HALF_LOG_TWO_PI_E = 0.5 * Math.log(2 * Math.PI * Math.E);

/**
 * (d² + r² - 1 - log r²) / 2 with d = (p.loc - q.loc) / q.scale and r = p.scale / q.scale.
 *
 * @source Kullback, Information Theory and Statistics (1959), section 9.1
 */
export function normalNormal(p: Located, q: Located): Tensor {
  const spread = normalScales(p.scale, q.scale);
  return squaredDistance(p.loc, q.loc, q.scale).mul(0.5).add(spread);
}

/** Of equal means. e = r - 1 has more digits than r² - 1: (r² - 1) / 2 - log r = (r - 1 - log r) + e² / 2. */
export function normalScales(p: Tensor, q: Tensor): Tensor {
  const excess = p.sub(q).div(q);
  return scaleTerm(p, q).add(excess.square().mul(0.5));
}

/** log(2 b) + E|x - m| / b less the normal's entropy. */
function normalLaplace(p: Normal, q: Laplace): Tensor {
  const distance = foldedMean(p.loc.sub(q.loc), p.scale).div(q.scale);
  return distance.sub(logRatio(p.scale, q.scale)).add(Math.LN2 - HALF_LOG_TWO_PI_E);
}

/** log b + E z + E e^-z less the normal's entropy, z = (x - m) / b. */
function normalGumbel(p: Normal, q: Gumbel): Tensor {
  const z = p.loc.sub(q.loc).div(q.scale);
  const s = p.scale.div(q.scale);
  return z
    .add(s.mul(s.mul(0.5)).sub(z).exp())
    .sub(logRatio(p.scale, q.scale))
    .sub(HALF_LOG_TWO_PI_E);
}

/** From the normal to other families. */
export const fromNormal: Rules = {
  Normal: normalNormal,
  Laplace: normalLaplace,
  Gumbel: normalGumbel,
  Uniform: never,
  Pareto: never,
};
