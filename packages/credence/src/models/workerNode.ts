import { CredenceError, type ErrorFacts } from "../errors.js";
import type { TrainProgress } from "../train/types.js";
import type { MemberJob, MemberResult } from "./member.js";

/** What a worker thread reports about its job. */
export type WorkerReport =
  | { readonly kind: "progress"; readonly progress: TrainProgress }
  | { readonly kind: "result"; readonly result: MemberResult }
  | { readonly kind: "refused"; readonly facts: ErrorFacts }
  | { readonly kind: "error"; readonly error: unknown };

export type WorkerOrder = { readonly kind: "train"; readonly job: MemberJob } | { readonly kind: "abort" };

/**
 * Threads that members can be trained on; 0 where there are none: in browsers, and where the entry of a thread does not lie beside
 * this file, as when a program is bundled into one.
 */
export async function availableThreads(): Promise<number> {
  if (typeof process === "undefined" || !process.versions?.node) return 0;
  const [{ availableParallelism }, { existsSync }] = await Promise.all([import("node:os"), import("node:fs")]);
  return existsSync(workerEntry()) ? availableParallelism() : 0;
}

const workerEntry = (): URL => new URL("./worker.js", import.meta.url);

/** Trains one member on a thread of its own. */
export async function trainOnThread(
  job: MemberJob,
  {
    signal,
    onProgress,
  }: { signal?: AbortSignal | undefined; onProgress?: ((progress: TrainProgress) => void) | undefined },
): Promise<MemberResult> {
  const { Worker } = await import("node:worker_threads");
  const worker = new Worker(workerEntry());
  const abort = (): void => worker.postMessage({ kind: "abort" } satisfies WorkerOrder);
  try {
    return await new Promise<MemberResult>((resolve, reject) => {
      worker.on("message", (report: WorkerReport) => {
        if (report.kind === "progress") onProgress?.(report.progress);
        else if (report.kind === "result") resolve(report.result);
        else reject(report.kind === "refused" ? new CredenceError(report.facts) : report.error);
      });
      worker.on("error", reject);
      worker.on("exit", (code) => reject(new Error(`a training thread ended with code ${code}`)));
      signal?.addEventListener("abort", abort);
      worker.postMessage({ kind: "train", job } satisfies WorkerOrder);
      if (signal?.aborted) abort();
    });
  } finally {
    signal?.removeEventListener("abort", abort);
    await worker.terminate();
  }
}
