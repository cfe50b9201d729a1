import { describe, expect, test } from "vitest";
import "../../src/tensor/methods.js";
import { key, type Tensor, tensor } from "../../src/index.js";
import { adam, callbacks, type OptimizeProblem, optimize, type Schedule, schedules, sgd } from "../../src/nn/index.js";
import type { Callback, EpochContext, TrainStop } from "../../src/train/index.js";
import { refused } from "../support/refused.js";

const { earlyStopping, reduceOnPlateau, terminateOnNonFinite } = callbacks;

interface Seen {
  readonly kept: number[];
  readonly rates: number[];
  stopped?: [epoch: number, reason: TrainStop | undefined];
}

/** What a callback does while the given losses pass by. */
function watch(callback: Callback, losses: readonly number[], { hasValidation = true, rate = 1, loss = 0 } = {}): Seen {
  const seen: Seen = { kept: [], rates: [] };
  const run = callback.start();
  let learningRate = rate;
  for (const [i, value] of losses.entries()) {
    if (seen.stopped) break;
    const epoch: EpochContext = {
      epoch: i + 1,
      steps: i + 1,
      loss: hasValidation ? loss : value,
      validationLoss: hasValidation ? value : Number.NaN,
      hasValidation,
      learningRate,
      keepWeights: () => seen.kept.push(i + 1),
      stop: (reason) => {
        seen.stopped ??= [i + 1, reason];
      },
    };
    run.epochEnd(epoch);
    learningRate = epoch.learningRate;
    seen.rates.push(learningRate);
  }
  return seen;
}

describe("earlyStopping", () => {
  test("keeps each best epoch and stops after `patience` epochs without a better one", () => {
    const losses = [5, 4, 4, 4.5, 3, 3, 3, 3];
    expect(watch(earlyStopping({ patience: 3 }), losses)).toMatchObject({
      kept: [1, 2, 5],
      stopped: [8, "earlyStopping"],
    });
    expect(watch(earlyStopping({ patience: 2 }), losses)).toMatchObject({
      kept: [1, 2],
      stopped: [4, "earlyStopping"],
    });
    expect(watch(earlyStopping({ patience: 4 }), losses).stopped).toBeUndefined();
  });

  test("patience 0 stops at the first epoch that is no better", () => {
    expect(watch(earlyStopping({ patience: 0 }), [3, 2, 2]).stopped).toEqual([3, "earlyStopping"]);
  });

  test("a fall smaller than minDelta is none", () => {
    const seen = watch(earlyStopping({ patience: 2, minDelta: 0.5 }), [5, 4.6, 4.4, 4.2]);
    expect(seen).toMatchObject({ kept: [1, 3] });
    expect(seen.stopped).toBeUndefined();
  });

  test("NaN is never better, not even first", () => {
    const seen = watch(earlyStopping({ patience: 2 }), [Number.NaN, 4, Number.NaN, Number.NaN]);
    expect(seen).toMatchObject({ kept: [2], stopped: [4, "earlyStopping"] });
  });

  test("without restoreBest it keeps nothing", () => {
    expect(watch(earlyStopping({ restoreBest: false }), [3, 2, 1]).kept).toEqual([]);
  });

  test("it watches the validation loss where there is one, unless told otherwise", () => {
    expect(watch(earlyStopping({ patience: 9 }), [3, 2, 1], { hasValidation: false }).kept).toEqual([1, 2, 3]);
    expect(watch(earlyStopping({ monitor: "loss" }), [3, 2, 1], { loss: 7 }).kept).toEqual([1]);
  });

  test("each run starts afresh", () => {
    const callback = earlyStopping({ patience: 2 });
    expect(watch(callback, [1, 2, 3]).stopped).toEqual([3, "earlyStopping"]);
    expect(watch(callback, [9, 8, 8]).stopped).toBeUndefined();
  });
});

describe("reduceOnPlateau", () => {
  test("multiplies the rate after each `patience` epochs without a better loss", () => {
    const { rates } = watch(reduceOnPlateau({ patience: 2, factor: 0.5 }), [3, 3, 3, 3, 3, 2, 2]);
    expect(rates).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25, 0.25]);
  });

  test("not below the minimum", () => {
    const { rates } = watch(reduceOnPlateau({ patience: 1, factor: 0.1, minimum: 0.03 }), [3, 3, 3, 3]);
    expect(rates).toEqual([1, 0.1, 0.03, 0.03]);
  });

  test("by default a tenth after five epochs", () => {
    expect(watch(reduceOnPlateau(), Array(6).fill(1)).rates).toEqual([1, 1, 1, 1, 1, 0.1]);
  });
});

test("terminateOnNonFinite stops at NaN and at infinity, in either loss", () => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(watch(terminateOnNonFinite(), [1, bad]).stopped).toEqual([2, "nonFinite"]);
    expect(watch(terminateOnNonFinite(), [1, bad], { hasValidation: false }).stopped).toEqual([2, "nonFinite"]);
    expect(watch(terminateOnNonFinite(), [1], { loss: bad }).stopped).toEqual([1, "nonFinite"]);
  }
  expect(watch(terminateOnNonFinite(), [1, 2], { hasValidation: false }).stopped).toBeUndefined();
});

test("options out of range are refused in these words", async () => {
  const message = (run: () => unknown) => refused("argument", run);
  expect(await message(() => watch(earlyStopping({ patience: 1.5 }), [1]))).toMatchInlineSnapshot(`
    "earlyStopping: patience is 1.5.
      allowed: a whole number of epochs, 0 or more"
  `);
  expect(await message(() => watch(reduceOnPlateau({ patience: -1 }), [1]))).toMatchInlineSnapshot(`
    "reduceOnPlateau: patience is -1.
      allowed: a whole number of epochs, 0 or more"
  `);
  expect(await message(() => reduceOnPlateau({ factor: 1 }))).toMatchInlineSnapshot(`
    "reduceOnPlateau: factor is 1.
      allowed: between 0 and 1"
  `);
  const unheld = earlyStopping({ monitor: "validationLoss" });
  expect(await message(() => watch(unheld, [1], { hasValidation: false }))).toMatchInlineSnapshot(`
    "earlyStopping: monitor is validationLoss, but no rows are held out.
      mend:    set validationSplit, or monitor: "loss""
  `);
});

/** Minimises w² / 2 from w = 1, four steps an epoch: w becomes (1 - rate) w. */
function descend(learningRate: number | Schedule, more: Partial<OptimizeProblem> = {}) {
  return optimize({
    params: { w: tensor(Float32Array.of(1)) },
    loss: (p) => (p as { w: Tensor }).w.square().mul(0.5).sum(),
    data: { row: tensor(Int32Array.of(0, 1, 2, 3)) },
    optimizer: sgd({ learningRate }),
    epochs: 10,
    batchSize: 1,
    key: key(1),
    ...more,
  });
}
const weight = (run: { params: unknown }): number => (run.params as { w: Tensor }).w.item();
/** Falls for two epochs, then overshoots further and further. */
const thenTooFast = schedules.piecewise({ boundaries: [8], rates: [0.1, 3] });

describe("in training", () => {
  test("the best epoch's weights come back", async () => {
    const validation = { row: tensor(Int32Array.of(0)) };
    const run = await descend(thenTooFast, { validation, callbacks: [earlyStopping({ patience: 3 })] });
    expect(run).toMatchObject({ bestEpoch: 2, stoppedBy: "earlyStopping", steps: 20 });
    expect(run.history.length).toBe(5);
    const best = Math.min(...run.history.map((log) => log.validationLoss));
    expect(run.history[1]!.validationLoss).toBe(best);
    expect(weight(run)).toBeCloseTo(0.9 ** 8, 6); // float32
    expect(Math.fround(weight(run) ** 2 / 2)).toBeCloseTo(best, 7);
  });

  test("they come back as well when the epochs run out", async () => {
    const run = await descend(thenTooFast, {
      epochs: 3,
      callbacks: [earlyStopping()],
      validation: { row: tensor([0]) },
    });
    expect(run).toMatchObject({ bestEpoch: 2, stoppedBy: "epochs" });
    expect(weight(run)).toBeCloseTo(0.9 ** 8, 6);
  });

  test("without a callback that keeps weights the last ones are the result", async () => {
    const run = await descend(0.1, { epochs: 3 });
    expect(run.bestEpoch).toBe(3);
    expect(weight(run)).toBeCloseTo(0.9 ** 12, 6);
  });

  test("reduceOnPlateau lowers what a schedule gives, from the next epoch on", async () => {
    const rising: Schedule = (step) => 3 + step; // w becomes -2 w and worse: the first epoch is the best
    const run = await descend(rising, { epochs: 4, callbacks: [reduceOnPlateau({ patience: 1, factor: 0.5 })] });
    // what is told is the rate of the epoch's last step
    const factors = run.history.map((log, i) => log.learningRate / rising(4 * i + 3));
    expect(factors).toEqual([1, 1, 0.5, 0.25]);
  });

  test("a schedule may come to 0: the weights stay", async () => {
    const run = await descend(schedules.cosine({ rate: 0.1, steps: 4 }), {
      callbacks: [reduceOnPlateau({ patience: 1 })],
    });
    expect(run.history.map((log) => log.learningRate).slice(1)).toEqual(Array(9).fill(0));
    expect(run.history.at(-1)!.loss).toBe(run.history[1]!.loss);
    expect(weight(run)).toSatisfy(Number.isFinite);
  });

  test("one of one's own sees the epochs, keeps weights and stops", async () => {
    const seen: number[] = [];
    const mine: Callback = {
      name: "mine",
      start: () => ({
        epochEnd(epoch) {
          seen.push(epoch.loss);
          if (epoch.epoch === 2) epoch.keepWeights();
          if (epoch.epoch === 3) epoch.stop();
        },
      }),
    };
    const run = await descend(0.1, { callbacks: [mine] });
    expect(run).toMatchObject({ bestEpoch: 2, stoppedBy: "callback", steps: 12 });
    expect(seen).toEqual(run.history.map((log) => log.loss));
    expect(weight(run)).toBeCloseTo(0.9 ** 8, 6);
  });
});

describe("a loss that is not finite", () => {
  /** Sends w to some -1e29 with the ninth step. */
  const exploding = schedules.piecewise({ boundaries: [8], rates: [0.1, 1e30] });

  test("with clipNorm it is an error in these words", async () => {
    const loss: OptimizeProblem["loss"] = (p) => (p as { w: Tensor }).w.square().square().sum();
    const message = await refused("nonFinite", () => descend(exploding, { clipNorm: 1, loss }));
    expect(message).toMatchInlineSnapshot(`
      "train: the gradient's norm is NaN at step 2 of epoch 3.
        allowed: a finite number
        mend:    lower the learning rate, give scales a larger floor, or add callbacks.terminateOnNonFinite()"
    `);
  });

  test("terminateOnNonFinite ends there, with the weights that were kept", async () => {
    const run = await descend(exploding, { clipNorm: 1, callbacks: [terminateOnNonFinite(), earlyStopping()] });
    expect(run).toMatchObject({ stoppedBy: "nonFinite", bestEpoch: 2 });
    expect(run.steps).toBeLessThan(12);
    expect(run.history.length).toBe(2);
    expect(weight(run)).toBeCloseTo(0.9 ** 8, 6);
  });

  test("with neither, training goes on", async () => {
    const run = await descend(exploding, { optimizer: adam({ learningRate: exploding }), epochs: 4 });
    expect(run.stoppedBy).toBe("epochs");
    expect(run.history.at(-1)!.loss).not.toSatisfy(Number.isFinite);
  });
});
