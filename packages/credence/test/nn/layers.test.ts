import { describe, expect, test } from "vitest";
import "../../src/tensor/methods.js";
import { grad, key, type Tensor, tensor } from "../../src/index.js";
import { type Activation, activations, dense, type Layer, type Params, sequential } from "../../src/nn/index.js";
import { expectSameBits } from "../support/bits.js";
import { refused } from "../support/refused.js";

interface Weights {
  readonly weight: Tensor;
  readonly bias: Tensor;
}
const weightsOf = (params: Params): Weights => params as unknown as Weights;

describe("dense", () => {
  test("starts uniform within ±√(6 / (in + out)), with biases of 0", () => {
    const { params, width } = dense(40).init(key(7), 20);
    const { weight, bias } = weightsOf(params);
    expect([weight.shape, weight.dtype, bias.shape, bias.dtype, width]).toEqual([
      [20, 40],
      "float32",
      [40],
      "float32",
      40,
    ]);
    expect(bias.data().every((b) => b === 0)).toBe(true);
    const bound = Math.sqrt(6 / 60);
    const drawn = Array.from(weight.data());
    expect(Math.max(...drawn.map(Math.abs))).toBeLessThanOrEqual(Math.fround(bound));
    expect(new Set(drawn).size).toBeGreaterThan(790); // of 800 draws from 2^24 values hardly two are alike
    const variance = drawn.reduce((sum, w) => sum + w * w, 0) / drawn.length;
    // (2 · bound)² / 12, and the mean of 800 squares strays by 3 % (one standard error): five of them
    expect(Math.abs(variance / (bound ** 2 / 3) - 1)).toBeLessThan(0.16);
  });

  test("the key decides the weights", () => {
    const drawn = (seed: number) => weightsOf(dense(3).init(key(seed), 2).params).weight.data();
    expectSameBits(drawn(1), drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
  });

  test("answers activation(x · weight + bias)", () => {
    const weight = tensor([
      [1, -2, 0],
      [3, 1, 0.5],
    ]).cast("float32");
    const params = { weight, bias: tensor(Float32Array.of(0.5, 0, -1)) };
    const x = tensor([
      [1, 1],
      [-1, 2],
    ]).cast("float32");
    expect(dense(3).apply(params, x).toArray()).toEqual([
      [4.5, -1, -0.5],
      [5.5, 4, 0],
    ]);
    expect(dense(3, "relu").apply(params, x).toArray()).toEqual([
      [4.5, 0, 0],
      [5.5, 4, 0],
    ]);
  });

  test("options out of range are refused in these words", async () => {
    expect(await refused("argument", () => dense(0))).toMatchInlineSnapshot(`
      "dense: 0 units.
        allowed: a whole number of at least 1"
    `);
    expect(await refused("argument", () => dense(2.5))).toMatchInlineSnapshot(`
      "dense: 2.5 units.
        allowed: a whole number of at least 1"
    `);
    expect(await refused("argument", () => dense(1, "gelu" as Activation))).toMatchInlineSnapshot(`
      "dense: activation "gelu".
        allowed: linear, relu, elu, tanh, sigmoid, softplus, silu"
    `);
    expect(await refused("argument", () => dense(1, "toString" as Activation))).toMatchInlineSnapshot(`
      "dense: activation "toString".
        allowed: linear, relu, elu, tanh, sigmoid, softplus, silu"
    `);
  });
});

describe("activations", () => {
  const formulas: Record<Activation, (x: number) => number> = {
    linear: (x) => x,
    relu: (x) => Math.max(0, x),
    elu: (x) => (x > 0 ? x : Math.expm1(x)),
    tanh: Math.tanh,
    sigmoid: (x) => 1 / (1 + Math.exp(-x)),
    softplus: (x) => Math.log1p(Math.exp(-Math.abs(x))) + Math.max(0, x),
    silu: (x) => x / (1 + Math.exp(-x)),
  };
  const points = [-30, -2, -1e-3, 0, 1e-3, 0.5, 30];

  test.each(Object.keys(formulas) as Activation[])("%s follows its formula", (name) => {
    const values = activations[name](tensor(points)).data();
    points.forEach((x, i) => {
      // float64: some roundings of 1.1e-16 on either side
      expect(Math.abs(values[i]! - formulas[name](x))).toBeLessThanOrEqual(1e-15 * Math.abs(formulas[name](x)));
    });
  });

  test.each(Object.keys(formulas) as Activation[])("%s and its slope stay finite far out, in float32", (name) => {
    const far = tensor(Float32Array.of(-1e6, -100, 100, 1e6));
    const slope = grad((x: Tensor) => activations[name](x).sum())(far);
    for (const values of [activations[name](far).data(), slope.data()]) {
      expect(Array.from(values).every(Number.isFinite), String(values)).toBe(true);
    }
  });
});

describe("sequential", () => {
  const net: Layer = sequential(dense(4, "tanh"), dense(4, "tanh"), dense(2));

  test("hands the width and its own key to each layer", () => {
    const { params, width } = net.init(key(3), 4);
    const layers = (params as readonly Params[]).map(weightsOf);
    expect(width).toBe(2);
    expect(layers.map(({ weight }) => weight.shape)).toEqual([
      [4, 4],
      [4, 4],
      [4, 2],
    ]);
    expect(layers[0]!.weight.data()).not.toEqual(layers[1]!.weight.data());
  });

  test("answers what its layers answer one after the other", () => {
    const { params } = net.init(key(3), 1);
    const [a, b, c] = params as readonly [Params, Params, Params];
    const x = tensor(Float32Array.of(-1, 0, 2), { shape: [3, 1] });
    const byHand = dense(2).apply(c, dense(4, "tanh").apply(b, dense(4, "tanh").apply(a, x)));
    expect(net.apply(params, x).shape).toEqual([3, 2]);
    expectSameBits(net.apply(params, x).data(), byHand.data());
  });

  test("is named after them, and needs one", async () => {
    expect(net.name).toBe("dense(4, tanh) > dense(4, tanh) > dense(2)");
    expect(await refused("argument", () => sequential(...([] as unknown as [Layer])))).toMatch("sequential: no layers");
  });
});
