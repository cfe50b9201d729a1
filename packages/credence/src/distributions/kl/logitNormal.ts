import type { Tensor } from "../../graph/tensor.js";
import type { LogitNormal } from "../logitNormal.js";
import { normalNormal } from "./normal.js";
import type { Rules } from "./parts.js";

/** As of the normals themselves: a change of variables leaves a divergence as it is. */
const logitNormalLogitNormal = (p: LogitNormal, q: LogitNormal): Tensor => normalNormal(p, q);

/** From the logit-normal distribution to other families. */
export const fromLogitNormal: Rules = { LogitNormal: logitNormalLogitNormal };
