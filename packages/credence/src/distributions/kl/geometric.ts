import type { Tensor } from "../../graph/tensor.js";
import type { Geometric } from "../geometric.js";
import { chanceDivergence } from "./chance.js";
import type { Rules } from "./parts.js";

/** That of one trial, times the mean number of trials. */
const geometricGeometric = (p: Geometric, q: Geometric): Tensor =>
  chanceDivergence(p.chance, q.chance).div(p.chance.success);

/** From the geometric distribution to other families. */
export const fromGeometric: Rules = { Geometric: geometricGeometric };
