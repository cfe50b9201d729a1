import type { Mail } from "./control.js";

const node = <N extends "worker_threads" | "fs" | "os">(name: N) =>
  typeof process === "undefined" ? undefined : process.getBuiltinModule?.(`node:${name}`);

/** Processors that this program may use. */
export const processors = (): number =>
  node("os")?.availableParallelism() ?? globalThis.navigator?.hardwareConcurrency ?? 1;

/** Why helpers can't run here; undefined if they can. */
export function whyNoThreads(): { readonly given: string; readonly mend: string } | undefined {
  const mend = "leave threads at 1";
  if (typeof SharedArrayBuffer === "undefined" || globalThis.crossOriginIsolated === false) {
    return {
      given: "this page is not cross-origin isolated, so that threads can't share memory",
      mend: "serve it with Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or leave threads at 1",
    };
  }
  const fs = node("fs");
  if (fs && !fs.existsSync(new URL("./worker.js", import.meta.url))) {
    return {
      given: "its worker.js does not lie beside it, as when a program is bundled into one file",
      mend: "leave credence out of the bundle, or threads at 1",
    };
  }
  if (!fs && typeof Worker === "undefined") return { given: "this engine has no workers", mend };
  return undefined;
}

export interface Helper {
  post(mail: Mail): void;
  end(): void;
}

/** Starts a thread that does not keep a program from ending. */
export function startHelper(onError: (error: unknown) => void): Helper {
  const threads = node("worker_threads");
  if (threads) {
    const worker = new threads.Worker(new URL("./worker.js", import.meta.url));
    worker.on("error", onError);
    worker.unref();
    return { post: (mail) => worker.postMessage(mail), end: () => void worker.terminate() };
  }
  // written out in full, so that bundlers see a worker
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  worker.addEventListener("error", (event) => onError(event.message || "it could not be loaded"));
  return { post: (mail) => worker.postMessage(mail), end: () => worker.terminate() };
}
