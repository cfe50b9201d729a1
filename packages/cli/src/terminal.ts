/** Words to stderr, results to stdout. */
import pc from "picocolors";
import { visible } from "./words.js";

type Colors = ReturnType<typeof pc.createColors>;

/** Colours for a stream: on a terminal only, unless NO_COLOR (not empty) or FORCE_COLOR say otherwise. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): Colors {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== "" && env.FORCE_COLOR !== "0";
  const watched = stream.isTTY === true && env.TERM !== "dumb";
  return pc.createColors(!env.NO_COLOR && (forced || watched));
}

/** A line for the person who watches. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

export function sayNote(note: string): void {
  say(`  ${paintFor(process.stderr).yellow("note:")} ${visible(note)}`);
}

/** Tells what is going on while it does, where somebody watches. @returns wipes the line */
export function sayMeanwhile(text: string): () => void {
  const stream = process.stderr;
  if (!stream.isTTY || process.env.TERM === "dumb") return () => {};
  stream.write(`  ${text}`.slice(0, (stream.columns || 80) - 1)); // a line that wraps could not be wiped
  return () => stream.write("\r\x1b[K");
}

/** A line of the result. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * Ends the command without a word when whoever read its output has gone, as in `credence predict … | head`: what was
 * wanted has been delivered.
 */
export function endWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      process.exit();
    });
  }
}
