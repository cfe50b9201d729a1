import { describe, expect, test } from "vitest";
import "../../src/tensor/methods.js";
import { key, normal, type Tensor, tensor, uniform } from "../../src/index.js";
import {
  adam,
  dense,
  mixtureDensity,
  normalHead,
  sequential,
  type TrainData,
  type TrainOptions,
  train,
} from "../../src/nn/index.js";
import { refused } from "../support/refused.js";

const squared = (predicted: Tensor, y: Tensor): Tensor => predicted.squeeze(1).sub(y).square().mean();

describe("learning", () => {
  test("a linear layer comes to the least squares", async () => {
    const rows = 64;
    const x = normal(key(1), [rows, 2]);
    const noise = normal(key(2), [rows]).mul(0.3);
    const [x1, x2] = [0, 1].map((j) => x.slice(1, j, j + 1).squeeze(1)) as [Tensor, Tensor];
    const y = x1.mul(2).sub(x2.mul(3)).add(0.5).add(noise);
    const run = await train(
      dense(1),
      { x, y },
      {
        loss: squared,
        optimizer: adam({ learningRate: 0.05 }),
        batchSize: rows, // of all rows, so that the gradient is the exact one
        epochs: 400,
      },
    );
    const fitted = run.model.params as unknown as { weight: Tensor; bias: Tensor };
    // at the least squares the residuals are orthogonal to the inputs and to 1
    const residuals = run.model.predict(x).squeeze(1).sub(y);
    for (const column of [x1, x2, tensor(1)]) expect(Math.abs(residuals.mul(column).mean().item())).toBeLessThan(1e-4);
    // and off the truth by the noise's 0.3 / √64, at most some four times
    [2, -3].forEach((slope, j) => {
      expect(Math.abs(fitted.weight.data()[j]! - slope)).toBeLessThan(0.16);
    });
    expect(Math.abs(fitted.bias.item() - 0.5)).toBeLessThan(0.16);
  });

  // noise of 0.5: its entropy is log(0.5 √(2 π e)) nats, and the mean of 500 log densities strays by √(1/2) / √500 = 0.03
  test("a normal head comes to the entropy of the noise", async () => {
    const x = uniform(key(3), [2500]).mul(4).sub(2);
    const y = x.mul(1.5).add(normal(key(4), [2500]).mul(0.5));
    const run = await train(
      sequential(dense(8, "tanh"), normalHead()),
      { x, y },
      {
        optimizer: adam({ learningRate: 0.02 }),
        validationSplit: 0.2,
        epochs: 30,
      },
    );
    const entropy = Math.log(0.5) + 0.5 * Math.log(2 * Math.PI * Math.E);
    expect(Math.abs(run.history.at(-1)!.validationLoss - entropy)).toBeLessThan(0.12); // four strays
  });

  test("a mixture finds two branches where one normal sees a blur", async () => {
    const x = uniform(key(5), [2000]).mul(2);
    const side = uniform(key(6), [2000]).round().mul(2).sub(1);
    const y = x
      .add(1)
      .mul(side)
      .add(normal(key(7), [2000]).mul(0.2));
    const options = { optimizer: adam({ learningRate: 0.02 }), validationSplit: 0.2, epochs: 30 };
    const mixture = sequential(dense(16, "tanh"), mixtureDensity({ components: 4, floor: 0.01 }));
    const run = await train(mixture, { x, y }, options);
    // the entropy of the noise and of which branch; one normal over branches x + 1 > 1 apart can't come below 2
    const entropy = Math.log(0.2) + 0.5 * Math.log(2 * Math.PI * Math.E) + Math.LN2;
    const last = run.history.at(-1)!.validationLoss;
    expect(last).toBeGreaterThan(entropy - 0.15); // four strays of 400 rows
    expect(last).toBeLessThan(entropy + 0.3); // and what thirty epochs leave to learn
    const [low, high] = run.model.predict([1]).quantile([0.25, 0.75]).toArray() as [number, number];
    expect(Math.abs(low + 2)).toBeLessThan(0.2); // the branches at -2 and 2, to one scale of the noise
    expect(Math.abs(high - 2)).toBeLessThan(0.2);
  });
});

describe("data", () => {
  const options: TrainOptions<Tensor> = { loss: squared, epochs: 1 };
  const shapes = async (data: TrainData) => (await train(dense(1), data, options)).model.predict(data.x).shape;

  test("a list of numbers is one feature, [n, 1] targets are [n]", async () => {
    expect(await shapes({ x: [1, 2, 3], y: [1, 2, 3] })).toEqual([3, 1]);
    expect(await shapes({ x: new Float64Array(3), y: [[1], [2], [3]] })).toEqual([3, 1]);
    expect(await shapes({ x: tensor([[1, 2]]), y: [0] })).toEqual([1, 1]);
  });

  test("several targets", async () => {
    const net = mixtureDensity({ outputs: 2, components: 2 });
    const run = await train(
      net,
      {
        x: [1, 2, 3, 4],
        y: [
          [1, 0],
          [2, 0.1],
          [3, 0],
          [4, 0.1],
        ],
      },
      { epochs: 2 },
    );
    expect(run.model.predict([1, 2, 3]).mean().shape).toEqual([3, 2]);
  });

  test("validation rows are counted out of the training rows", async () => {
    const run = await train(
      dense(1),
      { x: new Float32Array(50), y: new Float32Array(50) },
      {
        ...options,
        batchSize: 8,
        validationSplit: 0.3,
        epochs: 2,
      },
    );
    expect(run.steps).toBe(2 * Math.ceil(35 / 8));
    expect(run.history.map((log) => Number.isFinite(log.validationLoss))).toEqual([true, true]);
  });

  test("what does not fit is refused in these words", async () => {
    const shape = (data: TrainData) => refused("shape", () => train(dense(1), data, options));
    expect(await shape({ x: [1, 2, 3], y: [1, 2] })).toMatchInlineSnapshot(`
      "train: y has shape [2], x [3, 1].
        allowed: the same number of rows in each"
    `);
    expect(await shape({ x: [[[1]]], y: [1] })).toMatchInlineSnapshot(`
      "train: x has shape [1, 1, 1].
        allowed: [n, width] or [n]"
    `);
    expect(await shape({ x: [], y: [] })).toMatchInlineSnapshot(`
      "train: no rows.
        allowed: at least one"
    `);
    expect(await shape({ x: [1], y: 1 })).toMatchInlineSnapshot(`
      "train: y has shape [], x [1, 1].
        allowed: the same number of rows in each"
    `);
    // a batch of two rows would broadcast against two targets
    const twoRows = {
      x: [1, 2],
      y: [
        [1, 1],
        [2, 2],
      ],
    };
    expect(await refused("shape", () => train(normalHead(), twoRows))).toMatch("targets of shape [2]");
    const twoTargets = {
      x: [1, 2, 3],
      y: [
        [1, 1],
        [2, 2],
        [3, 3],
      ],
    };
    expect(await refused("shape", () => train(normalHead(), twoTargets))).toMatchInlineSnapshot(`
      "train: batches of targets have shape [3, 2], for a distribution of batch shape [3] and event shape [].
        allowed: targets of shape [3]
        mend:    set the head's outputs to the number of targets
        at:      refused.ts"
    `);
  });

  test("options out of range are refused in these words", async () => {
    const message = (wrong: TrainOptions<Tensor>) =>
      refused("argument", () => train(dense(1), { x: [1, 2], y: [1, 2] }, { ...options, ...wrong }));
    expect(await message({ epochs: 0 })).toMatchInlineSnapshot(`
      "train: epochs is 0.
        allowed: a whole number of at least 1"
    `);
    expect(await message({ batchSize: 1.5 })).toMatchInlineSnapshot(`
      "train: batchSize is 1.5.
        allowed: a whole number of at least 1"
    `);
    expect(await message({ validationSplit: 1 })).toMatchInlineSnapshot(`
      "train: validationSplit is 1.
        allowed: 0 up to, not including, 1"
    `);
    expect(await message({ averageWeights: 1 })).toMatchInlineSnapshot(`
      "train: averageWeights is 1.
        allowed: 0 up to, not including, 1"
    `);
    expect(await message({ seed: -1 })).toMatchInlineSnapshot(`
      "key: seed is -1.
        allowed: a whole number from 0 to 2^53 - 1, or a bigint below 2^64"
    `);
    expect(await message({ clipNorm: 0 })).toMatchInlineSnapshot(`
      "train: clipNorm is 0.
        allowed: a number above 0"
    `);
    expect(await refused("argument", () => train(dense(1), { x: [1], y: [1] }))).toMatchInlineSnapshot(`
      "train: the network's last layer answers no distribution.
        allowed: a head such as mixtureDensity(), or a loss option
        mend:    give loss: (predicted, y) => predicted.squeeze(1).sub(y).square().mean()
        at:      refused.ts"
    `);
  });
});
