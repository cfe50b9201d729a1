import { callersLine } from "./place.js";
import { isTracing } from "./trace.js";

/**
 * Every failure a caller can mend is a `CredenceError`: code throws facts, this file words them.
 *
 *     div: shapes [3] and [4] do not broadcast.
 *       allowed: trailing sizes that are equal, or 1
 *       mend:    reshape one of them
 */
export type ErrorCode =
  | "argument" // an option or argument out of its range
  | "axis" // an axis that the tensor does not have
  | "domain" // a value outside the domain of a function or parameter
  | "donated" // a tensor whose memory was given to a compiled function
  | "engine" // something that the JavaScript engine does not have
  | "dtype" // an element type that the operation does not take
  | "file" // a model file that cannot be trusted
  | "missing" // a method or formula that does not exist
  | "memory" // more memory than a module can have
  | "nonFinite" // NaN or infinity where training needs numbers
  | "shape" // shapes that do not fit together
  | "traced" // a value asked for while a function is being compiled
  | "aborted"; // stopped by the caller's AbortSignal

export interface ErrorFacts {
  readonly code: ErrorCode;
  /** What was given, as a sentence that names the function or parameter. */
  readonly given: string;
  /** What would have been accepted. */
  readonly allowed?: string;
  /** How to mend the call. */
  readonly mend?: string;
  /** Where in the caller's code: file, line and column. */
  readonly at?: string | undefined;
}

export class CredenceError extends Error {
  readonly code: ErrorCode;
  readonly facts: ErrorFacts;

  constructor(facts: ErrorFacts, options?: ErrorOptions) {
    super(word(facts), options);
    this.name = "CredenceError";
    this.code = facts.code;
    this.facts = facts;
  }
}

function word({ given, allowed, mend, at }: ErrorFacts): string {
  const lines = [given.endsWith(".") ? given : `${given}.`];
  if (allowed !== undefined) lines.push(`  allowed: ${allowed}`);
  if (mend !== undefined) lines.push(`  mend:    ${mend}`);
  if (at !== undefined) lines.push(`  at:      ${at}`);
  return lines.join("\n");
}

/**
 * Throws the error of these facts; typed `never`, so that it can end an expression.
 *
 * While a function is traced the caller's line is added: there what fails may be far from the call that the program made last.
 */
export function fail(facts: ErrorFacts, options?: ErrorOptions): never {
  throw new CredenceError(isTracing() ? { at: callersLine(), ...facts } : facts, options);
}

/** The given name's nearest neighbour among `names`, for "did you mean"; undefined when none is near. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of names) {
    const d = editDistance(name.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (d < bestDistance) [best, bestDistance] = [candidate, d];
  }
  return best;
}

/** Levenshtein distance, one row at a time; answers `limit` as soon as it can't be less. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitute = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitute, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return Math.min(row[b.length] as number, limit);
}
