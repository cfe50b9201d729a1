import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Expression, ExpressionBuilder, expressionsBelow } from "../../src/compiler/expression.js";
import { Places } from "../../src/compiler/regions.js";
import type { Machine } from "../../src/ops/machine.js";
import { float32Machine, float64Machine } from "../../src/ops/numbers.js";
import { expectSameBits } from "../support/bits.js";
import { toWasm } from "../support/elementwise.js";
import { anyNumber } from "../support/numbers.js";
import { runs } from "../support/runs.js";

const machines = { float32: float32Machine, float64: float64Machine };
const precisions = ["float32", "float64"] as const;

/** One value more, from those that are known: by their places, counted from the last. */
type Step =
  | { readonly kind: "add" | "sub" | "scale" | "select"; readonly from: readonly number[] }
  | { readonly kind: "when" | "iterate"; readonly from: readonly number[]; readonly inner: readonly Step[] };

const from = fc.array(fc.nat(6), { minLength: 4, maxLength: 4 });
/** Programs of branches and loops in each other. */
const { steps } = fc.letrec<{ steps: Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie("step"), { minLength: 1, maxLength: 4, depthIdentifier: "region" }),
  step: fc.oneof(
    { depthSize: "small", depthIdentifier: "region" },
    fc.record({ kind: fc.constantFrom("add", "sub", "scale", "select"), from }),
    fc.record({ kind: fc.constantFrom("when", "iterate"), from, inner: tie("steps") }),
  ) as fc.Arbitrary<Step>,
}));

function run<V>(m: Machine<V>, known: readonly V[], steps: readonly Step[]): V[] {
  const pool = [...known];
  for (const step of steps) {
    const [a, b, c, d] = step.from.map((back) => pool[Math.max(0, pool.length - 1 - back)]!) as [V, V, V, V];
    const inner = (more: readonly V[]): { x: V; y: V } => {
      const values = run(m, [...pool, ...more], "inner" in step ? step.inner : []);
      return { x: values[values.length - 1]!, y: values[values.length - 2]! };
    };
    if (step.kind === "add") pool.push(m.add(a, b));
    else if (step.kind === "sub") pool.push(m.sub(a, b));
    else if (step.kind === "scale") pool.push(m.mul(a, m.num(step.from[3]! / 4)));
    else if (step.kind === "select") pool.push(m.select(m.lt(a, b), c, d));
    else if (step.kind === "when") {
      const { x, y } = m.when(m.lt(a, b), () => inner([]), { x: c, y: d });
      pool.push(x, y);
    } else {
      const below = m.add(m.mul(a, a), m.num(1));
      const goes = (s: { x: V; y: V }): V => m.lt(m.sub(s.x, b), below);
      const { x, y } = m.iterate({ x: c, y: d }, goes, (s) => inner([s.y, s.x]), 1 + step.from[3]!);
      pool.push(x, y);
    }
  }
  return pool;
}

const COUNT = 9;

describe.each(precisions)("programs of branches and loops, %s", (dtype) => {
  test("give the same bits inline, as a function, as vectors, for single elements and in plain JavaScript", () => {
    const small = fc.oneof(fc.integer({ min: -4, max: 4 }), anyNumber(dtype));
    const list = fc.array(small, { minLength: COUNT, maxLength: COUNT });
    fc.assert(
      fc.property(steps, list, list, (program, x, y) => {
        const lower = <V>(m: Machine<V>, inputs: readonly V[]): V => {
          const values = run(m, inputs, program);
          return m.add(values[values.length - 1]!, m.mul(values[values.length >> 1]!, m.num(0.5)));
        };
        const expected = x.map((a, i) => lower(machines[dtype], [a, y[i]!]));
        for (const outlined of [false, true]) {
          expectSameBits(toWasm(lower, dtype, { outlined })([x, y]), expected, `outlined: ${outlined}`);
        }
      }),
      runs(150),
    );
  });
});

describe("places", () => {
  const builder = new ExpressionBuilder();
  const m = builder.machine("float64");
  const [a, b] = [builder.load(0, "float64"), builder.load(1, "float64")];
  const named = (op: Expression["op"], root: Expression) => expressionsBelow([root]).find((e) => e.op === op)!;

  test("what only a branch needs is computed in it; what others need too, before it", () => {
    const [shared, own] = [m.mul(a, b), m.sqrt(b)];
    const { x } = m.when(m.lt(a, b), () => ({ x: m.add(shared, own) }), { x: a });
    const root = m.sub(x, shared);
    expect(new Places([root]).before(named("when", root))).toEqual([shared, b]);
  });

  test("what a loop does not change is computed once, and only if the loop runs", () => {
    const [constant, start] = [m.sqrt(b), m.mul(a, a)];
    const { x } = m.iterate(
      { x: start },
      (s) => m.lt(s.x, a),
      (s) => ({ x: m.add(s.x, constant) }),
      3,
    );
    const places = new Places([x]);
    expect(places.before(named("iterate", x))).toEqual([a]); // b is only read where the loop runs
    expect(places.ahead(named("iterate", x))).toEqual([constant]);
  });

  test("a branch in a loop leaves what the loop does not change to the loop", () => {
    const constant = m.sqrt(b);
    const { x } = m.iterate(
      { x: a },
      (s) => m.lt(s.x, a),
      (s) => m.when(m.lt(s.x, b), () => ({ x: m.mul(s.x, constant) }), { x: m.neg(s.x) }),
      3,
    );
    expect(new Places([x]).ahead(named("iterate", x))).toContain(constant);
  });
});
