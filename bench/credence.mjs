// credence's own program. Usage: node credence.mjs JOB EPOCHS_PER_ROUND
import { createRequire } from "node:module";
import { jobs } from "./jobs.mjs";
import { serveTraining } from "./rounds.mjs";

const [name, perRound] = process.argv.slice(2);
const { makeJob } = await jobs[name].load();
const { version } = createRequire(import.meta.url)("credence/package.json");
const { epoch } = makeJob();
await serveTraining({ peer: "credence", version, perRound: Number(perRound), epoch });
