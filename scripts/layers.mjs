// Checks what the compiler cannot: the order of the layers, the library's independence, and the length of files.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { findImports } from "./imports.mjs";

/** Values flow downwards: a file may use its own row and the rows above it. Types may come from anywhere. */
const LAYERS = [
  ["errors", "place", "trace"],
  ["graph"],
  ["ops"],
  ["interpreter"],
  ["compiler"],
  ["tensor"],
  ["random"],
  ["autodiff"],
  ["program"],
  ["special", "linalg"],
  ["distributions", "bijectors"],
  ["divergences"],
  ["losses"],
  ["nn"],
  ["optim"],
  ["train"],
  ["metrics"],
  ["models"],
  ["explain"],
];
const MAX_LINES = 400;
const LIBRARY = "packages/credence";
const SOURCE = `${LIBRARY}/src`;

const root = path.resolve(process.argv[2] ?? ".");
const rank = new Map(LAYERS.flatMap((names, row) => names.map((name) => [name, row])));
const problems = [];

const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), "utf8"));

/** Paths of code files under `folder`, from the root, with forward slashes. */
function codeFiles(folder) {
  const full = path.join(root, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full, { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^(node_modules|dist)$/.test(entry.name) ? [] : codeFiles(file);
    return /\.(ts|mts|js|mjs)$/.test(entry.name) ? [file] : [];
  });
}

/** The layer of a source file: its folder, or its own name where it lies directly in src. */
const layerOf = (file) =>
  path.posix
    .relative(SOURCE, file)
    .split("/")[0]
    .replace(/\.(ts|js)$/, "");

/** Entry points list the names of a subpath, from any layer, and hold no logic. */
const entries = new Set(
  Object.values(readJson(`${LIBRARY}/package.json`).exports).map((target) =>
    typeof target === "string" ? target : `${SOURCE}/${target.default.replace("./dist/", "").replace(/\.js$/, ".ts")}`,
  ),
);

const target = (file, specifier) => path.posix.join(path.posix.dirname(file), specifier);

function checkLibraryImport(file, { specifier, typeOnly, dynamic, line }) {
  const at = `${file}:${line}`;
  if (specifier.startsWith("node:")) {
    if (typeOnly || (dynamic && /node|worker/.test(path.posix.basename(file)))) return;
    problems.push(
      `${at}: imports ${specifier}, which browsers do not have.\n` +
        `  allowed: await import("${specifier}") in a file with "node" or "worker" in its name`,
    );
    return;
  }
  if (!specifier.startsWith(".")) {
    if (!typeOnly) problems.push(`${at}: imports the package ${specifier}; the library has no dependency.`);
    return;
  }
  const used = target(file, specifier);
  if (!used.startsWith(`${SOURCE}/`)) {
    problems.push(`${at}: imports ${specifier}, which lies outside ${SOURCE}.`);
    return;
  }
  if (typeOnly || entries.has(file)) return;
  const [own, other] = [layerOf(file), layerOf(used)];
  if (own === other || !rank.has(own)) return; // an unknown layer is reported once, for the file that lies in it
  if (!rank.has(other) || rank.get(other) > rank.get(own)) {
    problems.push(
      `${at}: ${own} imports values from ${other} (${specifier}), which stands below it.\n` +
        `  allowed: values from ${own} and the layers above it; types from anywhere (import type)`,
    );
  }
}

function checkLibrary() {
  for (const file of codeFiles(SOURCE)) {
    if (layerOf(file) !== "index" && !rank.has(layerOf(file))) {
      problems.push(`${file}: ${layerOf(file)} is no layer.\n  mend: give it its row in LAYERS in scripts/layers.mjs`);
    }
    for (const found of findImports(path.join(root, file))) checkLibraryImport(file, found);
  }
  for (const kind of ["dependencies", "peerDependencies", "optionalDependencies"]) {
    const names = Object.keys(readJson(`${LIBRARY}/package.json`)[kind] ?? {});
    if (names.length)
      problems.push(`${LIBRARY}/package.json: ${kind} lists ${names.join(", ")}; it must list nothing.`);
  }
}

/** A package that uses the library knows its public names only. */
function checkUser(folder, publicNames) {
  for (const file of codeFiles(folder)) {
    for (const { specifier, line } of findImports(path.join(root, file))) {
      const strays = specifier.startsWith(".") && !target(file, specifier).startsWith(`${folder}/`);
      const isPrivate = /^credence(\/|$)/.test(specifier) && !publicNames.includes(specifier);
      if (strays || isPrivate) {
        problems.push(
          `${file}:${line}: imports ${specifier}, which is not public.\n  allowed: ${publicNames.join(", ")}`,
        );
      }
    }
  }
}

function checkLengths(folder) {
  for (const file of codeFiles(folder)) {
    const lines = readFileSync(path.join(root, file), "utf8").trimEnd().split("\n").length;
    if (lines > MAX_LINES) {
      problems.push(`${file}: ${lines} lines.\n  allowed: ${MAX_LINES}\n  mend: one idea a file; split it`);
    }
  }
}

const publicNames = Object.keys(readJson(`${LIBRARY}/package.json`).exports)
  .filter((name) => name !== "./package.json")
  .map((name) => path.posix.join("credence", name));

checkLibrary();
for (const name of readdirSync(path.join(root, "packages"))) {
  if (`packages/${name}` !== LIBRARY) checkUser(`packages/${name}`, publicNames);
}
for (const folder of ["packages", "scripts", "bench", "examples"]) checkLengths(folder);

if (problems.length) {
  console.error(`${problems.join("\n")}\n\n${problems.length} found.`);
  process.exit(1);
}
console.log("layers: in order");
