import { concat, grad, matmul, scan, softmax, type Tensor, where } from "credence";
import fc from "fast-check";
import { test } from "vitest";
import { allPasses, type Passes } from "../../src/compiler/passes.js";
import { type DType, isFloat } from "../../src/graph/dtype.js";
import { fromData } from "../../src/graph/literal.js";
import { type Shape, sizeOf } from "../../src/graph/shape.js";
import * as ops from "../../src/ops/index.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { numbersOf } from "../support/numbers.js";
import { donations, poisons, runPoisoned } from "../support/poison.js";
import { graphSpec, makeGraph } from "../support/randomGraph.js";
import { runs } from "../support/runs.js";

// Whatever passes run, a compiled graph gives the interpreter's bits, whatever its memory held before, and writes nothing outside of
// its buffers.
const names = Object.keys(allPasses) as (keyof Passes)[];
const none = Object.fromEntries(names.map((name) => [name, false])) as unknown as Passes;
const choices: readonly (readonly [string, Passes])[] = [
  ["every pass", allPasses],
  ["bands of few rows", { ...allPasses, bands: 64 }],
  ...names.map((name) => [`all but ${name}`, { ...allPasses, [name]: false }] as const),
  ...names.map((name) => [`${name} alone`, { ...none, [name]: true }] as const),
  ["no pass", none],
];

function expectInterpreted(
  fn: (args: readonly Tensor[]) => readonly Tensor[],
  args: readonly Tensor[],
  passes: Passes,
  choice = 0,
): void {
  const roots = fn(args);
  const expected = withEngine("interpreter", () => evaluate(roots));
  for (const poison of poisons) {
    runPoisoned(fn, args, poison, passes, donations(args, roots, choice)).forEach((data, i) => {
      expectSameBits(data, expected[i]!, `result ${i}, poison ${poison}`);
    });
  }
}

test.each(choices)("random graphs with %s", (_, passes) => {
  fc.assert(
    fc.property(graphSpec(12), fc.nat(), (spec, choice) => {
      const { args, fn } = makeGraph(spec);
      expectInterpreted(fn, args, passes, choice);
    }),
    runs(100),
  );
});

/** A kernel of every kind along axes of n elements: whole vectors, and every number of elements that is left beside them. */
function everyKernel([line, rows, columns, left, right, key]: readonly Tensor[]): Tensor[] {
  const [x, row, column] = [line!, rows!, columns!];
  const own = [
    x.add(1).mul(x),
    x.cast("int32"),
    where(x.gt(0), x, 2),
    row.sum(1),
    row.sum(0),
    column.sum(1),
    column.max(0),
    row.add(x),
    row.transpose(),
    row.cumsum(),
    concat([row, x.expandDims(0)]),
    concat([column, column.add(1)], 1),
    ops.pad(row, [1, 2], [0, 3]),
    column.gather(x.cast("int32")),
    column.gather([2, 0, 2]),
    ops.iota(x.shape),
    ops.randomBits(key!, x.size, 1),
    scan((s: Tensor, slice: Tensor) => [s.add(slice), s], row.slice(0, 0, 1).squeeze(0), row)[1],
    scan((s: Tensor, slice: Tensor) => [s, ops.randomBits(key!, slice.size, 2)], x, row, { reverse: true })[1],
    ...(x.size > 0 ? [row.argmax()] : []),
  ];
  if (!isFloat(x.dtype)) return own;
  return [
    ...own,
    matmul(row, column),
    matmul(left!, row),
    matmul(column, right!),
    matmul(row.transpose(), column.transpose()),
    softmax(row),
    row.exp().sum(1),
    grad((t: Tensor) =>
      t
        .gather(ops.bitAnd(x.cast("int32"), 1))
        .square()
        .sum(),
    )(column.slice(0, 0, Math.min(2, x.size))),
  ];
}

const tails = Array.from({ length: 18 }, (_, n) => n);
const dtypes: readonly DType[] = ["float32", "float64", "int32", "bool"];

test.each(tails)("every kernel along axes of %d elements", (n) => {
  const of = (shape: Shape, dtype: DType) => fromData(numbersOf(dtype, sizeOf(shape), n, 5), shape, dtype);
  for (const dtype of dtypes) {
    const args = [of([n], dtype), of([3, n], dtype), of([n, 3], dtype), of([5, 3], dtype), of([3, 5], dtype)];
    for (const passes of [allPasses, { ...allPasses, share: false }, none]) {
      expectInterpreted(everyKernel, [...args, of([2], "int32")], passes);
    }
  }
});
