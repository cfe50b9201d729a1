/** Reading and writing safetensors files: named arrays with text metadata, and nothing that is ever executed. */
export type { TensorData, TensorDtype, TensorEntry } from "./safetensors/format.js";
export { type ReadOptions, readSafetensors } from "./safetensors/read.js";
export { writeSafetensors } from "./safetensors/write.js";
