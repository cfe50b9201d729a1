// Everything that does a job, and how to start it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium } from "../scripts/chromium.mjs";
import { jobs } from "./jobs.mjs";

const here = (file) => fileURLToPath(new URL(file, import.meta.url));

const node = (file) => (job) => ({ command: process.execPath, args: [here(file), job, String(jobs[job].perRound)] });

/** A program that needs a package of this folder. */
const packaged = (file, name) => ({
  package: name,
  find: (job) =>
    existsSync(here(`node_modules/${name}`))
      ? node(file)(job)
      : { missing: "run `npm ci` in bench/ with a package registry in reach" },
});

const pythonHas = (python, module) => {
  const probe = `import importlib.util, sys; sys.exit(importlib.util.find_spec("${module}") is None)`;
  return spawnSync(python, ["-c", probe]).status === 0;
};

/**
 * A program for the first Python that has the module: one of those that PYTHON names, parted as in PATH. Debian's own sees the packages that
 * apt-get installs.
 */
const python = (module, howToGet) => (job) => {
  const candidates = [...(process.env.PYTHON ?? "").split(path.delimiter), "python3", "/usr/bin/python3"].filter(
    Boolean,
  );
  const found = candidates.find((candidate) => pythonHas(candidate, module));
  const file = here(`peers/${job.split(".")[0]}_${module}.py`);
  return found ? { command: found, args: [file, String(jobs[job].perRound), job] } : { missing: howToGet };
};

const inEnvironment = (packages) =>
  `python3 -m venv FOLDER && FOLDER/bin/pip install ${packages}, and PYTHON=FOLDER/bin/python before the command`;

/** credence in a page. */
const browser = (job) => {
  const { missing } = findChromium();
  return missing ? { missing } : node("browser.mjs")(job);
};

const training = ["mdn.step", "vae.step"];
const all = Object.keys(jobs);
/** The limit is one of products in float32. */
const multiplying = all.filter((job) => jobs[job].flops !== undefined && !job.endsWith(".f64"));

/**
 * `find` answers a command line for a job, or why there is none; `package` is what `npm ci` in this folder brings it; what is
 * `onRequest` runs only if named.
 */
export const peers = [
  { name: "limit", jobs: multiplying, find: node("limit.mjs") },
  { name: "credence", jobs: all, find: node("credence.mjs") },
  {
    name: "PyTorch",
    jobs: all,
    find: python(
      "torch",
      "Debian: apt-get install python3-torch libopenblas0-pthread; or name a Python that has torch in PYTHON",
    ),
  },
  { name: "JAX", jobs: training, find: python("jax", inEnvironment("'jax[cpu]'")) },
  { name: "Keras", jobs: training, find: python("keras", inEnvironment("keras 'jax[cpu]'")) },
  { name: "jax-js", jobs: training, ...packaged("peers/jaxjs.mjs", "@jax-js/jax") },
  { name: "TensorFlow.js", jobs: training, ...packaged("peers/tfjs.mjs", "@tensorflow/tfjs") },
  { name: "Chromium", jobs: all.filter((job) => jobs[job].unit === "msPerStep"), find: browser, onRequest: true },
];
