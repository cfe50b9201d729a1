import { fail } from "../../errors.js";
import { announceMail, type Mail, makeControl, type Parts, runJob } from "./control.js";
import { startHelper, whyNoThreads } from "./startWorker.js";

/** The helpers of this thread, of which there are one less than threads. They start at once and sleep when there is nothing to do. */
export class Crew {
  private readonly control = makeControl();
  private readonly helpers: { post(mail: Mail): void }[] = [];
  private readonly mayWait = maySleep(this.control);
  private programs = 0;
  private failure: unknown;
  /** A program that nobody refers to any longer leaves the helpers' memory too. */
  private readonly dropped = new FinalizationRegistry<number>((id) => this.post({ kind: "drop", id }));

  constructor(threads: number) {
    if (whyNoThreads()) return; // then this thread does all the work
    for (let own = 1; own < threads; own++) {
      const helper = startHelper((error) => {
        this.failure ??= error;
      });
      helper.post({ kind: "start", own, control: this.control });
      this.helpers.push(helper);
    }
  }

  /**
   * Makes a program known to the helpers.
   *
   * @param owner  they keep the program until this is collected
   * @returns      its number
   */
  enlist(module: WebAssembly.Module, memory: WebAssembly.Memory, owner: object): number {
    const id = this.programs++;
    this.dropped.register(owner, id);
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
function maySleep(control: Int32Array): boolean {
  try {
    Atomics.wait(control, 1, 1, 0); // a word that is 0: returns at once
    return true;
  } catch {
    return false;
  }
}
