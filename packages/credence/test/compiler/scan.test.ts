import { compile, matmul, scan, Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import { makeBlueprint } from "../../src/compiler/blueprint.js";
import { capture } from "../../src/compiler/ir.js";
import type { ScanKernel } from "../../src/compiler/kernel.js";
import type { Shape } from "../../src/graph/shape.js";
import { randomBits } from "../../src/ops/index.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";

/** The first loop that `fn` is compiled to. */
function loopOf(fn: (...args: Tensor[]) => readonly Tensor[], ...shapes: Shape[]): ScanKernel {
  const args = shapes.map((shape, index) => new Tensor(shape, "float32", { kind: "argument", index }));
  const { plan } = makeBlueprint(capture(fn(...args), args).graph, new Map());
  return plan.kernels.find((kernel) => kernel.kind === "scan")!;
}

const cell = (s: Tensor, xs: Tensor, w: Tensor) =>
  scan(
    (h: Tensor, x: Tensor) => {
      const next = matmul(h, w).add(x).tanh();
      return [next, { next, before: h, x, twice: [next.mul(2), next.mul(2)] }] as const;
    },
    s,
    xs,
  );

describe("a loop's slices", () => {
  test("and what no step changes are read and written where they lie: only the starting state is copied", () => {
    const loop = loopOf(
      (s, xs, w) => {
        const [last, ys] = cell(s!, xs!, w!);
        return [last, ys.next, ys.before, ys.x, ...ys.twice];
      },
      [8, 4],
      [3, 8, 4],
      [4, 4],
    );
    expect(loop.given).toHaveLength(1);
    const slices = [...loop.outside.values()].filter(({ isSlice }) => isSlice);
    expect(slices).toHaveLength(1 + 5);
    expect(loop.outside.size).toBe(slices.length + 3); // the panels of w, and the state before and after a step
    // the product, and all else in the loop that makes the new state
    expect(loop.body.kernels.map(({ kind }) => kind)).toEqual(["matmul", "loop"]);
  });

  test.each([false, true])("do not reach into each other: random words, which come in fours, reverse %s", (reverse) => {
    const draw = (keys: Tensor) =>
      scan((n: Tensor, key: Tensor) => [n.add(1), randomBits(key, 3, 0)] as const, tensor(0), keys, { reverse })[1];
    const keys = tensor(Int32Array.of(1, 2, 3, 4, 5, 6), { shape: [3, 2] });
    const [expected] = withEngine("interpreter", () => evaluate([draw(keys)]));
    expectSameBits(compile(draw)(keys).data(), expected!);
  });
});

describe("results of a loop that nobody reads", () => {
  const two = (pick: (all: { a: Tensor; b: Tensor; ys: { y: Tensor; z: Tensor } }) => Tensor[]) =>
    loopOf(
      (a, b, xs) => {
        const [state, ys] = scan(
          (s: { a: Tensor; b: Tensor }, x: { u: Tensor; v: Tensor }) =>
            [
              { a: s.a.add(x.u), b: s.b.mul(s.a) },
              { y: s.b.exp(), z: x.v.cumsum() },
            ] as const,
          { a: a!, b: b! },
          { u: xs!, v: xs!.mul(2) },
        );
        return pick({ ...state, ys });
      },
      [4],
      [4],
      [3, 4],
    );

  test("are not computed, nor the state and the sequences that only they need", () => {
    const all = two(({ a, b, ys }) => [a, b, ys.y, ys.z]);
    expect([all.given.length, all.reads.length]).toEqual([2, 4]);
    const alone = two(({ a }) => [a]);
    expect([alone.given.length, alone.reads.length]).toEqual([1, 2]);
    expect(alone.body.kernels).toHaveLength(1);
    const stacked = two(({ ys }) => [ys.z]);
    expect([stacked.given.length, stacked.reads.length]).toEqual([0, 1]);
  });

  test("are, as long as a state that is read depends on them", () => {
    const last = two(({ b }) => [b]);
    expect([last.given.length, last.reads.length]).toEqual([2, 3]);
  });
});
