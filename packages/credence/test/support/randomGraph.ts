import type { Tensor } from "credence";
import fc from "fast-check";
import type { DType } from "../../src/graph/dtype.js";
import { fromData } from "../../src/graph/literal.js";
import { type Shape, sizeOf } from "../../src/graph/shape.js";
import { Draw, LARGEST } from "./draw.js";
import { steps } from "./grammar.js";
import { numbersOf } from "./numbers.js";

interface LeafSpec {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly seed: number;
  /** Percent of special numbers and random bits. */
  readonly wild: number;
  /** Held by the function instead of being given to it: small ones become constants of the program. */
  readonly captured: boolean;
}

export interface GraphSpec {
  readonly leaves: readonly LeafSpec[];
  readonly steps: readonly (readonly number[])[];
  readonly outputs: readonly number[];
}

const size = fc.oneof(
  { weight: 12, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 2, arbitrary: fc.constant(1) },
  { weight: 4, arbitrary: fc.integer({ min: 6, max: 17 }) },
  { weight: 1, arbitrary: fc.constant(0) },
);
const shape: fc.Arbitrary<Shape> = fc.oneof(
  { weight: 10, arbitrary: fc.array(size, { maxLength: 5 }).map(bounded) },
  // around the length from which a reduction keeps 16 partial results
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(1, 2, 3), fc.integer({ min: 250, max: 275 })) },
  { weight: 1, arbitrary: fc.tuple(fc.integer({ min: 250, max: 275 }), fc.constantFrom(1, 2, 5)) },
);

/** The shape with sizes replaced by 1 where the whole would be too large. */
function bounded(sizes: readonly number[]): Shape {
  let total = 1;
  return sizes.map((n) => {
    if (total * n > LARGEST / 2) return 1;
    total *= Math.max(1, n);
    return n;
  });
}

const leaf: fc.Arbitrary<LeafSpec> = fc.record({
  shape,
  dtype: fc.constantFrom<DType>("float32", "float64", "float32", "float64", "int32", "bool"),
  seed: fc.nat(),
  wild: fc.constantFrom(0, 5, 50, 100),
  captured: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
});

/** A few leaves, steps that make tensors of earlier ones, and which of these are results. */
export function graphSpec(length: number): fc.Arbitrary<GraphSpec> {
  return fc.record({
    leaves: fc.array(leaf, { minLength: 1, maxLength: 4 }),
    steps: fc.array(fc.array(fc.nat({ max: 9999 }), { minLength: 1, maxLength: 40 }), {
      minLength: 1,
      maxLength: length,
      size: "max",
    }),
    outputs: fc.array(fc.nat({ max: 30 }), { maxLength: 4 }),
  });
}

/** The tensors that a spec's function is given, and the function. */
export function makeGraph(spec: GraphSpec): { args: Tensor[]; fn: (args: readonly Tensor[]) => Tensor[] } {
  const leaves = spec.leaves.map((l) =>
    fromData(numbersOf(l.dtype, sizeOf(l.shape), l.seed, l.wild), l.shape, l.dtype),
  );
  const args = leaves.filter((_, i) => !spec.leaves[i]!.captured);
  const fn = (given: readonly Tensor[]): Tensor[] => {
    let next = 0;
    const pool = leaves.map((l, i) => (spec.leaves[i]!.captured ? l : given[next++]!));
    for (const [kind, ...choices] of spec.steps) {
      const made = steps[kind! % steps.length]!(new Draw([...pool].reverse(), choices)); // shrinks towards the newest
      pool.push(...made.filter((t) => t.size <= LARGEST && t.rank <= 7));
    }
    return [0, ...spec.outputs].map((back) => pool[pool.length - 1 - (back % pool.length)]!);
  };
  return { args, fn };
}
