/** What the person at the command line gave and can mend: a wrong option, file or cell. The command exits with 2. */
export interface UsageFacts {
  /** What was given, as a sentence that names the file, line, column or option. */
  readonly given: string;
  /** What would have been accepted. */
  readonly allowed?: string;
  /** How to mend it. */
  readonly mend?: string;
}

export class UsageError extends Error {
  readonly facts: UsageFacts;
  readonly exitCode = 2;

  constructor(facts: UsageFacts, options?: ErrorOptions) {
    super(word(facts), options);
    this.name = "UsageError";
    this.facts = facts;
  }
}

/** The layout of the library's errors, so that both read alike. */
function word({ given, allowed, mend }: UsageFacts): string {
  const lines = [`${given}.`];
  if (allowed !== undefined) lines.push(`  allowed: ${allowed}`);
  if (mend !== undefined) lines.push(`  mend:    ${mend}`);
  return lines.join("\n");
}

/** Throws the error of these facts; typed `never`, so that it can end an expression. */
export function fail(facts: UsageFacts, options?: ErrorOptions): never {
  throw new UsageError(facts, options);
}
