import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import "../../src/tensor/methods.js";
import { Program } from "../../src/compiler/program.js";
import { compile, foldIn, grad, key, normal, type Tensor, tensor, where } from "../../src/index.js";
import { adam, callbacks, type OptimizeProblem, optimize, schedules, sgd } from "../../src/nn/index.js";
import type { OptimizerState } from "../../src/optim/optimizer.js";
import type { Rows } from "../../src/train/optimize.js";
import { holdOut } from "../../src/train/train.js";
import { runs } from "../support/runs.js";

const ids = (n: number): Tensor => tensor(Int32Array.from({ length: n }, (_, i) => i));

type Given = Pick<OptimizeProblem, "params" | "loss" | "data"> & Partial<OptimizeProblem>;
const descend = (problem: Given) =>
  optimize({ optimizer: sgd({ learningRate: 1 }), epochs: 1, batchSize: 1, key: key(1), ...problem });

/** How often each of n rows is seen: a weight for each row loses 1 whenever its row is in the batch. */
async function timesSeen(n: number, batchSize: number, epochs: number): Promise<number[]> {
  const { params } = await descend({
    params: tensor(new Float32Array(n)),
    loss: (w, batch) => (w as Tensor).gather(batch.row as Tensor).sum(),
    data: { row: ids(n) },
    batchSize,
    epochs,
  });
  return Array.from((params as Tensor).data(), (w) => -w);
}

/** The order of ten rows in each epoch: a step makes w into 10 w + row, so that its digits tell. */
async function orders(seed: number, rows = 6, epochs = 2): Promise<string[]> {
  const { params } = await descend({
    params: tensor(Float64Array.of(1)),
    // the slope is -(9 w + row)
    loss: (w, batch) =>
      (w as Tensor)
        .square()
        .mul(-4.5)
        .sub((w as Tensor).mul((batch.row as Tensor).cast("float64")))
        .sum(),
    data: { row: ids(rows) },
    key: key(seed),
    epochs,
  });
  const digits = String((params as Tensor).item()).slice(1);
  return Array.from({ length: epochs }, (_, i) => digits.slice(i * rows, (i + 1) * rows));
}

describe("shuffling", () => {
  test("every epoch sees each row once", async () => {
    expect(await timesSeen(12, 4, 3)).toEqual(Array(12).fill(3));
    expect(await timesSeen(7, 1, 2)).toEqual(Array(7).fill(2));
  });

  test("the last batch is filled up with rows of the same epoch", async () => {
    const seen = await timesSeen(10, 4, 1);
    expect(seen.reduce((a, b) => a + b, 0)).toBe(12);
    expect([...seen].sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 2, 2]);
  });

  test("a batch larger than the table is the table", async () => {
    expect(await timesSeen(5, 128, 2)).toEqual(Array(5).fill(2));
  });

  test("each epoch and each key has an order of its own, the same each time", async () => {
    const [first, second] = (await orders(1)) as [string, string];
    for (const order of [first, second]) expect([...order].sort().join("")).toBe("012345");
    expect(second).not.toBe(first);
    expect(await orders(1)).toEqual([first, second]);
    expect(await orders(2)).not.toEqual([first, second]);
  });
});

describe("a run", () => {
  const fall = (more: Partial<OptimizeProblem> = {}) =>
    descend({
      params: { w: tensor(Float32Array.of(0)) },
      loss: (p) => (p as { w: Tensor }).w.sum(),
      data: { row: ids(4) },
      epochs: 3,
      ...more,
    });

  test("counts its steps and tells the loss of each epoch", async () => {
    const run = await fall();
    // the weight before steps 1 to 12 is 0 to -11, and the loss is the weight
    expect(run.history.map((log) => log.loss)).toEqual([-1.5, -5.5, -9.5]);
    expect(run.history.map((log) => log.epoch)).toEqual([1, 2, 3]);
    expect(run).toMatchObject({ steps: 12, bestEpoch: 3, stoppedBy: "epochs" });
    expect(run.history[0]).toEqual({
      epoch: 1,
      loss: -1.5,
      validationLoss: Number.NaN,
      learningRate: 1,
      gradientNorm: Number.NaN,
    });
  });

  test("weighs validation rows evenly, whatever blocks they come in", async () => {
    const rows = 2048 + 7; // one block and a bit
    const run = await descend({
      params: tensor(Float32Array.of(0)),
      loss: (w, batch) =>
        (w as Tensor)
          .mul(0)
          .sum()
          .add((batch.x as Tensor).mean()),
      data: { x: tensor(Float32Array.of(1)) },
      validation: { x: tensor(Float32Array.from({ length: rows }, (_, i) => (i < 2048 ? 0 : 1))) },
    });
    expect(run.history[0]?.validationLoss).toBeCloseTo(7 / rows, 7); // float32
  });

  test("clips the gradient to the norm and keeps the greatest norm met", async () => {
    const run = await fall({ clipNorm: 0.25 });
    expect((run.params as { w: Tensor }).w.item()).toBe(-3); // 12 steps of 1/4
    expect(run.history.map((log) => log.gradientNorm)).toEqual([1, 1, 1]);
  });

  test("the running mean of the weights follows closely at first", async () => {
    const run = await fall({ averageWeights: 0.99, epochs: 2 });
    let mean = 0;
    for (let done = 0; done < 8; done++) mean += (-(done + 1) - mean) * (1 - Math.min(0.99, (1 + done) / (10 + done)));
    expect((run.params as { w: Tensor }).w.item()).toBeCloseTo(mean, 5); // float32, near -7
  });

  test("ends with the step whose loss is not finite", async () => {
    const [epoch] = (await orders(1, 6, 1)) as [string];
    const fatal = 4;
    const run = await descend({
      params: tensor(Float32Array.of(0)),
      loss: (w, batch) =>
        where((batch.row as Tensor).eq(fatal), Number.NaN, 1)
          .mean()
          .add((w as Tensor).sum()),
      data: { row: ids(6) },
      callbacks: [callbacks.terminateOnNonFinite()],
      epochs: 3,
    });
    expect(run).toMatchObject({ stoppedBy: "nonFinite", steps: epoch.indexOf(String(fatal)) + 1, history: [] });
  });

  test("refuses a norm that is not finite, and tells its step", async () => {
    const [epoch] = (await orders(1, 6, 1)) as [string];
    const steep = descend({
      params: tensor(Float32Array.of(1)),
      loss: (w, batch) => (w as Tensor).mul(where((batch.row as Tensor).eq(4), Number.POSITIVE_INFINITY, 1)).sum(),
      data: { row: ids(6) },
      clipNorm: 1,
    });
    await expect(steep).rejects.toThrow(`at step ${epoch.indexOf("4") + 1} of epoch 1`);
  });

  test("does not depend on how many steps a call does", async () => {
    const problem = { epochs: 4, batchSize: 2, data: { row: ids(50) }, averageWeights: 0.9, clipNorm: 0.5 };
    const trained = async () => {
      const { params, history } = await fall({ ...problem, loss: (p, batch) => wavy(p as { w: Tensor }, batch) });
      return { weights: Array.from((params as { w: Tensor }).w.data()), history };
    };
    const wavy = ({ w }: { w: Tensor }, batch: Rows): Tensor =>
      w
        .mul((batch.row as Tensor).cast("float32"))
        .sub(3)
        .square()
        .mean();
    const calls = vi.spyOn(Program.prototype, "run");
    const expected = await trained();
    const clock = vi.spyOn(performance, "now");
    const counts: number[] = [];
    // a clock that seems to stand still lets a call do more and more; one that leaps lets it do a single step
    for (const leap of [0, 1, 100]) {
      let now = 0;
      clock.mockImplementation(() => (now += leap));
      calls.mockClear();
      expect(await trained()).toEqual(expected);
      counts.push(calls.mock.calls.length);
    }
    clock.mockRestore();
    calls.mockRestore();
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(counts[2]).toBeGreaterThan(2 * counts[0]!);
  });

  test("leaves the weights it was given as they were", async () => {
    const start = { w: tensor(Float32Array.of(0.5)) };
    await fall({ params: start });
    expect(start.w.toArray()).toEqual([0.5]);
  });
});

test("held-out rows: a share of them, each on one side, the same for the same key", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 60 }),
      fc.double({ min: 0.001, max: 0.999, noNaN: true }),
      fc.nat(),
      (n, share, seed) => {
        const { training, validation, heldOut } = holdOut({ row: ids(n) }, share, key(seed));
        const kept = Array.from(training.row!.data());
        const held = Array.from((validation as Rows).row!.data());
        expect(held).toEqual(Array.from(heldOut));
        expect(held.length).toBe(Math.min(n - 1, Math.max(1, Math.round(n * share))));
        expect([...kept, ...held].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
        expect(holdOut({ row: ids(n) }, share, key(seed)).heldOut).toEqual(heldOut);
      },
    ),
    runs(30),
  );
});

test("nothing is held out of a share of 0, or of a single row", () => {
  expect(holdOut({ row: ids(5) }, 0, key(1)).validation).toBeUndefined();
  expect(holdOut({ row: ids(1) }, 0.5, key(1)).validation).toBeUndefined();
});

describe("numbers that change", () => {
  /** Modules that are compiled while `run` runs. */
  async function compiledBy(run: () => unknown): Promise<number> {
    const compile = vi.spyOn(WebAssembly, "Module");
    await run();
    const { length } = compile.mock.calls;
    compile.mockRestore();
    return length;
  }

  test("compile nothing: learning rate, step, seed, decay of the mean", async () => {
    let traces = 0;
    const fit = (seed: number, more: Partial<OptimizeProblem>) =>
      descend({
        params: { w: tensor(new Float32Array(3)) },
        loss: (p, batch) => {
          traces++;
          return (p as { w: Tensor }).w
            .sub(batch.x as Tensor)
            .square()
            .mean();
        },
        data: {
          x: tensor(
            Float32Array.from({ length: 21 }, (_, i) => i % 4),
            { shape: [7, 3] },
          ),
        },
        batchSize: 3,
        key: key(seed),
        clipNorm: 5,
        averageWeights: 0.5,
        ...more,
      });
    const changing = (rate: number) => ({
      optimizer: adam({ learningRate: schedules.cosine({ rate, steps: 30 }) }),
      callbacks: [callbacks.reduceOnPlateau({ patience: 1 })],
      epochs: 10,
    });
    expect(await compiledBy(() => fit(1, changing(0.1)))).toBeGreaterThan(0);
    expect(traces).toBe(1); // for 10 epochs of 3 steps
    expect(await compiledBy(() => fit(2, { ...changing(0.2), epochs: 12, averageWeights: 0.9 }))).toBe(0);
  });

  test("nor do those of a step that is compiled by hand", async () => {
    let traces = 0;
    const optimizer = adam();
    const step = compile(
      ({ w, moments }: { w: Tensor; moments: OptimizerState }, rate: Tensor | number, seed: Tensor, count: Tensor) => {
        traces++;
        const noise = normal(foldIn(seed, count), [3], { dtype: "float32" });
        const gradient = grad((p: { w: Tensor }) => p.w.sub(noise).square().sum())({ w });
        const next = optimizer.update(gradient as never, moments, { w }, rate as Tensor);
        return { w: (next.params as unknown as { w: Tensor }).w, moments: next.state };
      },
      { donate: [0] },
    );
    const w = tensor(new Float32Array(3));
    let state = { w, moments: optimizer.init({ w }) } as never;
    const train = (i: number) => {
      state = step(state, 0.1 / (i + 1), key(i), tensor(Int32Array.of(i), { shape: [] })) as never;
    };
    train(0);
    expect(await compiledBy(() => [1, 2, 3].forEach(train))).toBe(0);
    expect(traces).toBe(1);
    expect(step.plan()).toMatch(/^compiled function:\n/); // one variant
  });
});
