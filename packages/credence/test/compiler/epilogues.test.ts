import { compile, concat, matmul, Tensor, tensor, where } from "credence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Blueprint, makeBlueprint } from "../../src/compiler/blueprint.js";
import { capture } from "../../src/compiler/ir.js";
import { allPasses } from "../../src/compiler/passes.js";
import type { DType, FloatType } from "../../src/graph/dtype.js";
import { fromData } from "../../src/graph/literal.js";
import { type Shape, sizeOf } from "../../src/graph/shape.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { expectSoundMemory } from "../support/memory.js";
import { numbersOf } from "../support/numbers.js";
import { donations, poisons, runPoisoned } from "../support/poison.js";
import { runs } from "../support/runs.js";

type Fn = (...args: Tensor[]) => readonly Tensor[];

function blueprint(fn: Fn, shapes: readonly Shape[], donated = new Map<number, number>(), dtype: DType = "float32") {
  const args = shapes.map((shape, index) => new Tensor(shape, dtype, { kind: "argument", index }));
  return makeBlueprint(capture(fn(...args), args).graph, donated);
}

const kinds = ({ plan }: Blueprint): string =>
  plan.kernels
    .map((kernel) => kernel.kind)
    .filter((kind) => kind !== "pack")
    .join(" ");
const kernels = (fn: Fn, ...shapes: Shape[]): string => kinds(blueprint(fn, shapes));

describe("what is done with a product's result is done on its tiles", () => {
  const [x, w, full] = [
    [8, 5],
    [5, 12],
    [8, 12],
  ] as [Shape, Shape, Shape];
  const dense: Fn = (x, w, b) => [matmul(x!, w!).add(b!).relu()];

  test("bias and activation", () => {
    expect(kernels(dense, x, w, [12])).toBe("matmul");
    expect(kernels(dense, x, w, [8, 1])).toBe("matmul");
    expect(kernels(dense, x, w, [])).toBe("matmul");
    expect(kernels(dense, x, w, full)).toBe("matmul");
    expect(kernels(dense, [3, 8, 5], [3, 5, 12], [12])).toBe("matmul");
    expect(kernels((x, w, b) => dense(x!.reshape([24, 5]), w!, b!), [3, 8, 5], w, [12])).toBe("matmul");
    expect(kernels(dense, [3, 8, 5], w, [12])).toBe("matmul");
  });

  test("the mask of an activation's gradient", () => {
    const masked: Fn = (y, dy, w) => [where(y!.gt(0), matmul(dy!, w!.transpose()), 0)];
    expect(kernels(masked, full, [8, 5], [12, 5])).toBe("matmul");
  });

  test("with other results of the same shape", () => {
    const several: Fn = (x, w, b) => {
      const z = matmul(x!, w!).add(b!);
      return [z, z.gt(0), z.relu()];
    };
    expect(kernels(several, x, w, [12])).toBe("matmul");
  });

  test("the update of a weight, where it lies", () => {
    const step: Fn = (x, dy, w, rate) => [w!.sub(matmul(x!.transpose(), dy!).mul(rate!))];
    const made = blueprint(step, [x, full, w, []], new Map([[0, 2]]));
    expect(kinds(made)).toBe("matmul");
    expect(made.plan.copies).toEqual([]);
    // an operand can't be written over before all of it is read
    const square: Fn = (x, w) => [w!.sub(matmul(x!, w!))];
    const copied = blueprint(
      square,
      [
        [8, 8],
        [8, 8],
      ],
      new Map([[0, 1]]),
    );
    expect(kinds(copied)).toBe("matmul");
    expect(copied.plan.copies).toHaveLength(1);
  });

  test("and the product has no memory of its own", () => {
    const { plan } = blueprint(dense, [[100, 5], [5, 64], [64]]);
    expect(plan.bytes).toBe(100 * 5 * 4 + 48 + 5 * 64 * 4 + 64 * 4 + 100 * 64 * 4); // each up to the next 64
  });

  test("unless something else reads it, or its sums are taken up again", () => {
    const both: Fn = (x, w, b) => {
      const z = matmul(x!, w!);
      return [z.add(b!).relu(), z];
    };
    expect(kernels(both, x, w, [12])).toBe("matmul");
    const { plan } = blueprint(dense, [[8, 5000], [5000, 12], [12]]);
    expect(plan.kernels.at(-1)!.writes).toHaveLength(2);
  });
});

describe("loops stay loops", () => {
  test("where a product has few rows or columns", () => {
    const fn: Fn = (x, w) => [matmul(x!, w!).add(1)];
    expect(kernels(fn, [3, 5], [5, 12])).toBe("matmul loop");
    expect(kernels(fn, [8, 5], [5, 3])).toBe("matmul loop");
    expect(kernels(fn, [4, 5], [5, 4])).toBe("matmul");
  });

  test("where they read other elements of it, or all before any", () => {
    expect(kernels((x, w) => [matmul(x!, w!).transpose().add(1)], [8, 5], [5, 12])).toBe("matmul loop");
    expect(kernels((x, w) => [matmul(x!, w!).slice(1, 2).add(1)], [8, 5], [5, 12])).toBe("matmul loop");
    const centred: Fn = (x, w) => {
      const z = matmul(x!, w!);
      return [z.sub(z.sum())];
    };
    expect(kernels(centred, [8, 5], [5, 12])).toBe("matmul reduce loop");
  });

  test("where they are long, or of another type", () => {
    expect(kernels((x, w) => [matmul(x!, w!).tanh()], [8, 5], [5, 12])).toBe("matmul loop");
    expect(kernels((x, w) => [matmul(x!, w!).cast("float64").add(1)], [8, 5], [5, 12])).toBe("matmul loop");
  });

  test("when they are told to", () => {
    const args = [new Tensor([8, 5], "float32", { kind: "argument", index: 0 })];
    const { graph } = capture([matmul(args[0]!, args[0]!.transpose()).relu()], args);
    expect(kinds(makeBlueprint(graph, new Map(), { ...allPasses, epilogues: false }))).toBe("matmul loop");
  });
});

/** One step of an epilogue: the value so far, with another that it may read. */
const steps: readonly ((x: Tensor, other: Tensor) => Tensor)[] = [
  (x, other) => x.add(other),
  (x, other) => other.sub(x),
  (x, other) => x.mul(other),
  (x, other) => where(other.gt(0), x, 0),
  (x, other) => where(x.lt(other), x, other),
  (x) => x.relu(),
  (x) => x.neg(),
  (x) => x.abs(),
  (x) => x.square(),
  (x, other) => x.minimum(other),
  (x) => x.cast("int32").cast(x.dtype),
  (x) => x.gt(0).cast(x.dtype),
];

/** What of the others a step reads, for results of shape [..., m, n]. */
const others: readonly ((m: number, n: number, shape: Shape) => Shape)[] = [
  (_m, n) => [n],
  (m) => [m, 1],
  () => [],
  (_m, _n, shape) => shape,
];

const spec = fc.record({
  // tails of tiles of 4 rows by 8 columns (of float64: 4); blocks of 128 rows, and of 1024 (512) terms
  m: fc.oneof(fc.integer({ min: 3, max: 13 }), fc.constantFrom(127, 128, 129, 133, 260)),
  n: fc.integer({ min: 2, max: 19 }),
  k: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 9 }) }, { weight: 1, arbitrary: fc.constant(0) }),
  long: fc.constantFrom(0, 0, 0, 511, 512, 1023, 1024, 1030, 2050),
  batch: fc.constantFrom(0, 0, 0, 1, 3),
  dtype: fc.constantFrom<FloatType>("float32", "float64"),
  turned: fc.nat({ max: 3 }),
  steps: fc.array(fc.tuple(fc.nat({ max: 99 }), fc.nat({ max: 99 })), { minLength: 1, maxLength: 5 }),
  kept: fc.nat({ max: 63 }),
  twice: fc.boolean(),
  wild: fc.constantFrom(0, 0, 30),
  seed: fc.nat(),
});

test("any epilogue gives the interpreter's bits, in memory of its own and in place of what it reads", () => {
  fc.assert(
    fc.property(spec, (s) => {
      const { m, n, dtype } = s;
      const k = m < 20 && s.batch === 0 ? s.k + s.long : s.k;
      const lead = s.batch === 0 ? [] : [s.batch];
      const shape = [...lead, m, n];
      const make = (of: Shape, i: number): Tensor =>
        fromData(numbersOf(dtype, sizeOf(of), s.seed + i, s.wild), of, dtype);
      const turn = (t: Tensor): Tensor => t.transpose(t.shape.map((_, i) => (i < t.rank - 2 ? i : 2 * t.rank - 3 - i)));
      const [flipA, flipB] = [s.turned % 2 === 1, s.turned > 1];
      const a = make([...lead, ...(flipA ? [k, m] : [m, k])], 1);
      const b = make([...lead, ...(flipB ? [n, k] : [k, n])], 2);
      const extra = s.steps.map(([, of], i) => make(others[of % others.length]!(m, n, shape), 3 + i));
      const fn = ([x, y, ...rest]: readonly Tensor[]): Tensor[] => {
        const product = (): Tensor => matmul(flipA ? turn(x!) : x!, flipB ? turn(y!) : y!);
        const values = [product()];
        for (const [i, [op]] of s.steps.entries()) values.push(steps[op % steps.length]!(values.at(-1)!, rest[i]!));
        if (s.twice) values.push(values.at(-1)!.add(product().mul(2)));
        return [values.at(-1)!, ...values.filter((_, i) => (s.kept >> i) & 1 && s.kept % 3 === 0)];
      };
      const args = [a, b, ...extra];
      const roots = fn(args);
      const expected = withEngine("interpreter", () => evaluate(roots));
      const donated = donations(args, roots, s.seed);
      for (const [poison, places] of [
        [poisons[0]!, new Map<number, number>()],
        [poisons[1]!, donated],
      ] as const) {
        runPoisoned(fn, args, poison, allPasses, places).forEach((data, i) => {
          expectSameBits(data, expected[i]!, `result ${i}, ${places.size} in place`);
        });
        expectSoundMemory(
          blueprint(
            (...given) => fn(given),
            args.map((t) => t.shape),
            places,
            dtype,
          ),
        );
      }
    }),
    runs(400),
  );
});

test("sums that are stored beside what is made of them", () => {
  const [x, w] = [
    tensor(new Float32Array(40).fill(0.5), { shape: [8, 5] }),
    tensor(new Float32Array(60).fill(2), { shape: [5, 12] }),
  ];
  const fn = (x: Tensor, w: Tensor): Tensor[] => {
    const z = matmul(x, w);
    return [z.sub(5), concat([z, z.neg()], 1)];
  };
  const [centred, both] = compile(fn)(x, w);
  expect([...centred!.data()]).toEqual(new Array(96).fill(0));
  expect(both!.toArray()).toEqual(
    Array.from({ length: 8 }, () => [...new Array(12).fill(5), ...new Array(12).fill(-5)]),
  );
});
