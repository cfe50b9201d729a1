/** Ctrl-C and SIGTERM: the first asks for an orderly end, the second ends at once. */

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;
type Signal = keyof typeof exitCodes;

export interface Interruption {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The exit code of a command that was interrupted; undefined when it was not. */
  readonly exitCode: number | undefined;
  /** Gives the signals their usual meaning back. */
  release(): void;
}

/**
 * @param onFirst  what to do at once, for instance to say that the work is being wound up
 * @param onSecond what to undo before the command ends without waiting
 */
export function catchInterrupts({
  onFirst = () => {},
  onSecond = () => {},
}: {
  readonly onFirst?: (signal: Signal) => void;
  readonly onSecond?: () => void;
}): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  const listener = (signal: Signal): void => {
    if (exitCode !== undefined) {
      onSecond();
      process.exit(exitCodes[signal]);
    }
    exitCode = exitCodes[signal];
    onFirst(signal);
    controller.abort();
  };
  for (const signal of Object.keys(exitCodes) as Signal[]) process.on(signal, listener);
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
    release() {
      for (const signal of Object.keys(exitCodes) as Signal[]) process.off(signal, listener);
    },
  };
}
