// Programs that do the same job in turn: a round of each, then again, so that what disturbs the machine disturbs all alike.
import { Contestant } from "./contestant.mjs";
import { jobs } from "./jobs.mjs";
import { median } from "./timing.mjs";

const running = new Set();

/** Ends all programs. */
export const stopAll = () => {
  for (const contestant of running) contestant.stop();
  running.clear();
};

/** Starts the programs for a job side by side; each waits when it is warm. */
async function startAll(name, chosen, notes) {
  const started = chosen.map(async (peer) => {
    const found = peer.find(name);
    if (found.missing) {
      notes.push(`${peer.name} is not here: ${found.missing}`);
      return [];
    }
    const contestant = new Contestant(found);
    running.add(contestant);
    try {
      return [{ ...(await contestant.ready()), contestant, answers: [] }];
    } catch (error) {
      notes.push(`${peer.name} failed: ${error.message}`);
      running.delete(contestant);
      return [];
    }
  });
  return (await Promise.all(started)).flat();
}

/** All rounds of a job. A program that fails leaves the field with a note. */
export async function compete(name, chosen, rounds) {
  const notes = [];
  let field = await startAll(
    name,
    chosen.filter((peer) => peer.jobs.includes(name)),
    notes,
  );
  for (let round = 0; round < rounds; round++) {
    for (const entry of [...field]) {
      try {
        entry.answers.push(await entry.contestant.round());
      } catch (error) {
        notes.push(`${entry.peer} failed: ${error.message}`);
        field = field.filter((other) => other !== entry);
      }
    }
  }
  stopAll();
  return { results: summarize(name, field), notes };
}

function summarize(name, field) {
  const { unit } = jobs[name];
  const summaries = field.map(({ peer, version, answers }) => {
    const times = answers.map((answer) => answer[unit]);
    return {
      peer,
      version,
      job: name,
      [unit]: median(times),
      least: Math.min(...times),
      most: Math.max(...times),
      loss: answers.at(-1).loss ?? answers.at(-1).mean ?? null,
    };
  });
  const timeOf = (peer) => summaries.find((s) => s.peer === peer)?.[unit] ?? null;
  const ratio = (time, other) => (other === null ? null : time / other);
  return summaries.map((s) => ({
    ...s,
    ratioToPyTorch: ratio(s[unit], timeOf("PyTorch")),
    ratioToLimit: ratio(s[unit], timeOf("limit")),
  }));
}
