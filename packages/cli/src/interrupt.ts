/** Ctrl-C and SIGTERM. */
import { removeUnfinished } from "./files.js";

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof exitCodes;

function quit(signal: Signal): never {
  removeUnfinished();
  process.exit(exitCodes[signal]);
}

let handle: (signal: Signal) => void = quit;

/** From here on a signal ends the command with the exit code that tells which, and no half-written file stays behind. */
export function quitOnSignals(): void {
  for (const signal of Object.keys(exitCodes) as Signal[]) process.on(signal, () => handle(signal));
}

/**
 * Runs work that the first signal asks to end in good order and the second ends at once.
 *
 * @param work    gets an AbortSignal, and may take its time to end
 * @param onFirst what to tell at once
 * @returns the exit code of the signal; undefined where there was none
 */
export async function windDownOnSignal(
  work: (signal: AbortSignal) => Promise<void>,
  onFirst: () => void,
): Promise<number | undefined> {
  const controller = new AbortController();
  let exitCode: number | undefined;
  handle = (signal) => {
    handle = quit;
    exitCode = exitCodes[signal];
    onFirst();
    controller.abort();
  };
  try {
    await work(controller.signal);
  } finally {
    handle = quit;
  }
  return exitCode;
}
