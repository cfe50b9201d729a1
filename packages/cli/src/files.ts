/** Files that are whole or not there: written beside their place, then renamed into it. */
import { constants, rmSync } from "node:fs";
import { access, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import { fail } from "./errors.js";
import { quote } from "./table/words.js";

/** Unique to this process, so that two runs at once do not write into one file. */
function besideOf(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.tmp`);
}

/** Files that are being written just now. */
const unfinished = new Set<string>();

/** For a command that has to end at once. */
export function removeUnfinished(): void {
  for (const file of unfinished) rmSync(file, { force: true });
}

/** Writes through `write(temporary path)`; the file appears under its name only when that has succeeded. */
export async function writeWhole(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = besideOf(file);
  unfinished.add(temporary);
  try {
    await write(temporary);
    await syncToDisk(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    unfinished.delete(temporary);
  }
}

export async function writeFileWhole(file: string, content: string | Uint8Array): Promise<void> {
  await writeWhole(file, async (temporary) => {
    const handle = await open(temporary, "w");
    try {
      await handle.writeFile(content);
    } finally {
      await handle.close();
    }
  });
}

/** Without this a power cut after the rename could leave an empty file. */
async function syncToDisk(file: string): Promise<void> {
  const handle = await open(file, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Checks, before hours of training, that a run may be written to `folder`. Creates nothing.
 *
 * @throws UsageError when it is a file, holds files already and `force` is not set, or cannot be written to
 */
export async function checkFolder(folder: string, { force }: { readonly force: boolean }): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found !== undefined && !found.isDirectory()) {
    fail({
      given: `--out ${quote(folder)} is a file`,
      allowed: "a folder that is empty or does not exist yet",
      mend: "name another folder",
    });
  }
  if (found !== undefined && !force && (await readdir(folder)).length > 0) {
    fail({
      given: `--out ${quote(folder)} exists and is not empty`,
      allowed: "a folder that is empty or does not exist yet",
      mend: "name another one with --out, or add --force to replace the files of the last run in it",
    });
  }
  await checkWritable(folder);
}

async function checkWritable(folder: string): Promise<void> {
  let nearest = path.resolve(folder);
  // the root always exists, so this ends
  for (;;) {
    const found = await stat(nearest).catch(() => undefined);
    if (found?.isDirectory()) break;
    if (found !== undefined) {
      fail({ given: `${quote(folder)} cannot be created: ${quote(nearest)} is a file`, mend: "name another folder" });
    }
    nearest = path.dirname(nearest);
  }
  try {
    await access(nearest, constants.W_OK | constants.X_OK);
  } catch (cause) {
    fail({ given: `${quote(nearest)} may not be written to`, mend: "name another folder with --out" }, { cause });
  }
}

export async function createFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}
