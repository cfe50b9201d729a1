// `npm run bench`: credence beside every peer that this machine has, in one run.
import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { HELP, readCommandLine } from "./commandLine.mjs";
import { compete, stopAll } from "./compete.mjs";
import { timeCompilation } from "./compileTimes.mjs";
import { jobs, scaling } from "./jobs.mjs";
import { buildLibrary, installPackages } from "./setup.mjs";
import { bars, overview, table } from "./table.mjs";

const RESULTS = new URL("results/latest.json", import.meta.url);

/** Epochs of training, or runs, before a plan's kernels are timed, and how often each is. */
const PLAN_ROUNDS = 3;
const PLAN_RUNS = 25;

function print(name, results) {
  const job = jobs[name];
  console.log(`\n${name}: ${job.title}`);
  const limit = results.find((r) => r.peer === "limit");
  if (limit) {
    const rate = job.flops / (limit[job.unit] * (job.unit === "msPerStep" ? 1e6 : job.elements));
    console.log(
      `${(job.flops / 1e6).toFixed(1)} Mflop in matrix products; the limit is what they take at the ${rate.toFixed(1)} GFLOP/s of a tile in registers`,
    );
  }
  for (const line of ["", ...table(job, results), "", ...bars(job, results)]) console.log(line);
}

function save(all, rounds) {
  const machine = { processor: cpus()[0]?.model ?? "unknown", cores: availableParallelism(), node: process.version };
  mkdirSync(new URL(".", RESULTS), { recursive: true });
  writeFileSync(
    RESULTS,
    `${JSON.stringify({ date: new Date().toISOString(), ...machine, rounds, results: all }, null, 2)}\n`,
  );
}

const { help, json, plan, compile, scaling: grows, rounds, names, chosen } = readCommandLine();
if (help) {
  console.log(HELP);
  process.exit(0);
}
if (!buildLibrary()) {
  console.error("bench: credence could not be built; run `npm ci` in the root first");
  process.exit(1);
}
if (plan) {
  for (const name of names) {
    const job = (await jobs[name].load()).makeJob();
    for (let i = 0; i < PLAN_ROUNDS; i++) {
      (job.epoch ?? job.run)();
      await new Promise(setImmediate); // the engine's faster code arrives between calls
    }
    console.log(job.plan({ measure: PLAN_RUNS }));
  }
  process.exit(0);
}
if (grows) {
  const { measureScaling } = await import("./scaling.mjs"); // draws with packages that the other runs do without
  await measureScaling(scaling, json);
  process.exit(0);
}
if (compile) {
  const results = await timeCompilation(names, rounds, json);
  process.exit(results.every(({ compileMs, bar }) => compileMs <= bar) ? 0 : 1);
}
installPackages(chosen.flatMap((peer) => peer.package ?? []));
process.on("SIGINT", () => {
  stopAll();
  process.exit(130);
});

const all = [];
for (const name of names) {
  console.error(`bench: ${name}, ${rounds} ${rounds === 1 ? "round" : "rounds"}`);
  const { results, notes } = await compete(name, chosen, rounds);
  all.push(...results);
  if (json) for (const result of results) console.log(JSON.stringify(result));
  else print(name, results);
  for (const note of notes) console.error(`bench: ${note}`);
}
if (!json && names.length > 1) for (const line of ["", "all jobs:", ...overview(all), ""]) console.log(line);
save(all, rounds);
if (!json) console.log(`written to ${fileURLToPath(RESULTS)}`);
const wantsOwn = chosen.some((peer) => peer.name === "credence");
process.exit(wantsOwn && names.some((name) => !all.some((r) => r.job === name && r.peer === "credence")) ? 1 : 0);
