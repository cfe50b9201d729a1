// `npm run bench -- --compile`: what credence needs before a job's first step is done, beyond the time of a step.
import { Contestant } from "./contestant.mjs";
import { jobs } from "./jobs.mjs";
import { columns } from "./table.mjs";
import { median } from "./timing.mjs";

const program = new URL("firstStep.mjs", import.meta.url).pathname;

/** One result a size of the job; each round is a process of its own. */
async function timeJob(name, rounds) {
  const { compile } = jobs[name];
  const all = [];
  for (const sizes of compile.sizes) {
    const answers = [];
    for (let round = 0; round < rounds; round++) {
      const child = new Contestant({ command: process.execPath, args: [program, name, JSON.stringify(sizes)] });
      answers.push(await child.ready());
    }
    const middle = (of) => median(answers.map(of));
    all.push({
      peer: "credence",
      job: name,
      ...sizes,
      firstStepMs: middle(({ first }) => first),
      laterStepMs: middle(({ later }) => later),
      compileMs: middle(({ first, later }) => first - later),
      bar: compile.most,
    });
  }
  return all;
}

const digits = (ms) => ms.toPrecision(3);

/** Prints a table, or one object a line. Jobs without a bar for it are left out. */
export async function timeCompilation(names, rounds, json) {
  const timed = names.filter((name) => jobs[name].compile);
  const results = [];
  for (const name of timed) {
    console.error(`bench: first step of ${name}, ${rounds} ${rounds === 1 ? "process" : "processes"}`);
    results.push(...(await timeJob(name, rounds)));
  }
  if (json) for (const result of results) console.log(JSON.stringify(result));
  else {
    const rows = results.map(({ job, steps, firstStepMs, laterStepMs, compileMs, bar }) => [
      steps === undefined ? job : `${job}, ${steps} time steps`,
      ...[firstStepMs, laterStepMs, compileMs].map(digits),
      String(bar),
      compileMs <= bar ? "reached" : "missed",
    ]);
    for (const line of columns([["", "first step, ms", "later step", "difference", "bar", ""], ...rows]))
      console.log(line);
  }
  return results;
}
