// What every JavaScript program of the benchmark shares: train a little, then time a round for each line of standard input.
import { createInterface } from "node:readline";
import { median, warmTraining } from "./timing.mjs";

export const say = (message) => console.log(JSON.stringify(message));

/**
 * Prints `{peer, version}` when ready, then one line a round.
 *
 * @param program  name and version
 * @param round    does a round, answers what to print
 */
export async function serve({ peer, version, round }) {
  say({ peer, version });
  for await (const _ of createInterface({ input: process.stdin })) say(await round());
  process.exit(0); // libraries may keep timers or workers
}

/** `serve` for training: `epoch` trains once over the data and answers [mean loss, steps]. */
export async function serveTraining({ peer, version, perRound, epoch }) {
  await serve({ peer, version, round: await warmTraining({ perRound, epoch }) });
}

const WARM_MS = 1000;

/** `serve` for a kernel: `run` computes once, `mean` answers a number that says what came out. */
export async function serveKernel({ peer, version, perRound, elements, run, mean }) {
  for (const end = performance.now() + WARM_MS; performance.now() < end; ) {
    run();
    await new Promise(setImmediate); // the engine's faster code arrives between calls
  }
  const round = () => {
    const times = Array.from({ length: perRound }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    });
    return { nsPerElement: (median(times) / elements) * 1e6, mean: mean() };
  };
  await serve({ peer, version, round });
}
