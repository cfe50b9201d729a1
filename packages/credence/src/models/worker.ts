import "../tensor/methods.js";
import { CredenceError } from "../errors.js";
import { trainMember } from "./member.js";
import type { WorkerOrder, WorkerReport } from "./workerNode.js";

/** Entry of a worker thread: trains the member it is sent, reports, and listens for an abort. */
const { parentPort } = await import("node:worker_threads");
const port = parentPort as NonNullable<typeof parentPort>;
const aborter = new AbortController();
const report = (message: WorkerReport): void => port.postMessage(message);

port.on("message", async (order: WorkerOrder) => {
  if (order.kind === "abort") return aborter.abort();
  try {
    const result = await trainMember(order.job, {
      signal: aborter.signal,
      onProgress: (progress) => report({ kind: "progress", progress }),
    });
    report({ kind: "result", result });
  } catch (error) {
    // an error's class does not survive the passage between threads; its facts do
    report(error instanceof CredenceError ? { kind: "refused", facts: error.facts } : { kind: "error", error });
  }
});
