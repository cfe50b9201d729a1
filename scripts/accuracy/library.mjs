// The built package, all entry points as one object.
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const OWN = fileURLToPath(new URL("../../packages/credence/", import.meta.url));

/** The names of the main entry point, and those of each other one under its name. @param folder  of the package, if another's */
export async function loadLibrary(folder = OWN) {
  const { exports: entries } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const library = {};
  for (const [name, { default: file }] of Object.entries(entries)) {
    if (file === undefined) continue;
    const built = path.join(folder, file);
    if (!existsSync(built)) throw new Error(`accuracy: ${file} is not there; run npm run build first`);
    const names = await import(pathToFileURL(built).href);
    if (name === ".") Object.assign(library, names);
    else library[name.slice(2)] = { ...names, ...library[name.slice(2)] };
  }
  return library;
}
