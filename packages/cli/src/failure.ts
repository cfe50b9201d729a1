/** What went wrong, in words and as an exit code. */
import { CommanderError } from "commander";
import { CredenceError, type ErrorCode } from "credence";
import { UsageError } from "./errors.js";
import { paintFor, say } from "./terminal.js";
import { visible } from "./words.js";

export const EXIT = { failed: 1, usage: 2 } as const;

/** What the library found wrong with what it was given, rather than with how the work went. */
const inputCodes: ReadonlySet<ErrorCode> = new Set(["argument", "domain", "dtype", "shape", "file"]);

/** Tells the failure on stderr. @returns the exit code */
export function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage; // commander has told it
  if (error instanceof UsageError) return tell(error.message, EXIT.usage);
  if (error instanceof CredenceError) {
    const { at: _, ...facts } = error.facts; // the line would be one of this program
    return tell(new CredenceError(facts).message, inputCodes.has(error.code) ? EXIT.usage : EXIT.failed);
  }
  const { message, code } = error as NodeJS.ErrnoException;
  if (isSystemError(error)) return tell(`${message}.\n  code:    ${code}`, EXIT.failed);
  if (process.env.CREDENCE_DEBUG === "1") say((error as Error).stack ?? message);
  const words = `${message ?? String(error)}; please report it, with what CREDENCE_DEBUG=1 prints`;
  return tell(words, EXIT.failed, "unexpected error:");
}

function tell(message: string, exitCode: number, label = "error:"): number {
  say(`${paintFor(process.stderr).red(label)} ${visible(message)}`);
  return exitCode;
}

/** A full disk, a folder without permission: the machine's fault, not the program's. */
function isSystemError(error: unknown): boolean {
  return error instanceof Error && "syscall" in error && "code" in error;
}
