/** A fit in words. */
import { type Family, type FitSummary, familyTitle, type Table } from "credence/models";
import type { ReportData } from "../../report/data.js";
import { count, duration, formatNumber, percent } from "../../report/format.js";
import { confidence } from "../../report/words.js";
import { plain, trainingWords } from "../../words.js";
import type { RunFiles } from "./folder.js";

/** "18,204 rows, 6 inputs (2 text) -> minutes, mixture of 20 normals" */
export function introduction(
  table: Table,
  target: string,
  {
    family,
    components = 20,
    ensemble = 1,
  }: { readonly family: Family; readonly components?: number; readonly ensemble?: number },
): string {
  const inputs = table.columns.filter((column) => column.name !== target);
  const texts = inputs.filter((column) => column.kind === "text").length;
  const given = `${count(inputs.length, "input")}${texts > 0 ? ` (${texts} text)` : ""}`;
  const law =
    family === "mixture"
      ? `mixture of ${count(components, "normal")}`
      : `${familyTitle(family)}${family === "mse" ? ", by squared error" : ""}`;
  const members = ensemble > 1 ? `, ensemble of ${ensemble}` : "";
  return plain(`${count(table.rows, "row")}, ${given} -> ${target}, ${law}${members}`);
}

/** The result, a line each: how long it took, the scores on held-out rows, whether they can be trusted, the files. */
export function resultLines(summary: FitSummary, { scores, model }: ReportData, files: RunFiles): string[] {
  const isHeldOut = scores.scoredOn === "validation";
  const nll = isHeldOut ? summary.validationNll : summary.trainNll;
  return [
    `done in ${duration(summary.seconds)} (${trainingWords(summary)}): ${isHeldOut ? "validation" : "training"} NLL ${formatNumber(nll, 4)}, ` +
      `CRPS ${formatNumber(scores.crps)}, 90 % interval covers ${percent(scores.coverage["0.9"])}`,
    confidence(scores, model).replaceAll("`", ""),
    `${files.report}  model.safetensors  history.csv`,
  ].map(plain);
}
