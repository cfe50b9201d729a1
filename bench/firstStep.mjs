// A training job's first step in a fresh process. Usage: node firstStep.mjs JOB SIZES_AS_JSON. Prints {first, later} in ms.
import { jobs } from "./jobs.mjs";
import { say } from "./rounds.mjs";

const LATER_STEPS = 12;
const ENOUGH_MS = 4000;

const [name, sizes] = process.argv.slice(2);
const { makeJob } = await jobs[name].load();
const { trainOnce } = makeJob(JSON.parse(sizes));

const timeOf = (run) => {
  const start = performance.now();
  run();
  return performance.now() - start;
};

const first = timeOf(trainOnce);
const later = [];
for (const end = performance.now() + ENOUGH_MS; later.length < LATER_STEPS && performance.now() < end; ) {
  await new Promise((resolve) => setTimeout(resolve, 20)); // the engine's faster code arrives between calls
  later.push(timeOf(trainOnce));
}
say({ first, later: Math.min(...later) });
process.exit(0);
