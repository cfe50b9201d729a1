// Reference values, from a folder of one JSON file a function or from the project's own selection: see README.md here.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The project's own points, one file a group and precision. */
export const SELECTION = fileURLToPath(new URL("../../packages/credence/test/references/", import.meta.url));

/**
 * @typedef {object} Reference
 * @property {string} id         such as "dist/Gamma.log_prob"
 * @property {"float64" | "float32"} precision
 * @property {string[]} [argNames]
 * @property {string} definition
 * @property {string} source
 * @property {{ args: unknown, expected: unknown, cond?: number, tag?: string, options?: object, grads?: object }[]} cases
 */

const FOLDERS = { float64: "visible", float32: "float32" };

/** Whatever of `visible` and `float32` a folder holds. @returns {Reference[]} */
export function readGolden(folder) {
  return Object.entries(FOLDERS).flatMap(([precision, name]) => {
    const root = path.join(folder, name);
    if (!existsSync(root)) return [];
    return readdirSync(root, { recursive: true })
      .filter((file) => file.endsWith(".json"))
      .sort()
      .map((file) => {
        const { source, arg_names: argNames, definition = "", cases } = readJson(path.join(root, file));
        return { id: file.slice(0, -5).replaceAll(path.sep, "/"), precision, argNames, definition, source, cases };
      });
  });
}

/** Lines of JSON: a function without its cases, then its cases, then the next function. @returns {Reference[]} */
export function readSelection(folder = SELECTION) {
  const references = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".jsonl"))) {
    for (const line of readFileSync(path.join(folder, file), "utf8").trimEnd().split("\n")) {
      const read = JSON.parse(line);
      if ("id" in read) references.push({ ...read, cases: [] });
      else references.at(-1).cases.push(read);
    }
  }
  return references;
}

const readJson = (file) => JSON.parse(readFileSync(file, "utf8"));
