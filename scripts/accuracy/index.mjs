// What the tests use of this folder.
export { parseDecimal } from "./decimal.mjs";
export { measure } from "./measure.mjs";
export { readSelection } from "./references.mjs";
export { nameOf, worstLines } from "./table.mjs";
