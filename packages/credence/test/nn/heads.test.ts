import { describe, expect, test } from "vitest";
import "../../src/tensor/methods.js";
import { Independent, type Normal } from "../../src/distributions/index.js";
import { grad, key, type Tensor, tensor } from "../../src/index.js";
import { type MixtureDensityOptions, mixtureDensity, type Network, normalHead } from "../../src/nn/index.js";
import { refused } from "../support/refused.js";

interface Law {
  logProb(y: Tensor): Tensor;
}

/** The head whose linear layer lets its inputs through: they are the raw means, scales and weights. */
function raw<Out>(head: Network<Out>, numbers: Tensor): Out {
  const n = numbers.shape[1] as number;
  const identity = Float32Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
  return head.apply({ weight: tensor(identity, { shape: [n, n] }), bias: tensor(new Float32Array(n)) }, numbers);
}

const f32 = (rows: readonly (readonly number[])[]): Tensor => tensor(rows).cast("float32");
const logProbs = (head: Network<Law>, rows: number[][], y: Tensor): number[] =>
  Array.from(raw(head, f32(rows)).logProb(y).data());
const slopes = (head: Network<Law>, rows: number[][], y: Tensor): number[] =>
  Array.from(grad((r: Tensor) => raw(head, r).logProb(y).sum())(f32(rows)).data());

/** float32: values near 1 to 6e-8, and some ten roundings on the way. */
function expectNear(actual: readonly number[], expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((x, i) => {
    expect(Math.abs(actual[i]! - x), `at ${i}: ${actual[i]} and ${x}`).toBeLessThan(2e-7 + 2e-6 * Math.abs(x));
  });
}

describe("mixtureDensity", () => {
  const numbers = [
    [0.3, -1.2, 0.5, -2, 0.1, -0.4],
    [1.5, 0.2, -0.7, 1.1, -1, 2],
  ];
  const y = tensor(Float32Array.of(0.4, -1));

  // torch 1.13.0, float64: r = torch.tensor(numbers); MixtureSameFamily(Categorical(logits=r[:, 4:]),
  // Normal(r[:, :2], f(r[:, 2:4]) + 0.05)).log_prob(y), f = elu(r) + 1, exp, softplus; and r.grad after sum().backward()
  test.each([
    [
      "elu",
      [-1.833351614, -1.888747039],
      [0.041623309, 0, -0.642475916, 0, 0.377540669, -0.377540669],
      [-5.4881e-5, -0.259598081, 0.000118692, -0.320221276, -0.047419315, 0.047419315],
    ],
    [
      "exp",
      [-1.924624001, -2.161211383],
      [0.03465419, 0, -0.967202677, 0, 0.377540669, -0.377540669],
      [-7.2069e-5, -0.128644796, 0.000155866, -0.831773957, -0.047417261, 0.047417261],
    ],
    [
      "softplus",
      [-1.421574876, -1.678827606],
      [0.095353094, 0, -0.602028947, 0, 0.377540669, -0.377540669],
      [-6.71e-7, -0.580851377, 1.189e-6, -0.158148569, -0.047425818, 0.047425818],
    ],
  ] as const)("scale %s: log density and gradient are PyTorch's", (scale, values, first, second) => {
    const head = mixtureDensity({ components: 2, scale, floor: 0.05 });
    expectNear(logProbs(head, numbers, y), values);
    expectNear(slopes(head, numbers, y), [...first, ...second]);
  });

  test("several outputs: each component has a mean and a scale a target, outputs innermost", () => {
    const head = mixtureDensity({ outputs: 2, components: 2, floor: [0.05, 0.2] });
    const row = [0.3, -1.2, 0.8, 0.1, 0.5, -2, 0.2, -0.3, 0.1, -0.4];
    const target = f32([[0.4, -1]]);
    // torch 1.13.0, float64, as above with Independent(Normal(r[:, :4].reshape(1, 2, 2),
    // (elu(r[:, 4:8]) + 1).reshape(1, 2, 2) + torch.tensor([0.05, 0.2])), 1) and logits r[:, 8:]
    expectNear(logProbs(head, [row], target), [-1.694352189]);
    expectNear(
      slopes(head, [row], target),
      [
        0.036071012, 1.541321429, -0.034148848, -0.16577435, -0.556773524, -0.22533669, -0.095787518, 0.038550344,
        0.244146733, -0.244146733,
      ],
    );
  });

  test("shapes: batch [n], event [] or [outputs]", () => {
    for (const [outputs, event] of [
      [1, []],
      [3, [3]],
    ] as const) {
      const head = mixtureDensity({ outputs, components: 4 });
      const { params, width } = head.init(key(1), 5);
      expect(width).toBe(4 * (2 * outputs + 1));
      const law = head.apply(params, tensor(new Float32Array(10), { shape: [2, 5] }));
      expect([law.batchShape, law.eventShape, law.dtype]).toEqual([[2], event, "float32"]);
      expect(law.logProb(tensor(new Float32Array(2 * outputs), { shape: [2, ...event] })).shape).toEqual([2]);
    }
  });

  test.each(["elu", "exp", "softplus"] as const)("scale %s never falls below the floor", (scale) => {
    const head = mixtureDensity({ components: 1, scale, floor: 0.25 });
    const law = raw(head, f32([-1e4, -50, 0, 3].map((a) => [0, a, 0])));
    const scales = Array.from((law.components as Normal).scale.data());
    // far below 0 the curve itself is 0, or too small to count beside 0.25
    expect(scales.slice(0, 2)).toEqual([0.25, 0.25]);
    expect(Math.min(...scales)).toBe(0.25);
    expect(scales[2]).toBeCloseTo({ elu: 1.25, exp: 1.25, softplus: Math.LN2 + 0.25 }[scale], 6);
  });

  test("a floor for each target", () => {
    const head = mixtureDensity({ outputs: 3, components: 2, floor: [0.1, 0.2, 0.5] });
    const { base } = raw(head, f32([[...Array(6).fill(0), ...Array(6).fill(-1e4), 0, 0]]))
      .components as Independent<Normal>;
    const floors = [0.1, 0.2, 0.5].map(Math.fround);
    expect(base.scale.toArray()).toEqual([[floors, floors]]);
  });

  test("means start at the given locations", () => {
    const start = [1, 2, 3, 4, 5, 6];
    const head = mixtureDensity({ outputs: 2, components: 3, locations: start });
    const { params } = head.init(key(1), 4);
    const { base } = head.apply(params, tensor(new Float32Array(4), { shape: [1, 4] }))
      .components as Independent<Normal>;
    expect(base.loc.toArray()).toEqual([
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
    ]);
  });

  test("its log density and gradient stay finite for numbers far out", () => {
    for (const scale of ["elu", "softplus"] as const) {
      const head = mixtureDensity({ components: 2, scale, floor: 1e-3 });
      const far = [
        [1e4, -1e4, -1e4, 1e4, 50, -50],
        [0, 0, -100, -100, -1e4, 1e4],
      ];
      for (const value of [...logProbs(head, far, y), ...slopes(head, far, y)])
        expect(value).toSatisfy(Number.isFinite);
    }
  });

  test("options out of range are refused in these words", async () => {
    const message = (options: MixtureDensityOptions) => refused("argument", () => mixtureDensity(options));
    expect(await message({ components: 0 })).toMatchInlineSnapshot(`
      "mixtureDensity: components is 0.
        allowed: a whole number of at least 1"
    `);
    expect(await message({ outputs: 1.5 })).toMatchInlineSnapshot(`
      "mixtureDensity: outputs is 1.5.
        allowed: a whole number of at least 1"
    `);
    expect(await message({ scale: "relu" as "elu" })).toMatchInlineSnapshot(`
      "mixtureDensity: scale "relu".
        allowed: elu, exp, softplus"
    `);
    expect(await message({ floor: -1 })).toMatchInlineSnapshot(`
      "mixtureDensity: floor is -1.
        allowed: a finite number of at least 0, or 1 of them"
    `);
    expect(await message({ floor: [0.1, 0.2, 0.3], outputs: 2 })).toMatchInlineSnapshot(`
      "mixtureDensity: floor is 0.1, 0.2, 0.3.
        allowed: a finite number of at least 0, or 2 of them"
    `);
    expect(await message({ floor: [] })).toMatchInlineSnapshot(`
      "mixtureDensity: floor is an empty list.
        allowed: a finite number of at least 0, or 1 of them"
    `);
    expect(await message({ locations: [0], components: 2 })).toMatchInlineSnapshot(`
      "mixtureDensity: 1 locations.
        allowed: 2, one for each component and output"
    `);
  });
});

describe("normalHead", () => {
  test("answers normals with softplus scales above the floor", () => {
    const law = raw(
      normalHead({ floor: 0.5 }),
      f32([
        [2, -1e4],
        [-1, 0],
      ]),
    ) as Normal;
    expect(law.batchShape).toEqual([2]);
    expect(law.loc.toArray()).toEqual([2, -1]);
    const scales = law.scale.data();
    expect(scales[0]).toBe(0.5);
    expect(scales[1]).toBeCloseTo(Math.LN2 + 0.5, 6); // float32
  });

  test("several outputs make one event, means first", () => {
    const law = raw(normalHead({ outputs: 2, floor: [0.1, 0.2] }), f32([[1, 2, -1e4, -1e4]]));
    expect(law).toBeInstanceOf(Independent);
    expect([law.batchShape, law.eventShape]).toEqual([[1], [2]]);
    const { base } = law as Independent<Normal>;
    expect(base.loc.toArray()).toEqual([[1, 2]]);
    expect(base.scale.toArray()).toEqual([[0.1, 0.2].map(Math.fround)]);
  });

  test("options out of range are refused in these words", async () => {
    expect(await refused("argument", () => normalHead({ outputs: 1.5 }))).toMatchInlineSnapshot(`
      "normalHead: outputs is 1.5.
        allowed: a whole number of at least 1"
    `);
    expect(await refused("argument", () => normalHead({ floor: -1 }))).toMatchInlineSnapshot(`
      "normalHead: floor is -1.
        allowed: a finite number of at least 0, or 1 of them"
    `);
    expect(await refused("argument", () => normalHead({ floor: [1, 1] }))).toMatchInlineSnapshot(`
      "normalHead: floor is 1, 1.
        allowed: a finite number of at least 0, or 1 of them"
    `);
  });
});
