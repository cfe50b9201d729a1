import { Categorical } from "./categorical.js";
import { Normal } from "./normal.js";

/** The families whose constructor takes parameters by name: what `fromJSON` can make without further knowledge. */
export const families = { Categorical, Normal } as const;
