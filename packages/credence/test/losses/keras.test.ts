import { grad, losses, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import { expectCode } from "../support/laws.js";

const { keras } = losses;

// keras 3.11: formulas of keras/src/losses/losses.py, with and without its clipping
const yTrue = [
  [0, 1, 0],
  [0, 0, 1],
];
const yPred = [
  [0.05, 0.9, 0.05],
  [0.1, 0.8, 0.1],
];

describe("Keras's losses", () => {
  test("categorical and sparse cross entropy: the documented 1.177", () => {
    // the example in the documentation of keras.losses.CategoricalCrossentropy
    const documented = [
      [0.05, 0.95, 0],
      [0.1, 0.8, 0.1],
    ];
    expect(keras.categoricalCrossEntropy(yTrue, documented).item()).toBeCloseTo(1.177, 3);
    expect(keras.sparseCategoricalCrossEntropy([1, 2], documented).item()).toBeCloseTo(1.177, 3);
    const logits = yPred.map((row) => row.map(Math.log));
    expect(keras.categoricalCrossEntropy(yTrue, logits, { fromLogits: true }).item()).toBeCloseTo(
      keras.categoricalCrossEntropy(yTrue, yPred).item(),
      14,
    );
  });

  test("binary cross entropy: the documented 0.815", () => {
    // the example in the documentation of keras.losses.BinaryCrossentropy
    const [t, p] = [
      [
        [0, 1],
        [0, 0],
      ],
      [
        [0.6, 0.4],
        [0.4, 0.6],
      ],
    ];
    expect(keras.binaryCrossEntropy(t, p).item()).toBeCloseTo(0.815, 3);
    expect(keras.binaryCrossEntropy(t, p, { reduction: "none" }).shape).toEqual([2]);
  });

  test("focal losses discount what is well predicted", () => {
    const entropy = keras.categoricalCrossEntropy([[0, 1]], [[0.1, 0.9]]).item();
    expect(keras.categoricalFocalCrossEntropy([[0, 1]], [[0.1, 0.9]]).item()).toBeCloseTo(0.25 * 0.01 * entropy, 14);
    const binary = keras.binaryCrossEntropy([[1]], [[0.7]]).item();
    expect(keras.binaryFocalCrossEntropy([[1]], [[0.7]]).item()).toBeCloseTo(0.09 * binary, 14);
    const balanced = keras.binaryFocalCrossEntropy([[0]], [[0.7]], { applyClassBalancing: true, gamma: 1.5 }).item();
    expect(balanced).toBeCloseTo(0.75 * 0.7 ** 1.5 * -Math.log(0.3), 14);
  });

  test("KL divergence and Poisson", () => {
    const [p, q] = [[[0.3, 0.7]], [[0.5, 0.5]]];
    const is = 0.3 * Math.log(0.6) + 0.7 * Math.log(1.4);
    expect(keras.klDivergence(p, q).item()).toBeCloseTo(is, 15);
    expect(keras.poisson([[2, 0]], [[3, 1]]).item()).toBeCloseTo((3 - 2 * Math.log(3) + 1) / 2, 15);
  });

  test("certainty that fails is infinite, and clipped as Keras has it", () => {
    expect(keras.binaryCrossEntropy([[1]], [[0]]).item()).toBe(Number.POSITIVE_INFINITY);
    expect(keras.binaryCrossEntropy([[1]], [[0]], { compat: "keras" }).item()).toBeCloseTo(-Math.log(1e-7), 12);
    expect(keras.klDivergence([[0, 1]], [[0, 1]]).item()).toBe(0);
    const slope = grad((q: Tensor) => keras.klDivergence([[0, 1]], q))(tensor([[0, 1]]));
    expect([...slope.data()].map((x) => x + 0)).toEqual([0, -1]);
    expectCode("domain", () => keras.klDivergence([[-0.1, 1.1]], [[0.5, 0.5]]));
    expectCode("domain", () => keras.binaryCrossEntropy([[1]], [[1.5]]));
  });
});
