export * from "../ops/numbers.js";
