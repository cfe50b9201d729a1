import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compile, concat, grad, scan, stack, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { expectGradient } from "../support/finiteDifference.js";

/** Deterministic numbers of a shape, in ±1. */
function numbers(shape: readonly number[], seed: number): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(
    Float64Array.from({ length: size }, (_, i) => Math.sin(12.9898 * i + 78.233 * seed)),
    { shape },
  );
}

interface Weights {
  readonly w: Tensor;
  readonly u: Tensor;
}

const cell = (h: Tensor, x: Tensor, { w, u }: Weights): Tensor => h.matmul(w).add(x.matmul(u)).tanh();

/** The same loss by `scan`, and by a loop of JavaScript. */
function scanned(p: Weights, h0: Tensor, xs: Tensor, reverse = false): Tensor {
  const [last, ys] = scan(
    (h: Tensor, x: Tensor) => {
      const next = cell(h, x, p);
      return [next, next.square().add(x.sum())] as const;
    },
    h0,
    xs,
    { reverse },
  );
  return last.sum().add(ys.mul(0.5).sum());
}

function unrolled(p: Weights, h0: Tensor, xs: Tensor, reverse = false): Tensor {
  const steps = xs.shape[0]!;
  let h = h0;
  const ys: Tensor[] = [];
  for (let i = 0; i < steps; i++) {
    const at = reverse ? steps - 1 - i : i;
    const x = xs.slice(0, at, at + 1).squeeze(0);
    h = cell(h, x, p);
    ys[at] = h.square().add(x.sum());
  }
  return steps === 0 ? h.sum() : h.sum().add(stack(ys).mul(0.5).sum());
}

const engines = ["interpreter", "compiler"] as const;
const close = (a: Tensor, b: Tensor): void => {
  const [x, y] = [a.data(), b.data()];
  // the unrolled graph adds the weights' gradients in another order: some roundings apart
  x.forEach((v, i) => {
    expect(Math.abs(v - y[i]!)).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(y[i]!)));
  });
};

describe.each(engines)("scan on the %s", (engine) => {
  test.each([
    [0, false, 4],
    [1, false, 4],
    [5, false, 1],
    [5, false, 4],
    [4, true, 4],
    [4, true, 20], // from 17 rows on the weights' gradients are summed step by step
  ])(
    "of %d steps, reverse %s, of %d rows, equals the unrolled loop: value, gradients, second derivatives",
    (steps, reverse, rows) => {
      withEngine(engine, () => {
        const p = { w: numbers([3, 3], 1), u: numbers([2, 3], 2) };
        const [h0, xs] = [numbers([rows, 3], 3), numbers([steps, rows, 2], 4)];
        const [value, gradient] = valueAndGrad(scanned)(p, h0, xs, reverse);
        const [expected, wanted] = valueAndGrad(unrolled)(p, h0, xs, reverse);
        close(value, expected);
        close(gradient.w, wanted.w);
        close(gradient.u, wanted.u);
        close(
          grad((h: Tensor) => scanned(p, h, xs, reverse))(h0),
          grad((h: Tensor) => unrolled(p, h, xs, reverse))(h0),
        );
        close(
          grad((x: Tensor) => scanned(p, h0, x, reverse))(xs),
          grad((x: Tensor) => unrolled(p, h0, x, reverse))(xs),
        );
        const curvature = (loss: typeof scanned) =>
          grad((w: Tensor) =>
            grad((v: Tensor) => loss({ ...p, w: v }, h0, xs, reverse))(w)
              .square()
              .sum(),
          )(p.w);
        close(curvature(scanned), curvature(unrolled));
      });
    },
  );

  test("has the gradients of weights that are multiplied from either side, several times, and read otherwise", () => {
    withEngine(engine, () => {
      const loss = ([w, v, s, xs]: Tensor[]): Tensor => {
        const [last, ys] = scan(
          (h: Tensor, x: Tensor) => {
            const columns = w!.matmul(h.transpose()).transpose();
            const twice = columns.tanh().matmul(w!).add(x.matmul(w!.transpose())).add(w!.sum(0));
            // one of more dimensions, and below one whose left side is neither state nor slice
            const more = twice.expandDims(1).matmul(v!).squeeze(1);
            return [more.mul(0.3).tanh(), x.relu().add(0.1).matmul(w!)] as const;
          },
          s!,
          xs!,
        );
        return last.sum().add(ys.square().sum());
      };
      expectGradient(loss, [numbers([3, 3], 1), numbers([3, 3], 2), numbers([2, 3], 3), numbers([4, 2, 3], 4)]);
    });
  });

  test("of no steps answers the first state and empty stacks", () => {
    withEngine(engine, () => {
      const [state, ys] = scan((h: Tensor, x: Tensor) => [h.add(x), h] as const, tensor([1, 2]), numbers([0, 2], 1));
      expect(state.toArray()).toEqual([1, 2]);
      expect(ys.shape).toEqual([0, 2]);
    });
  });

  test("carries trees, whole numbers and states that swap places", () => {
    withEngine(engine, () => {
      const [state, ys] = scan(
        (s: { a: Tensor; b: Tensor; n: Tensor }, x: Tensor) =>
          [
            { a: s.b, b: s.a.add(x), n: s.n.add(1) },
            { before: s.a, n: s.n },
          ] as const,
        { a: tensor([1, 2]), b: tensor([10, 20]), n: tensor(0, { dtype: "int32" }) },
        tensor([
          [1, 1],
          [2, 2],
          [3, 3],
        ]),
      );
      expect(state.a.toArray()).toEqual([12, 22]);
      expect(state.b.toArray()).toEqual([5, 6]);
      expect(state.n.item()).toBe(3);
      expect(ys.before.toArray()).toEqual([
        [1, 2],
        [10, 20],
        [2, 3],
      ]);
      expect(ys.n.toArray()).toEqual([0, 1, 2]);
    });
  });
});

test("gradients that fade over many steps end before they are subnormal", () => {
  const halved = (steps: number, dtype: "float32" | "float64"): number =>
    grad((x: Tensor) => scan((s: Tensor, _: Tensor) => [s.mul(0.5), {}] as const, x, numbers([steps, 0], 1))[0])(
      tensor(1, { dtype }),
    ).item();
  expect(halved(99, "float32")).toBe(0.5 ** 99);
  expect(halved(100, "float32")).toBe(0); // 8e-31
  expect(halved(996, "float64")).toBe(0.5 ** 996);
  expect(halved(997, "float64")).toBe(0); // 7e-301
});

test("interpreted and compiled scans agree to the bit, with their gradients", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 1, max: 9 }),
      fc.oneof(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 15, max: 18 })),
      fc.boolean(),
      (steps, width, rows, reverse) => {
        const p = { w: numbers([width, width], 1).cast("float32"), u: numbers([2, width], 2).cast("float32") };
        const [h0, xs] = [numbers([rows, width], 3).cast("float32"), numbers([steps, rows, 2], 4).cast("float32")];
        const run = (engine: (typeof engines)[number]) =>
          withEngine(engine, () => {
            const [value, gradient] = valueAndGrad(scanned)(p, h0, xs, reverse);
            return [value, gradient.w, gradient.u].map((t) => Array.from(t.data()));
          });
        expect(run("compiler")).toEqual(run("interpreter"));
      },
    ),
    { numRuns: 20 },
  );
});

test("the gradients of weights are one product over all steps where a step has few rows", () => {
  const bodies = (rows: number): number[] => {
    const step = compile((p: Weights, h0: Tensor, xs: Tensor) => valueAndGrad(scanned)(p, h0, xs));
    step({ w: numbers([3, 3], 1), u: numbers([2, 3], 2) }, numbers([rows, 3], 3), numbers([50, rows, 2], 4));
    return [...step.plan().matchAll(/^ {3,4}\d+ matmul +matmul\d+ \[(\d), 3\]/gm)].map((match) => Number(match[1]));
  };
  expect(bodies(16).sort()).toEqual([2, 3]);
  expect(bodies(17)).toEqual([]);
});

test("is compiled once, whatever the number of steps", () => {
  const bytesOf = (steps: number): string => {
    const step = compile((p: Weights, h0: Tensor, xs: Tensor) => valueAndGrad(scanned)(p, h0, xs));
    step({ w: numbers([3, 3], 1), u: numbers([2, 3], 2) }, numbers([4, 3], 3), numbers([steps, 4, 2], 4));
    return /(\d+) nodes in (\d+) kernels/.exec(step.plan())![0];
  };
  expect(bytesOf(1000)).toBe(bytesOf(3));
});

test("a state that changes shape, and sequences of different length, are refused", () => {
  expect(() =>
    scan((h: Tensor, x: Tensor) => [concat([h, x]), h] as const, tensor([1]), tensor([[1], [2]])),
  ).toThrowErrorMatchingInlineSnapshot(`
    [CredenceError: scan: the state goes from shape [1] to [2].
      allowed: a state that keeps its shape]
  `);
  expect(() =>
    scan((h: Tensor, x: { a: Tensor; b: Tensor }) => [h.add(x.a), x.b] as const, tensor(0), {
      a: tensor([1, 2]),
      b: tensor([1]),
    }),
  ).toThrowErrorMatchingInlineSnapshot(`
    [CredenceError: scan: sequences of shapes [2], [1].
      allowed: at least one, all with the same number of steps on the first axis]
  `);
});
