import { existsSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import threads from "node:worker_threads";
import { afterAll, beforeAll, expect, test } from "vitest";
import type * as Models from "../../src/models/index.js";
import { curve, quick } from "./tables.js";

// threads start from JavaScript files, so this tests the build: `npm test` makes it first
const built = new URL("../../dist/models/index.js", import.meta.url);
const { Worker } = threads;
let models: typeof Models;
let started = 0;

beforeAll(async () => {
  expect(existsSync(built), "run npm run build first").toBe(true);
  models = (await import(built.href)) as typeof Models;
  threads.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      started++;
    }
  };
  syncBuiltinESMExports();
});

afterAll(() => {
  threads.Worker = Worker;
  syncBuiltinESMExports();
});

const fit = (options: Models.DensityOptions, more: Partial<Models.FitOptions>) =>
  models.densityRegressor({ ...quick, ensemble: 2, ...options }).fit(curve(80), { target: "y", ...more });

test("members trained on threads are, byte for byte, those trained one after the other", async () => {
  const finished: number[] = [];
  const onProgress = (report: Models.FitProgress) => report.finished && finished.push(report.member);
  const threaded = await fit({}, { workers: 2, onProgress });
  expect(finished.sort()).toEqual([0, 1]);
  expect(started).toBe(2);
  expect(threaded.toBytes()).toEqual((await fit({}, { workers: 1 })).toBytes());
  expect(started).toBe(2); // one at a time needs no thread
});

test("an abort reaches the threads", async () => {
  const controller = new AbortController();
  const endless = { epochs: 1_000_000, patience: 1_000_000 };
  const model = await fit(endless, { workers: 2, signal: controller.signal, onProgress: () => controller.abort() });
  expect(model.summary.stoppedBy).toBe("aborted");
  expect(model.summary.members.map((member) => member.stoppedBy)).toEqual(["aborted", "aborted"]);
  expect(model.predict(curve(5)).mean().data().every(Number.isFinite)).toBe(true);
});

test("an error in a thread keeps its class and its words", async () => {
  const failure = await fit({ learningRate: 1e30 }, { workers: 2 }).catch((error) => error);
  expect(failure).toMatchObject({ name: "CredenceError", code: "nonFinite" });
  expect(failure.message).toMatch("training went to NaN or infinity");
});
