/** The families whose constructor takes parameters by name: what `fromJSON` can make without further knowledge. */
export { Categorical } from "./categorical.js";
export { Normal } from "./normal.js";
