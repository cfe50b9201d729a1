import "../tensor/methods.js";

export { DensityModel } from "./densityModel.js";
export { type DensityRegressor, densityRegressor } from "./densityRegressor.js";
export {
  commonFamiliesFor,
  familiesFor,
  familyNamed,
  familyNames,
  familyTitle,
  isDiscrete,
  optionsOfFamily,
  outsideSupport,
} from "./families.js";
export { load } from "./file.js";
export { Prediction } from "./prediction.js";
export { readSafetensors, type TensorEntry, writeSafetensors } from "./safetensors.js";
export type { RowScores, Scores } from "./scores.js";
export { takeRows } from "./table.js";
export type {
  Column,
  DensityOptions,
  EpochRecord,
  Family,
  FitOptions,
  FitProgress,
  FitSummary,
  MemberHistory,
  Table,
} from "./types.js";
