// npm run docs: the pages of the distributions, the command's catalogue of them, and with --pictures their densities.
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { loadLibrary } from "../accuracy/library.mjs";
import { PAGES, renderDocs } from "./index.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const command = path.join(root, "packages/cli/dist/main.js");
/** Programs at a time. */
const ABREAST = 2;

const { files, pictures, missing } = renderDocs(await loadLibrary());
const folder = path.join(root, PAGES, "pictures");
mkdirSync(folder, { recursive: true });

if (process.argv.includes("--pictures")) {
  const queue = [...pictures];
  await Promise.all(Array.from({ length: ABREAST }, () => drawAll(queue)));
  removeOthers(
    folder,
    pictures.map(([name]) => `${name}.svg`),
  );
} else {
  for (const [file, text] of files) writeFileSync(path.join(root, file), text);
  removeOthers(path.join(root, PAGES), ["pictures", ...files.map(([file]) => path.basename(file))]);
}
console.log(`${files.length} files, ${pictures.length} pictures`);
if (missing.length > 0) console.log(`not in the library, so not in the table of names: ${missing.join(", ")}`);

async function drawAll(queue) {
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [name, expression] = next;
    await run([command, "dist", expression, "--small", "--plot", path.join(folder, `${name}.svg`)]);
  }
}

function run(words) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, words, { stdio: ["ignore", "ignore", "pipe"] });
    let said = "";
    child.stderr.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${words.join(" ")}: ${said}`))));
  });
}

/** Pages of families that are no more. */
function removeOthers(place, kept) {
  for (const name of readdirSync(place)) if (!kept.includes(name)) rmSync(path.join(place, name));
}
