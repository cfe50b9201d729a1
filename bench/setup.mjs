// What has to be there before programs can be timed. All words go to stderr.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const bench = fileURLToPath(new URL(".", import.meta.url));
const root = path.dirname(path.resolve(bench));
const library = path.join(root, "packages/credence");

function npm(args, cwd) {
  const { status } = spawnSync("npm", args, {
    cwd,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32", // there npm is a script
  });
  return status === 0;
}

const newest = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(path.join(entry.parentPath, entry.name)).mtimeMs), 0);

/** The built package is what is timed: builds it if the sources are newer. @returns whether it is there */
export function buildLibrary() {
  const built = path.join(library, "dist/index.js");
  if (existsSync(built) && statSync(built).mtimeMs >= newest(path.join(library, "src"))) return true;
  console.error("bench: building credence");
  return npm(["run", "--silent", "build", "-w", "credence"], root);
}

/** Installs packages of this folder on first use; without a registry the other peers still run. */
export function installPackages(names) {
  if (names.every((name) => existsSync(path.join(bench, "node_modules", name)))) return;
  console.error("bench: installing the JavaScript peers in bench/node_modules (once, some 300 MB)");
  const installed = npm(["ci", "--loglevel=silent", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"], bench);
  if (!installed) console.error("bench: that failed (run `npm ci` in bench/ to see why); going on without them");
}
