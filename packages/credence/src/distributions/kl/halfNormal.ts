import type { Tensor } from "../../graph/tensor.js";
import type { HalfNormal } from "../halfNormal.js";
import { normalScales } from "./normal.js";
import { never, type Rules } from "./parts.js";

/** As of two normals with one mean: folding both loses nothing. */
const halfNormalHalfNormal = (p: HalfNormal, q: HalfNormal): Tensor => normalScales(p.scale, q.scale);

/** From the half-normal distribution to other families. */
export const fromHalfNormal: Rules = {
  HalfNormal: halfNormalHalfNormal,
  Uniform: never,
  Pareto: never,
};
