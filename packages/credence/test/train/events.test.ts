import { describe, expect, test } from "vitest";
import "../../src/tensor/methods.js";
import { leavesOf } from "../../src/graph/tree.js";
import { type Tensor, tensor } from "../../src/index.js";
import { callbacks, dense, mixtureDensity, sequential, type TrainOptions, train } from "../../src/nn/index.js";
import type { TrainProgress } from "../../src/train/index.js";
import { expectSameBits } from "../support/bits.js";
import { generator } from "../support/numbers.js";

const next = generator(11);
const noise = (n: number): Float32Array => Float32Array.from({ length: n }, () => (next() / 2 ** 32) * 4 - 2);
const rows = 256;
const data = { x: noise(rows), y: noise(rows) };
const net = sequential(dense(16, "relu"), mixtureDensity({ components: 3, floor: 0.05 }));
const settings = {
  batchSize: 32,
  validationSplit: 0.25,
  seed: 4,
  callbacks: [callbacks.earlyStopping({ patience: 1e6 })],
};
/** Would take an hour. */
const endless = { ...settings, epochs: 1_000_000 };
const bits = (params: unknown): number[] => leavesOf(params).flatMap((leaf) => Array.from(leaf.tensor.data()));

/** Trains without end until `abort`, which is handed the means, has been called. */
async function interrupted(
  options: Partial<TrainOptions<ReturnType<typeof net.apply>>>,
  arm: (abort: () => void) => void,
) {
  const controller = new AbortController();
  let aborted = Number.NaN;
  arm(() => {
    aborted = performance.now();
    controller.abort();
  });
  const run = await train(net, data, { ...endless, ...options, signal: controller.signal });
  return { run, late: performance.now() - aborted };
}

describe("while training runs", () => {
  test("timers tick, and the signal they abort ends it at once with the best weights so far", async () => {
    let ticks = 0;
    const { run, late } = await interrupted({}, (abort) => {
      const timer = setInterval(() => {
        if (++ticks < 6) return;
        clearInterval(timer);
        abort();
      }, 2);
    });
    expect(ticks).toBe(6);
    expect(run.stoppedBy).toBe("aborted");
    expect(late).toBeLessThan(5000); // a frame of 12 ms and a step, on a machine that may be busy
    const losses = run.history.map((log) => log.validationLoss);
    expect(losses[run.bestEpoch - 1]).toBe(Math.min(...losses));
    const replayed = await train(net, data, { ...settings, epochs: run.bestEpoch });
    expectSameBits(bits(run.model.params), bits(replayed.model.params));
  });

  test("progress is told, some ten times a second", async () => {
    const reports: TrainProgress[] = [];
    const began = performance.now();
    const { run } = await interrupted({ onProgress: (progress) => reports.push(progress) }, (abort) => {
      setTimeout(abort, 350);
    });
    const seconds = (performance.now() - began) / 1000;
    expect(reports.length).toBeGreaterThan(1);
    expect(reports.length).toBeLessThanOrEqual(10 * seconds + 1);
    for (const { epoch, epochs, step, steps, loss, validationLoss } of reports) {
      expect([epochs, steps]).toEqual([1_000_000, 6]); // 192 rows in batches of 32
      expect(step).toBeGreaterThan(0);
      expect(step).toBeLessThanOrEqual(6);
      expect(loss).toSatisfy(Number.isFinite);
      const validated = run.history[step === steps ? epoch - 1 : epoch - 2]; // the last epoch that was done by then
      expect(validationLoss).toBe(validated?.validationLoss ?? Number.NaN);
    }
  });
});

test("a signal that was aborted before ends training with its first epoch", async () => {
  const run = await train(net, data, { ...endless, signal: AbortSignal.abort() });
  expect(run.stoppedBy).toBe("aborted");
  expect(run.history.length).toBeLessThanOrEqual(1);
  const density = run.model.predict(tensor([0, 1])).logProb(tensor([0, 1])) as Tensor;
  expect(density.toArray()).toSatisfy((values: number[]) => values.every(Number.isFinite));
});
