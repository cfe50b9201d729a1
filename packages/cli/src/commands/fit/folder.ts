/** The folder of a run: model.safetensors, history.csv, report.html. */
import { rm } from "node:fs/promises";
import path from "node:path";
import type { DensityModel } from "credence/models";
import { createFolder, writeFileWhole } from "../../files.js";
import { historyCsv } from "./history.js";

export interface RunFiles {
  readonly model: string;
  readonly history: string;
  readonly report: string;
}

export function runFiles(folder: string): RunFiles {
  return {
    model: path.join(folder, "model.safetensors"),
    history: path.join(folder, "history.csv"),
    report: path.join(folder, "report.html"),
  };
}

/** Where a run goes when nobody says: runs/ and the target's name, without what a file system may not take. */
export function defaultFolder(target: string): string {
  const name = target
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}._-]+/gu, "_")
    .replace(/^\.+/, "_")
    .slice(0, 60);
  return path.join("runs", name === "" ? "target" : name);
}

/** Saves what cannot be made again first; a report of an earlier run would not belong to the new model. */
export async function saveModel(folder: string, model: DensityModel): Promise<void> {
  const files = runFiles(folder);
  await createFolder(folder);
  await rm(files.report, { force: true });
  await writeFileWhole(files.model, model.toBytes());
  await writeFileWhole(files.history, historyCsv(model.summary));
}
