import type { Tensor } from "../../graph/tensor.js";
import type { KlRule } from "../distribution.js";
import type { Normal } from "../normal.js";

/**
 * With d = (p.loc - q.loc) / q.scale and r = p.scale / q.scale it is (d² + r² - 1) / 2 - log r. Near r = 1 the two latter terms
 * cancel; with e = r - 1 they are e²/2 + (e - log1p e), a sum of positive numbers.
 *
 * @source Kullback, Information Theory and Statistics (1959), section 9.1
 */
function normalNormal(p: Normal, q: Normal): Tensor {
  const d = p.loc.sub(q.loc).div(q.scale);
  const excess = p.scale.sub(q.scale).div(q.scale);
  return d.square().add(excess.square()).mul(0.5).add(excess.sub(excess.log1p()));
}

/** From the normal to other families. */
export const fromNormal: Readonly<Record<string, KlRule>> = {
  Normal: normalNormal,
};
