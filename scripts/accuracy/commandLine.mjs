// The command line of `npm run accuracy`. What it does not understand ends the program with exit code 2.
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const BESIDE = fileURLToPath(new URL("../../../shared/golden", import.meta.url));

export const HELP = `Usage: npm run accuracy -- [options] [PATTERN...]

Measures the built library against references of 25 digits. Prints a line a function: cases; median and worst error in units
in the last place (ulp); the worst error / (1 + c), where c is the condition number: by how much rounding the arguments
alone moves the result, in relative terms; how many answers are infinite or NaN that should not be, or the reverse; the bar; and
what SciPy 1.10 and PyTorch 1.13 reach. Exit code 1 if a bar is exceeded. What the library lacks is listed, and is no error.

A PATTERN is part of a name, or a regular expression: "gamma", "dist/Normal", "^dist/Gamma\\.", "log_prob$".

Options:
  --golden DIR     a folder that holds visible/ and float32/ (default: ../shared/golden beside the checkout, where it is there;
                   else the project's own selection)
  --selection      the project's own selection
  --library DIR    the package folder of another checkout, built (default: this one's packages/credence)
  --precision P    float64 or float32 only
  --worst N        list the N worst cases of each function
  --exceeded       only functions that exceed their bar
  --json           one JSON object a function and line instead of the table (with npm run -s)
  --write FILE     also write the table as a page for the docs
  --help

Example:
  npm run accuracy -- --worst 3 ^dist/StudentT`;

function refuse(message) {
  console.error(`accuracy: ${message}`);
  process.exit(2);
}

function read() {
  const options = {
    golden: { type: "string" },
    selection: { type: "boolean", default: false },
    library: { type: "string" },
    precision: { type: "string" },
    worst: { type: "string", default: "0" },
    exceeded: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    write: { type: "string" },
    help: { type: "boolean", default: false },
  };
  try {
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    return refuse(`${error.message.split(". ")[0]}; see npm run accuracy -- --help`);
  }
}

function patternOf(text) {
  try {
    return new RegExp(text, "i");
  } catch {
    return refuse(`"${text}" is no regular expression`);
  }
}

/** The folder of references, or undefined for the project's own selection. */
function goldenOf(values) {
  if (values.selection) return undefined;
  const folder = values.golden === undefined ? BESIDE : path.resolve(values.golden);
  const isThere = ["visible", "float32"].some((name) => existsSync(path.join(folder, name)));
  if (values.golden !== undefined && !isThere) return refuse(`${values.golden} holds neither visible/ nor float32/`);
  return isThere ? folder : undefined;
}

/** A package folder, or undefined for this checkout's. */
function libraryOf(folder) {
  if (folder === undefined || existsSync(path.join(folder, "dist"))) return folder && path.resolve(folder);
  return refuse(`${folder} holds no dist/; build it first`);
}

/** @returns {{ help: boolean, json: boolean, exceeded: boolean, worst: number, write?: string, library?: string, golden?: string, isWanted: (reference) => boolean }} */
export function readCommandLine() {
  const { values, positionals } = read();
  const { help, json, exceeded, write, library, precision } = values;
  if (precision !== undefined && precision !== "float64" && precision !== "float32") {
    refuse(`--precision is "${precision}".\n  allowed: float64, float32`);
  }
  const worst = Number(values.worst);
  if (!Number.isInteger(worst) || worst < 0) refuse(`--worst is "${values.worst}".\n  allowed: a whole number`);
  const patterns = positionals.map(patternOf);
  const isWanted = (reference) =>
    (precision === undefined || precision === reference.precision) &&
    (patterns.length === 0 || patterns.some((pattern) => pattern.test(reference.id)));
  return {
    help,
    json,
    exceeded,
    worst,
    write,
    library: libraryOf(library),
    golden: goldenOf(values),
    isWanted,
  };
}
