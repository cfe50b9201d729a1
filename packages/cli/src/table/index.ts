/** Tables in and out. */
export { findColumn, type TypedColumn, typeColumn } from "./columns.js";
export type { RawTable } from "./parse.js";
export { readTable } from "./read.js";
export { targetColumn } from "./target.js";
export { type Cell, csvLine, writeCsv } from "./write.js";
