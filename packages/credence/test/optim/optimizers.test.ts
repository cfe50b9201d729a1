import { expect, test } from "vitest";
import "../../src/tensor/methods.js";
import { leavesOf } from "../../src/graph/tree.js";
import { type Tensor, tensor } from "../../src/index.js";
import { adam, adamw, type Optimizer, type OptimizerState, type Params, sgd } from "../../src/nn/index.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { refused } from "../support/refused.js";

const START = [0.5, -1.5, 2, 0];
/** Gradients of five steps: of mixed size, always 0, always tiny. */
const GRADIENTS = [
  [0.1, -2, 0, 1e-4],
  [-0.3, 1, 0, 1e-4],
  [0.2, 0.5, 0, -3e-4],
  [1, -0.25, 0, 1e-4],
  [-0.5, 0.75, 0, 1e-4],
];

const square = (values: readonly number[], shape: readonly number[]): Tensor =>
  tensor(Float32Array.from(values), { shape });

/** The weights after each step with one gradient a step. */
function follow(optimizer: Optimizer, shape: readonly number[] = [2, 2], gradients = GRADIENTS): number[][] {
  let params: Params = { w: square(START, shape) };
  let state: OptimizerState = optimizer.init(params);
  return gradients.map((gradient) => {
    const rate = tensor(optimizer.learningRate as number, { dtype: "float32" });
    ({ params, state } = optimizer.update({ w: square(gradient, shape) }, state, params, rate));
    return Array.from((params as { w: Tensor }).w.data());
  });
}

// torch 1.13.0 in float64: torch.optim.<name>([p], lr=0.1, ...), p = [[0.5, -1.5], [2, 0]], p.grad = GRADIENTS[i], step()
const references: Record<string, [Optimizer, number[][]]> = {
  "Adam(lr=0.1)": [
    adam({ learningRate: 0.1 }),
    [
      [0.40000001, -1.4, 2.0, -0.099990001],
      [0.449418991, -1.373366297, 2.0, -0.199980002],
      [0.447540222, -1.36722741, 2.0, -0.17513128],
      [0.392567706, -1.355916871, 2.0, -0.172428967],
      [0.373638878, -1.363734672, 2.0, -0.185378047],
    ],
  ],
  "Adam(lr=0.05, betas=(0.5, 0.9), eps=1e-3)": [
    adam({ learningRate: 0.05, beta1: 0.5, beta2: 0.9, epsilon: 1e-3 }),
    [
      [0.45049505, -1.450024988, 2.0, -0.004545455],
      [0.486842967, -1.450024988, 2.0, -0.009090909],
      [0.477069931, -1.461240349, 2.0, -0.003728391],
      [0.428592207, -1.461240349, 2.0, -0.003444917],
      [0.427719576, -1.480390925, 2.0, -0.005529314],
    ],
  ],
  "AdamW(lr=0.1, weight_decay=0.2)": [
    adamw({ learningRate: 0.1, weightDecay: 0.2 }),
    [
      [0.39000001, -1.37, 1.96, -0.099990001],
      [0.431618991, -1.315966297, 1.9208, -0.197980202],
      [0.421107842, -1.283508085, 1.882384, -0.169171876],
      [0.357713169, -1.246527383, 1.84473632, -0.163086125],
      [0.331630078, -1.229414636, 1.807841594, -0.172773483],
    ],
  ],
  "SGD(lr=0.1)": [
    sgd({ learningRate: 0.1 }),
    [
      [0.49, -1.3, 2.0, -1e-5],
      [0.52, -1.4, 2.0, -2e-5],
      [0.5, -1.45, 2.0, 1e-5],
      [0.4, -1.425, 2.0, 0],
      [0.45, -1.5, 2.0, -1e-5],
    ],
  ],
  "SGD(lr=0.1, momentum=0.9)": [
    sgd({ learningRate: 0.1, momentum: 0.9 }),
    [
      [0.49, -1.3, 2.0, -1e-5],
      [0.511, -1.22, 2.0, -2.9e-5],
      [0.5099, -1.198, 2.0, -1.61e-5],
      [0.40891, -1.1532, 2.0, -1.449e-5],
      [0.368019, -1.18788, 2.0, -2.3041e-5],
    ],
  ],
};

test.each(Object.entries(references))("%s takes PyTorch's steps", (_, [optimizer, steps]) => {
  for (const engine of ["interpreter", "compiler"] as const) {
    const taken = withEngine(engine, () => follow(optimizer));
    steps.forEach((weights, i) => {
      weights.forEach((w, j) => {
        // float32 weights near 2 step by 2.4e-7; five steps, each rounded some three times
        expect(Math.abs(taken[i]![j]! - w), `step ${i + 1}, weight ${j}`).toBeLessThan(1e-6);
      });
    });
  }
});

test.each(Object.entries(references))("%s: interpreted and compiled agree to the bit", (_, [optimizer]) => {
  const interpreted = withEngine("interpreter", () => follow(optimizer)).flat();
  expectSameBits(withEngine("compiler", () => follow(optimizer)).flat(), interpreted);
});

test("decay spares vectors, such as biases", () => {
  expect(follow(adamw({ learningRate: 0.1, weightDecay: 0.2 }), [4])).toEqual(follow(adam({ learningRate: 0.1 }), [4]));
});

test("weights that had no gradient stay where they are", () => {
  const zeros = Array.from({ length: 3 }, () => [0, 0, 0, 0]);
  for (const optimizer of [adam(), sgd({ momentum: 0.9 })]) {
    expect(follow(optimizer, [2, 2], zeros)).toEqual([START, START, START]);
  }
});

test("momentum 0 keeps no state", () => {
  expect(sgd().init({ w: tensor([1]) })).toEqual([]);
});

/** The moments after each step: one gradient, then gradients of 0. */
function moments(optimizer: Optimizer, gradient: number, steps: number): number[][] {
  const w = tensor(Float32Array.of(1));
  const rate = tensor(0.001, { dtype: "float32" });
  let state = optimizer.init({ w });
  return Array.from({ length: steps }, (_, i) => {
    const g = tensor(Float32Array.of(i === 0 ? gradient : 0));
    state = optimizer.update({ w: g }, state, { w }, rate).state;
    const { step: _step, ...trees } = state as Record<string, Params>;
    return leavesOf(trees).map((leaf) => leaf.tensor.item());
  });
}

test.each([
  ["adam", adam({ beta1: 0.5, beta2: 0.5 }), 1e-9],
  ["adam from a gradient whose square is subnormal", adam({ beta1: 0.5, beta2: 0.5 }), 3e-20],
  ["adam from a subnormal gradient", adam({ beta1: 0.5, beta2: 0.5 }), 1e-40],
  ["sgd with momentum", sgd({ momentum: 0.5 }), 1e-9],
])("no moment is ever subnormal, each comes to 0: %s", (_, optimizer, gradient) => {
  // 1e-9 · 2^-n falls below the smallest normal number, 2^-126, after 97 steps
  const all = moments(optimizer, gradient, 120);
  expect(all.flat().filter((moment) => moment !== 0 && Math.abs(moment) < 2 ** -126)).toEqual([]);
  expect(all.at(-1)).toSatisfy((last: number[]) => last.length > 0 && last.every((moment) => moment === 0));
});

test("Adam takes a gradient below 1e-15 for 0, whose square would be subnormal in float32", () => {
  expect(moments(adam(), 1e-20, 1)).toEqual([[0, 0]]);
  expect(moments(adam(), 1e-14, 1)[0]![0]).toBeGreaterThan(0);
});

test("options out of range are refused in these words", async () => {
  const message = (make: () => unknown) => refused("argument", make);
  expect(await message(() => adam({ learningRate: 0 }))).toMatchInlineSnapshot(`
    "adam: learningRate is 0.
      allowed: a positive number, or a schedule"
  `);
  expect(await message(() => adam({ beta1: 1 }))).toMatchInlineSnapshot(`
    "adam: beta1 is 1.
      allowed: 0 up to, not including, 1"
  `);
  expect(await message(() => adam({ beta2: -0.1 }))).toMatchInlineSnapshot(`
    "adam: beta2 is -0.1.
      allowed: 0 up to, not including, 1"
  `);
  expect(await message(() => adam({ epsilon: 0 }))).toMatchInlineSnapshot(`
    "adam: epsilon is 0.
      allowed: a finite number of at least 1e-30"
  `);
  expect(await message(() => adamw({ weightDecay: -1 }))).toMatchInlineSnapshot(`
    "adamw: weightDecay is -1.
      allowed: a finite number of at least 0"
  `);
  expect(await message(() => adamw({ beta1: Number.NaN }))).toMatchInlineSnapshot(`
    "adamw: beta1 is NaN.
      allowed: 0 up to, not including, 1"
  `);
  expect(await message(() => sgd({ learningRate: Number.POSITIVE_INFINITY }))).toMatchInlineSnapshot(`
    "sgd: learningRate is Infinity.
      allowed: a positive number, or a schedule"
  `);
  expect(await message(() => sgd({ momentum: 1 }))).toMatchInlineSnapshot(`
    "sgd: momentum is 1.
      allowed: 0 up to, not including, 1"
  `);
});
