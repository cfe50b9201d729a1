import { expect, test } from "vitest";
import { key, type Tensor, tensor } from "../../src/index.js";
import { initialParams, type NetworkSpec } from "../../src/models/network.js";
import { drawn } from "./tables.js";

const spec = (more: Partial<NetworkSpec> = {}): NetworkSpec => ({
  family: "mixture",
  hidden: [6, 4],
  components: 4,
  features: 2,
  outputs: 1,
  floors: [0.01],
  ...more,
});
const rows = 9;
const data = drawn(2 * rows, 1);
const x = tensor(Float32Array.from(data), { shape: [rows, 2] });

type Layers = readonly { weight: Tensor; bias: Tensor }[];
const start = (of: NetworkSpec, y: readonly number[], seed = 3): Layers =>
  initialParams(of, key(seed), x, Float32Array.from(y)) as unknown as Layers;

test("each unit of the first layer has its kink at a row of its own, as long as there are rows", () => {
  const [first, second] = start(spec(), drawn(rows, 2)) as [Layers[number], Layers[number]];
  const [weight, bias] = [first.weight.data(), first.bias.data()];
  const kinks = Array.from({ length: 6 }, (_, unit) =>
    Array.from({ length: rows }, (_, row) => row).find(
      (row) => Math.abs(data[2 * row]! * weight[unit]! + data[2 * row + 1]! * weight[6 + unit]! + bias[unit]!) < 1e-6, // float32
    ),
  );
  expect(kinks).not.toContain(undefined);
  expect(new Set(kinks).size).toBe(6);
  expect(second.bias.data().every((b) => b === 0)).toBe(true);
});

test("more units than rows share them", () => {
  const [{ bias }] = start(spec({ hidden: [20] }), drawn(rows, 2)) as [Layers[number]];
  expect(bias.shape).toEqual([20]);
  expect(bias.data().every(Number.isFinite)).toBe(true);
});

test("the means of one target start at its quantiles", () => {
  const means = start(spec(), [5, 1, 3, 2, 4, 0, 8, 7, 6]).at(-1)!.bias.data().slice(0, 4);
  // of the values 0 to 8: (k + 1/2) / 4 of the way
  expect(Array.from(means)).toEqual([1, 3, 5, 7]);
});

test("the means of several start at rows of the table, of different rows as far as there are", () => {
  const y = Array.from({ length: 2 * rows }, (_, i) => i); // row r has 2 r and 2 r + 1
  const means = Array.from(
    start(spec({ outputs: 2, floors: [1, 1] }), y)
      .at(-1)!
      .bias.data()
      .slice(0, 8),
  );
  const pairs = Array.from({ length: 4 }, (_, k) => means.slice(2 * k, 2 * k + 2) as [number, number]);
  for (const [first, second] of pairs) {
    expect(first % 2).toBe(0);
    expect(second).toBe(first + 1);
  }
  expect(new Set(pairs.map(([first]) => first)).size).toBe(4);
});

test("the key decides the start", () => {
  const numbersOf = (seed: number) =>
    start(spec(), drawn(rows, 2), seed).flatMap(({ weight, bias }) => [...weight.data(), ...bias.data()]);
  expect(numbersOf(1)).toEqual(numbersOf(1));
  expect(numbersOf(1)).not.toEqual(numbersOf(2));
});
