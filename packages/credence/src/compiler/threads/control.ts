/**
 * What threads share to divide a kernel's work: a few words of memory.
 *
 * A kernel's parts are fixed when it is compiled; who runs a part is not. Each thread claims the part of its own number if it is still
 * open, else any other. So a thread that sleeps, or has not started yet, is never waited for: the others do its part. Which thread
 * ran a part does not show in the results.
 */
export type Control = Int32Array;

/** Words of a control block, 64 bytes apart so that they don't share a cache line. */
const word = (index: number): number => index * 16;
/** Number of the job, and one bit for each part that is not open. */
const TICKET = word(0);
/** Parts that are done. */
const DONE = word(1);
/** Helpers that wait to be woken; does the giver of jobs wait? */
const ASLEEP = word(2);
const AWAITED = word(3);
/** Programs sent to each helper so far. */
const MAIL = word(4);
/** Has a part failed? */
const FAILED = word(5);
/** The job: program and number of its first function. Written while no part is open. */
const PROGRAM = word(6);
const FIRST = PROGRAM + 1;
const WORDS = word(7);

export const MOST_PARTS = 16;
const NONE_OPEN = 2 ** MOST_PARTS - 1;

/** Looks without result before a thread goes to sleep: about a millisecond, since to be woken takes 50 microseconds and more. */
const PATIENCE = 20_000;

/** What helpers are sent: first the control block with their number, then programs. */
export type Mail =
  | { readonly kind: "start"; readonly own: number; readonly control: Control }
  | {
      readonly kind: "program";
      readonly id: number;
      readonly module: WebAssembly.Module;
      readonly memory: WebAssembly.Memory;
    };

const PART = "part ";
/** Name of the export of a function that is one part of a kernel. */
export const partName = (functionIndex: number): string => PART + functionIndex;

/** A program's parts, by their numbers as functions. */
export type Parts = ReadonlyMap<number, () => void>;

export function partsOf(exports: WebAssembly.Exports): Parts {
  const named = Object.entries(exports).filter(([name]) => name.startsWith(PART));
  return new Map(named.map(([name, part]) => [Number(name.slice(PART.length)), part as () => void]));
}

export function makeControl(): Control {
  const control = new Int32Array(new SharedArrayBuffer(4 * WORDS));
  control[TICKET] = NONE_OPEN;
  return control;
}

/**
 * Runs `count` parts, the functions from `first` on, on this thread and whichever helpers are there, and returns when all are done.
 *
 * @param mayWait  false on a page's main thread, which may not sleep and keeps looking instead
 * @throws whatever a part throws
 */
export function runJob(
  control: Control,
  job: { readonly program: number; readonly parts: Parts; readonly first: number; readonly count: number },
  mayWait: boolean,
): void {
  control[DONE] = 0;
  control[FAILED] = 0;
  control[PROGRAM] = job.program;
  control[FIRST] = job.first;
  issue(control, job.count);
  let error: unknown;
  for (let part = claim(control, 0); part >= 0; part = claim(control, 0)) {
    try {
      job.parts.get(job.first + part)!();
    } catch (thrown) {
      error ??= thrown;
    }
    finish(control);
  }
  for (let looks = 0; Atomics.load(control, DONE) < job.count; looks++) {
    if (mayWait && looks >= PATIENCE) awaitDone(control, job.count);
  }
  if (error !== undefined) throw error;
  if (Atomics.load(control, FAILED) > 0) throw new Error("a kernel failed in a helper thread");
}

/** Announces mail, so that helpers go and take it. */
export function announceMail(control: Control): void {
  Atomics.add(control, MAIL, 1);
  issue(control, 0); // ends their sleep
}

/** A helper's work: runs parts until there is mail, programs that it has not received so far. */
export function serve(control: Control, own: number, programs: ReadonlyMap<number, Parts>): void {
  let looks = 0;
  for (;;) {
    const ticket = Atomics.load(control, TICKET); // before looking for mail, which is announced by a new ticket
    if (Atomics.load(control, MAIL) !== programs.size) return;
    const part = claim(control, own);
    if (part < 0) {
      if (++looks >= PATIENCE) {
        Atomics.add(control, ASLEEP, 1);
        Atomics.wait(control, TICKET, ticket);
        Atomics.sub(control, ASLEEP, 1);
        looks = 0;
      }
      continue;
    }
    looks = 0;
    const parts = programs.get(control[PROGRAM]!);
    if (parts === undefined) {
      Atomics.and(control, TICKET, ~(1 << part)); // not ours yet: the program is in the mail
      continue;
    }
    try {
      parts.get(control[FIRST]! + part)!();
    } catch {
      Atomics.store(control, FAILED, 1);
    }
    finish(control);
  }
}

/** A new ticket with `count` open parts. */
function issue(control: Control, count: number): void {
  const number = (control[TICKET]! >>> MOST_PARTS) + 1;
  Atomics.store(control, TICKET, (number << MOST_PARTS) | ((NONE_OPEN << count) & NONE_OPEN));
  // not for nothing: even if nobody sleeps it is a call of the system
  if (Atomics.load(control, ASLEEP) > 0) Atomics.notify(control, TICKET);
}

/** Takes an open part, `own` before others; -1 if there is none. */
function claim(control: Control, own: number): number {
  for (;;) {
    const ticket = Atomics.load(control, TICKET);
    const open = ~ticket & NONE_OPEN;
    if (open === 0) return -1;
    const part = open & (1 << own) ? own : 31 - Math.clz32(open & -open);
    if (Atomics.compareExchange(control, TICKET, ticket, ticket | (1 << part)) === ticket) return part;
  }
}

/** Counts a part as done. */
function finish(control: Control): void {
  Atomics.add(control, DONE, 1);
  if (Atomics.load(control, AWAITED) > 0) Atomics.notify(control, DONE);
}

function awaitDone(control: Control, count: number): void {
  Atomics.store(control, AWAITED, 1);
  const done = Atomics.load(control, DONE);
  if (done < count) Atomics.wait(control, DONE, done);
  Atomics.store(control, AWAITED, 0);
}
