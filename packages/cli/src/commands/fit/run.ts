/** From a prepared table to a folder with a model and its report: what `fit` and `demo` share. */
import type { DensityModel } from "credence/models";
import { writeFileWhole } from "../../files.js";
import type { ReportData } from "../../report/data.js";
import { sayMeanwhile } from "../../terminal.js";
import type { Standing } from "../compare/standings.js";
import { type RunFiles, runFiles, saveModel } from "./folder.js";
import type { FittedRun } from "./reportData.js";

export interface SavedRun {
  readonly files: RunFiles;
  readonly data: ReportData;
}

/** Writes the model and its history at once, then draws the report, which takes a moment. */
export async function saveRun(folder: string, run: Omit<FittedRun, "file">): Promise<SavedRun> {
  const files = runFiles(folder);
  await saveModel(folder, run.model);
  const wipe = sayMeanwhile("scoring the held-out rows and drawing the report");
  try {
    // the plotting library is loaded by none of the other commands
    const [data, page] = await Promise.all([import("./reportData.js"), import("../../report/index.js")]);
    const drawn = await data.reportData({ ...run, file: files.model });
    await writeFileWhole(files.report, page.renderReport(drawn));
    return { files, data: drawn };
  } finally {
    wipe();
  }
}

/** What `--json` prints. */
export function fitJson(
  { summary, family }: DensityModel,
  { model, report }: RunFiles,
  more: { readonly rows: number; readonly columns: number; readonly families?: readonly Standing[] },
): string {
  const { epochs, steps, seconds, stepMilliseconds, trainNll, validationNll, stoppedBy } = summary;
  return JSON.stringify({
    model,
    report,
    rows: more.rows,
    columns: more.columns,
    ...(more.families && { family, families: more.families }),
    epochs,
    steps,
    seconds,
    stepMilliseconds,
    trainNll,
    validationNll,
    stoppedBy,
  });
}
