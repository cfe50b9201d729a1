import type { Tensor } from "../../graph/tensor.js";
import type { Skellam } from "../skellam.js";
import { countDivergence } from "./counts.js";
import type { Rules } from "./parts.js";

const skellamSkellam = (p: Skellam, q: Skellam): Tensor => countDivergence(p, q, Number.NEGATIVE_INFINITY);

/** From the Skellam distribution to other families. */
export const fromSkellam: Rules = { Skellam: skellamSkellam };
