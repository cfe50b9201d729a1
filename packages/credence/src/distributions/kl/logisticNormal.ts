import type { Tensor } from "../../graph/tensor.js";
import type { LogisticNormal } from "../logisticNormal.js";
import { normalNormal } from "./normal.js";
import type { Rules } from "./parts.js";

/** As of the normal numbers: a change of variables leaves a divergence as it is. */
const logisticNormals = (p: LogisticNormal, q: LogisticNormal): Tensor => normalNormal(p, q).sum(-1);

/** From the logistic-normal distribution to other families. */
export const fromLogisticNormal: Rules = { LogisticNormal: logisticNormals };
