import { logSoftmax, softmax, type Tensor, valueAndGrad, where } from "credence";
import fc from "fast-check";
import { expect, test } from "vitest";
import { makeBlueprint } from "../../src/compiler/blueprint.js";
import { capture } from "../../src/compiler/ir.js";
import { allPasses } from "../../src/compiler/passes.js";
import { fromData } from "../../src/graph/literal.js";
import { concatNodes } from "../../src/ops/index.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { numbersOf } from "../support/numbers.js";
import { donations, poisons, runPoisoned } from "../support/poison.js";
import { runs } from "../support/runs.js";

type Step = (x: Tensor, y: Tensor) => Tensor;

/** From two matrices to a third; what rows hand on, in every way that a band has to get right. */
const steps: readonly Step[] = [
  (x, y) => x.exp().add(y),
  (x) => logSoftmax(x),
  (x, y) => softmax(x).mul(y),
  (x, y) => x.sub(y.max(-1, { keepDims: true })),
  (x, y) => x.div(y.square().sum(-1, { keepDims: true }).add(1)),
  (x, y) => concatNodes([x.slice(1, 0, 1), y.log1p()], 1).slice(1, 0, x.shape[1]!),
  (x, y) => where(x.gt(y), x.tanh(), y.expandDims(0).squeeze(0)),
  (x, y) => x.add(y.sigmoid().sum()),
  (x, y) => x.mul(y.abs().max()),
  (x, y) => x.add(y.exp().sum(0)),
  (x, y) => x.cumsum().add(y),
  (x, y) => x.add(y.sum(1, { keepDims: true }).tanh().log1p()),
];

test("bands give the interpreter's bits, and write nothing outside of their room", () => {
  const program = fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 2, maxLength: 6 });
  fc.assert(
    fc.property(
      fc.integer({ min: 30, max: 90 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom("float32" as const, "float64" as const),
      fc.constantFrom(16, 600, 4000),
      program,
      fc.nat(),
      (rows, n, dtype, bands, list, seed) => {
        const of = (s: number) => fromData(numbersOf(dtype, rows * n, s, 3), [rows, n], dtype);
        const fn = (args: readonly Tensor[]): Tensor[] => {
          const made = [...args];
          for (const [step, a, b] of list) {
            made.push(steps[step % steps.length]!(made[a % made.length]!, made[b % made.length]!));
          }
          const last = made[made.length - 1]!;
          return [last, last.mean(), made[made.length - 2]!.sum(-1), made[made.length >> 1]!];
        };
        const args = [of(seed), of(seed + 1)];
        const roots = fn(args);
        const expected = withEngine("interpreter", () => evaluate(roots));
        for (const poison of poisons) {
          const given = donations(args, roots, seed);
          runPoisoned(fn, args, poison, { ...allPasses, bands }, given).forEach((data, i) => {
            expectSameBits(data, expected[i]!, `result ${i}`);
          });
        }
      },
    ),
    runs(150),
  );
});

function kindsOf(fn: (...args: Tensor[]) => Tensor[], shapes: readonly (readonly number[])[]): string[] {
  const args = shapes.map((shape) => fromData(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape, "float32"));
  const { graph } = capture(fn(...args), args);
  return makeBlueprint(graph, new Map()).plan.kernels.map((k) =>
    k.kind === "bands" ? `bands(${k.kernels.map((inner) => inner.kind).join(" ")})` : k.kind,
  );
}

test("a likelihood of many elements and its gradients are one pass over memory", () => {
  const loss = (x: Tensor, v: Tensor): Tensor => x.square().div(v).add(v.log()).mean();
  const both = (x: Tensor, v: Tensor): Tensor[] => {
    const [value, gradient] = valueAndGrad((p: { x: Tensor; v: Tensor }) => loss(p.x, p.v))({ x, v });
    return [value, gradient.x, gradient.v];
  };
  const million = [1_000_000];
  expect(kindsOf(both, [million, million])).toEqual(["bands(loop reduce)", "loop"]);
});

test("a softmax of many rows is one pass over memory, a small one is not divided", () => {
  const [all] = kindsOf((x) => [logSoftmax(x)], [[10_000, 100]]);
  expect(all).toMatch(/^bands\(reduce .*loop\)$/);
  expect(kindsOf((x) => [logSoftmax(x)], [[100, 20]]).join(" ")).not.toContain("bands");
});
