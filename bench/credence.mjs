// credence's own program. Usage: node credence.mjs JOB EPOCHS_OR_RUNS_PER_ROUND
import { createRequire } from "node:module";
import { jobs } from "./jobs.mjs";
import { serveKernel, serveTraining } from "./rounds.mjs";

const [name, perRound] = process.argv.slice(2);
const { makeJob } = await jobs[name].load();
const { version } = createRequire(import.meta.url)("credence/package.json");
const program = { peer: "credence", version, perRound: Number(perRound), ...makeJob() };
if (jobs[name].unit === "msPerStep") await serveTraining(program);
else await serveKernel({ ...program, elements: jobs[name].elements });
