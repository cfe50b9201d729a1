import type { Tensor } from "../../graph/tensor.js";
import type { Moyal } from "../moyal.js";
import { expm1Less, lgammaRise, never, type Rules, scaleTerm } from "./parts.js";

/** Euler's constant, -ψ(1). */
const EULER = 0.5772156649015329;

/**
 * (e^l - 1 - l) / 2 + R / 2 + (r - 1 - log r) with r = p.scale / q.scale, R the rise of lgamma(r + 1/2) above its tangent at r = 1, and
 * l = log E e^-z of q's z under p = R + (ψ(3/2) + log 2) (r - 1) - (p.loc - q.loc) / q.scale: by E e^(-rZ) = 2^r Γ(r + 1/2) / √π, since
 * e^-Z is the square of a normal number.
 *
 * @source Walck, Hand-book on statistical distributions (2007), section 26.3, for the moments
 */
function moyalMoyal(p: Moyal, q: Moyal): Tensor {
  const excess = p.scale.sub(q.scale).div(q.scale); // r - 1
  const r = p.scale.div(q.scale);
  const rise = lgammaRise(r.add(0.5), r.mul(0).add(1.5));
  const l = rise.add(excess.mul(2 - EULER - Math.LN2)).sub(p.loc.sub(q.loc).div(q.scale));
  return expm1Less(l).add(rise).mul(0.5).add(scaleTerm(p.scale, q.scale));
}

/** From the Moyal distribution to other families. */
export const fromMoyal: Rules = {
  Moyal: moyalMoyal,
  Uniform: never,
  Pareto: never,
};
