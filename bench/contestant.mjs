// A program that runs beside others and works only when asked to.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** One core each, so that the times compare; and Python leaves no compiled files. */
const ONE_THREAD = {
  OMP_NUM_THREADS: "1",
  OPENBLAS_NUM_THREADS: "1",
  MKL_NUM_THREADS: "1",
  NPROC: "1", // XLA's pool
  XLA_FLAGS: "--xla_cpu_multi_thread_eigen=false",
  TF_NUM_INTRAOP_THREADS: "1",
  TF_NUM_INTEROP_THREADS: "1",
  TF_CPP_MIN_LOG_LEVEL: "2",
  PYTHONDONTWRITEBYTECODE: "1",
};
const KEPT_COMPLAINTS = 2000;

export class Contestant {
  #child;
  #answers;
  #complaints = "";
  #closed;

  constructor({ command, args }) {
    this.#child = spawn(command, args, { env: { ...process.env, ...ONE_THREAD }, stdio: "pipe" });
    this.#child.stderr.on("data", (text) => {
      this.#complaints = `${this.#complaints}${text}`.slice(-KEPT_COMPLAINTS);
    });
    // a program that can't start or has ended is told by the end of its answers
    this.#child.on("error", (error) => {
      this.#complaints += error.message;
    });
    this.#child.stdin.on("error", () => {});
    this.#closed = once(this.#child, "close").catch(() => {});
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** What it says of itself once it has warmed up: { peer, version }. */
  ready() {
    return this.#answer();
  }

  /** Times one round. */
  round() {
    this.#child.stdin.write("\n");
    return this.#answer();
  }

  stop() {
    this.#child.kill();
  }

  async #answer() {
    for (;;) {
      const { value, done } = await this.#answers.next();
      if (done) {
        await this.#closed;
        throw new Error(this.#complaints.trim() || "it ended without an answer");
      }
      if (value.startsWith("{")) return JSON.parse(value); // libraries greet on the same stream
    }
  }
}
