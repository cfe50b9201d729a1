import { CredenceError } from "credence";
import { windDownOnSignal } from "../../interrupt.js";
import { say } from "../../terminal.js";

/** Trains and saves; Ctrl-C ends training with the best weights so far, and the exit code tells. */
export async function interruptible(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const exitCode = await windDownOnSignal(
    async (signal) => {
      try {
        await work(signal);
      } catch (error) {
        if (!(error instanceof CredenceError && error.code === "aborted")) throw error;
        say("  interrupted before training had begun; nothing was written");
      }
    },
    () => say("\n  stopping; the best weights so far are kept. Once more to quit at once."),
  );
  if (exitCode !== undefined) process.exitCode = exitCode;
}
