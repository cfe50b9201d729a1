import type { Tensor } from "../../graph/tensor.js";
import type { InverseGaussian } from "../inverseGaussian.js";
import { type Rules, scaleTerm } from "./parts.js";

/**
 * (r - 1 - log r) / 2 + λ (μ - m)² / (2 μ² m) with r = q.concentration / p.concentration, λ = q.concentration, μ = q.loc and m = p.loc:
 * by E x = m and E 1 / x = 1 / m + 1 / p.concentration.
 */
function inverseGaussianInverseGaussian(p: InverseGaussian, q: InverseGaussian): Tensor {
  const apart = p.loc.sub(q.loc).div(q.loc);
  const distance = apart.mul(q.concentration.div(p.loc)).mul(apart);
  return scaleTerm(q.concentration, p.concentration).add(distance).mul(0.5);
}

/** From the inverse Gaussian distribution to other families. */
export const fromInverseGaussian: Rules = { InverseGaussian: inverseGaussianInverseGaussian };
