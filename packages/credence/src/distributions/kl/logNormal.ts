import type { Tensor } from "../../graph/tensor.js";
import type { LogNormal } from "../logNormal.js";
import { normalNormal } from "./normal.js";
import { never, type Rules } from "./parts.js";

/** As of the normals themselves: a change of variables leaves a divergence as it is. */
const logNormalLogNormal = (p: LogNormal, q: LogNormal): Tensor => normalNormal(p, q);

/** From the log-normal distribution to other families. */
export const fromLogNormal: Rules = {
  LogNormal: logNormalLogNormal,
  Uniform: never,
  Pareto: never,
};
