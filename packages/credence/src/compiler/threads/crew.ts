import { fail } from "../../errors.js";
import { announceMail, type Mail, makeControl, type Parts, runJob } from "./control.js";
import { type Helper, startHelper, whyNoThreads } from "./startWorker.js";

interface Enlisted {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
}

/** Bytes of programs that are gone after which helpers are replaced; each program counts for a mebibyte at least. */
const MOST_DROPPED = 2 ** 28;
const LEAST_COUNTED = 2 ** 20;

/** The helpers of this thread, of which there are one less than threads. They start at once and sleep when there is nothing to do. */
export class Crew {
  private readonly threads: number;
  private readonly mayWait = maySleep();
  private readonly programs = new Map<number, Enlisted>();
  private enlisted = 0;
  private droppedBytes = 0;
  private readonly owners = new FinalizationRegistry<number>((id) => this.drop(id));
  private control = makeControl();
  private helpers: readonly Helper[];
  private failure: unknown;

  constructor(threads: number) {
    this.threads = whyNoThreads() ? 1 : threads; // then this thread does all the work
    this.helpers = this.start();
  }

  /**
   * Makes a program known to the helpers.
   *
   * @param owner  they may keep the program until this is collected
   * @returns      its number
   */
  enlist(module: WebAssembly.Module, memory: WebAssembly.Memory, owner: object): number {
    const id = this.enlisted++;
    this.programs.set(id, { module, memory });
    this.owners.register(owner, id);
    this.post({ kind: "program", id, module, memory });
    return id;
  }

  /** Runs `count` parts of a kernel, the functions of a program from `first` on. */
  run(program: number, parts: Parts, first: number, count: number): void {
    if (this.failure !== undefined) {
      fail(
        {
          code: "engine",
          given: `setEngine: a helper thread could not start: ${this.failure}`,
          mend: "let the page load the library's worker.js (worker-src in its content security policy), or set threads to 1",
        },
        { cause: this.failure },
      );
    }
    runJob(this.control, { program, parts, first, count }, this.mayWait);
  }

  private post(mail: Mail): void {
    for (const helper of this.helpers) helper.post(mail);
    announceMail(this.control);
  }

  private start(): Helper[] {
    return Array.from({ length: this.threads - 1 }, (_, i) => {
      const helper = startHelper((error) => {
        this.failure ??= error;
      });
      helper.post({ kind: "start", own: i + 1, control: this.control });
      return helper;
    });
  }

  /**
   * A helper allocates next to nothing, so its engine would hardly ever look for what it needs no longer: memory of programs that are gone
   * comes back by replacing the helpers. Until the new ones have started this thread does all the work.
   */
  private drop(id: number): void {
    const { byteLength } = this.programs.get(id)!.memory.buffer;
    this.programs.delete(id);
    this.droppedBytes += Math.max(byteLength, LEAST_COUNTED);
    if (this.droppedBytes < MOST_DROPPED) return;
    this.droppedBytes = 0;
    for (const helper of this.helpers) helper.end();
    this.control = makeControl();
    this.helpers = this.start();
    for (const [left, program] of this.programs) this.post({ kind: "program", id: left, ...program });
  }
}

const crews = new Map<number, Crew>();

/** The crew of so many threads. */
export function crewOf(threads: number): Crew {
  let crew = crews.get(threads);
  if (!crew) {
    crew = new Crew(threads);
    crews.set(threads, crew);
  }
  return crew;
}

/** A page's main thread may not. */
function maySleep(): boolean {
  try {
    Atomics.wait(makeControl(), 0, 0, 0); // returns at once
    return true;
  } catch {
    return false;
  }
}
