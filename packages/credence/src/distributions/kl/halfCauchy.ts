import type { Tensor } from "../../graph/tensor.js";
import type { HalfCauchy } from "../halfCauchy.js";
import { cauchyCauchy } from "./cauchy.js";
import { never, type Rules } from "./parts.js";

/** As of two Cauchy laws with one location: folding both loses nothing. */
function halfCauchyHalfCauchy(p: HalfCauchy, q: HalfCauchy): Tensor {
  const whole = ({ scale }: HalfCauchy): { loc: Tensor; scale: Tensor } => ({ loc: scale.mul(0), scale });
  return cauchyCauchy(whole(p), whole(q));
}

/** From the half-Cauchy distribution to other families. */
export const fromHalfCauchy: Rules = {
  HalfCauchy: halfCauchyHalfCauchy,
  Uniform: never,
  Pareto: never,
};
