import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emitLoop } from "../../src/compiler/emit/loop.js";
import { fixed } from "../../src/compiler/emit/place.js";
import { type Expression, ExpressionBuilder, expressionsBelow } from "../../src/compiler/expression.js";
import type { IrNode } from "../../src/compiler/ir.js";
import { encodeModule } from "../../src/compiler/wasm/assembler.js";
import { lanesFor } from "../../src/compiler/wasm/lanes.js";
import { type DType, isFloat } from "../../src/graph/dtype.js";
import type { Machine } from "../../src/ops/machine.js";
import { float32Machine, float64Machine, int32Machine } from "../../src/ops/numbers.js";
import { expectSameBits } from "../support/bits.js";
import { anyNumber } from "../support/numbers.js";
import { runs } from "../support/runs.js";

/** Each operation of the machine, as vectors, as single elements and in plain JavaScript: the same bits. */

type Number3 = "float32" | "float64" | "int32";
type Method = Exclude<keyof Machine<unknown>, "precision" | "num">;
type Formula = <V>(m: Machine<V>, a: V, b: V) => V;

interface Row {
  readonly types: readonly Number3[];
  readonly formula: Formula;
  /** Numbers the operation is defined for; default any. */
  readonly a?: (dtype: Number3) => fc.Arbitrary<number>;
  readonly b?: (dtype: Number3) => fc.Arbitrary<number>;
}

const all: readonly Number3[] = ["float32", "float64", "int32"];
const floats: readonly Number3[] = ["float32", "float64"];
const whole: readonly Number3[] = ["int32"];

const normal = (dtype: Number3): fc.Arbitrary<number> =>
  anyNumber(dtype).map((x) => {
    const size = Math.abs(x);
    const [least, most] = dtype === "float32" ? [2 ** -126, 3.4028234663852886e38] : [2 ** -1022, Number.MAX_VALUE];
    return size >= least && size <= most ? size : 1.25;
  });
const exponent = (dtype: Number3): fc.Arbitrary<number> =>
  dtype === "float32" ? fc.integer({ min: -126, max: 127 }) : fc.integer({ min: -1022, max: 1023 });
// the sign of a NaN is not part of what `copysign` promises
const notNaN = (dtype: Number3): fc.Arbitrary<number> => anyNumber(dtype).map((x) => (Number.isNaN(x) ? -0 : x));

/** Masks are seen through `select`. */
const masked =
  (mask: Formula): Formula =>
  (m, a, b) =>
    m.select(mask(m, a, b), a, m.num(1));

const table: Record<Method, Row> = {
  add: { types: all, formula: (m, a, b) => m.add(a, b) },
  sub: { types: all, formula: (m, a, b) => m.sub(a, b) },
  mul: { types: all, formula: (m, a, b) => m.mul(a, b) },
  div: { types: floats, formula: (m, a, b) => m.div(a, b) },
  neg: { types: all, formula: (m, a) => m.neg(a) },
  abs: { types: all, formula: (m, a) => m.abs(a) },
  min: { types: all, formula: (m, a, b) => m.min(a, b) },
  max: { types: all, formula: (m, a, b) => m.max(a, b) },
  sqrt: { types: floats, formula: (m, a) => m.sqrt(a) },
  floor: { types: floats, formula: (m, a) => m.floor(a) },
  ceil: { types: floats, formula: (m, a) => m.ceil(a) },
  trunc: { types: floats, formula: (m, a) => m.trunc(a) },
  nearest: { types: floats, formula: (m, a) => m.nearest(a) },
  copysign: { types: floats, formula: (m, a, b) => m.copysign(a, b), b: notNaN },
  pow2: { types: floats, formula: (m, a) => m.pow2(a), a: exponent },
  exponent: { types: floats, formula: (m, a) => m.exponent(a), a: normal },
  significand: { types: floats, formula: (m, a) => m.significand(a), a: normal },
  high: { types: floats, formula: (m, a) => m.high(a) },
  lt: { types: all, formula: masked((m, a, b) => m.lt(a, b)) },
  le: { types: all, formula: masked((m, a, b) => m.le(a, b)) },
  gt: { types: all, formula: masked((m, a, b) => m.gt(a, b)) },
  ge: { types: all, formula: masked((m, a, b) => m.ge(a, b)) },
  eq: { types: all, formula: masked((m, a, b) => m.eq(a, b)) },
  ne: { types: all, formula: masked((m, a, b) => m.ne(a, b)) },
  and: { types: all, formula: masked((m, a, b) => m.and(m.lt(a, b), m.gt(a, m.num(-3)))) },
  or: { types: all, formula: masked((m, a, b) => m.or(m.lt(a, b), m.gt(a, m.num(2)))) },
  not: { types: all, formula: masked((m, a, b) => m.not(m.lt(a, b))) },
  select: { types: all, formula: (m, a, b) => m.select(m.eq(a, b), m.num(-7), m.select(m.le(a, b), b, a)) },
  rarely: { types: all, formula: (m, a, b) => m.rarely(m.gt(a, b), m.sub(a, b), m.add(a, b)) },
  when: {
    types: all,
    formula: (m, a, b) => {
      const { x, y } = m.when(m.lt(a, b), () => ({ y: m.sub(b, a), x: m.mul(a, b) }), { x: b, y: m.num(2) });
      return m.sub(m.mul(x, y), a);
    },
  },
  iterate: {
    types: all,
    formula: (m, a, b) => {
      const step = (s: { x: typeof a; n: typeof a }) => ({ x: m.add(m.sub(s.n, s.x), b), n: m.add(s.n, m.num(1)) });
      const { x, n } = m.iterate({ x: a, n: m.num(0) }, (s) => m.lt(m.abs(s.x), m.num(6)), step, 5);
      return m.add(x, m.mul(n, m.num(100)));
    },
  },
  bitAnd: { types: whole, formula: (m, a, b) => m.bitAnd(a, b) },
  bitOr: { types: whole, formula: (m, a, b) => m.bitOr(a, b) },
  bitXor: { types: whole, formula: (m, a, b) => m.bitXor(a, b) },
  shiftLeft: {
    types: whole,
    formula: (m, a) => m.bitXor(m.shiftLeft(a, 1), m.bitXor(m.shiftLeft(a, 31), m.shiftLeft(a, 13))),
  },
  shiftRight: {
    types: whole,
    formula: (m, a) => m.bitXor(m.shiftRight(a, 1), m.bitXor(m.shiftRight(a, 31), m.shiftRight(a, 13))),
  },
  wideMul: {
    types: whole,
    formula: (m, a, b) => {
      const { low, high } = m.wideMul(a, b);
      return m.bitXor(low, m.shiftLeft(high, 1));
    },
  },
};

const machines = { float32: float32Machine, float64: float64Machine, int32: int32Machine };
/** Two vectors and a rest, so that each form sees every kind of number in time. */
const COUNT = 11;
const ROOM = 128;

const arrays = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;

/** A loop over `count` elements that applies `make` to two operands of type `from`; stores as type `to`. */
function compileLoop(
  from: Number3,
  to: DType,
  count: number,
  make: (builder: ExpressionBuilder, a: Expression, b: Expression) => Expression,
) {
  const node = (id: number, dtype: DType): IrNode => ({
    id,
    what: { kind: "input", slot: id },
    inputs: [],
    attrs: {},
    shape: [count],
    dtype,
  });
  const [a, b, out] = [node(0, from), node(1, from), node(2, to)];
  const builder = new ExpressionBuilder();
  const value = make(builder, builder.load(0, from), builder.load(1, from));
  const accesses = [a, b, out].map((n) => ({ node: n, strides: [1], offset: 0 }));
  const kernel = {
    kind: "loop",
    name: "kernel",
    sizes: [count],
    accesses,
    stores: [{ access: 2, value }],
    reads: [a, b],
    writes: [out],
  } as const;
  const code = emitLoop(kernel, (access) => fixed(access.node.id * ROOM), "strict");
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const bytes = encodeModule([{ name: "run", code, exportName: "run" }], { pages: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as BufferSource), { env: { memory } });
  const [left, right] = [0, 1].map((id) => new arrays[from](memory.buffer, id * ROOM, count));
  const result = new arrays[to === "bool" ? "int32" : to](memory.buffer, 2 * ROOM, count);
  return (x: readonly number[], y: readonly number[]): ArrayLike<number> => {
    left!.set(x);
    right!.set(y);
    (exports.run as () => void)();
    return result;
  };
}

const list = (number: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
  fc.array(number, { minLength: COUNT, maxLength: COUNT });

/** Selects that vectors do by another instruction: clamps, and those with a zero. */
const selects: Record<string, Row> = {
  "the smaller": { types: all, formula: (m, a, b) => m.select(m.gt(a, b), b, a) },
  "the larger": { types: all, formula: (m, a, b) => m.select(m.lt(a, b), b, a) },
  "the smaller, other way round": { types: all, formula: (m, a, b) => m.select(m.lt(a, b), a, b) },
  "at most 2": { types: all, formula: (m, a) => m.select(m.gt(a, m.num(2)), m.num(2), a) },
  "at least -0": { types: floats, formula: (m, a) => m.select(m.lt(a, m.num(-0)), m.num(-0), a) },
  "or equal": { types: all, formula: (m, a, b) => m.select(m.ge(a, b), b, a) },
  "or 0": { types: all, formula: (m, a, b) => m.select(m.le(a, b), a, m.num(0)) },
  "0 or": { types: all, formula: (m, a, b) => m.select(m.le(a, b), m.num(0), a) },
  "or -0": { types: floats, formula: (m, a, b) => m.select(m.le(a, b), a, m.num(-0)) },
  "-0 or": { types: floats, formula: (m, a, b) => m.select(m.le(a, b), m.num(-0), a) },
  "0 or 0": { types: all, formula: (m, a, b) => m.select(m.eq(a, b), m.num(0), m.num(0)) },
};

/** What a detour computes alone, and what it shares: with the usual side, the mask, other detours, and what comes after. */
const detours: Record<string, Row> = {
  "mask and sides share": {
    types: all,
    formula: (m, a, b) => {
      const sum = m.add(a, b);
      return m.rarely(m.lt(sum, a), m.mul(sum, m.sub(a, b)), m.sub(sum, m.num(1)));
    },
  },
  "shared with what comes after": {
    types: all,
    formula: (m, a, b) => {
      const [product, difference] = [m.mul(a, b), m.sub(a, b)];
      const chosen = m.rarely(m.gt(a, m.num(3)), m.add(product, m.mul(difference, difference)), a);
      return m.add(chosen, m.add(product, difference));
    },
  },
  "one in another": {
    types: all,
    formula: (m, a, b) => {
      const square = m.mul(a, a);
      const inner = m.rarely(m.lt(b, m.num(0)), m.mul(square, m.num(3)), m.sub(square, b));
      return m.add(m.rarely(m.lt(a, m.num(1)), m.neg(inner), b), square);
    },
  },
  "two with the same exception": {
    types: all,
    formula: (m, a, b) => {
      const square = m.mul(a, a);
      return m.sub(m.rarely(m.lt(a, b), square, a), m.rarely(m.gt(a, b), square, b));
    },
  },
  "one sees what another computed": {
    types: all,
    formula: (m, a, b) => {
      const first = m.rarely(m.lt(a, b), m.mul(m.sub(a, b), m.num(5)), m.sub(a, b));
      return m.rarely(m.gt(first, a), m.mul(first, m.sub(a, b)), m.add(a, b));
    },
  },
  "exception, usual and mask of one": {
    types: all,
    formula: (m, a, b) => m.rarely(m.lt(a, b), m.neg(a), m.rarely(m.eq(m.neg(a), b), m.neg(a), m.neg(a))),
  },
};

describe.each(Object.entries({ ...table, ...selects, ...detours }))("machine operation %s", (name, row) => {
  test.each([...row.types])("%s", (dtype) => {
    const apply = (count: number) =>
      compileLoop(dtype, dtype, count, (builder, a, b) => row.formula(builder.machine(dtype), a, b));
    const [wide, single] = [apply(COUNT), apply(1)];
    const operand = (of: Row["a"]) => list((of ?? anyNumber)(dtype));
    fc.assert(
      fc.property(operand(row.a), operand(row.b), (x, y) => {
        const expected = x.map((a, i) => row.formula(machines[dtype], a, y[i]!));
        expectSameBits(wide(x, y), expected, `${name} as vectors`);
        expectSameBits(single(x.slice(0, 1), y.slice(0, 1)), expected.slice(0, 1), `${name} of one element`);
      }),
      runs(200),
    );
  });
});

describe("casts", () => {
  const convert: Record<Number3 | "bool", (x: number) => number> = {
    float64: (x) => x,
    float32: Math.fround,
    int32: (x) => (Number.isNaN(x) ? 0 : Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, Math.trunc(x))) + 0), // + 0: no -0
    bool: (x) => (x === 0 ? 0 : 1), // NaN is not 0
  };
  const pairs = all.flatMap((from) => [...all, "bool" as const].map((to) => [from, to] as const));
  test.each(pairs)("%s to %s", (from, to) => {
    const run = compileLoop(from, to, COUNT, (builder, a) => builder.cast(a, to));
    fc.assert(
      fc.property(list(anyNumber(from)), (x) => {
        expectSameBits(run(x, x), x.map(convert[to]), "cast");
      }),
      runs(100),
    );
  });

  test.each(all)("a mask to %s", (to) => {
    const run = compileLoop(to, to, COUNT, (builder, a, b) => builder.cast(builder.machine(to).lt(a, b), to));
    fc.assert(
      fc.property(list(anyNumber(to)), list(anyNumber(to)), (x, y) => {
        expectSameBits(
          run(x, y),
          x.map((v, i) => Number(v < y[i]!)),
          "mask",
        );
      }),
      runs(100),
    );
  });
});

describe("stored masks", () => {
  test.each(all)("are 0 and 1: %s", (dtype) => {
    const run = compileLoop(dtype, "bool", COUNT, (builder, a, b) =>
      builder.machine(dtype).not(builder.machine(dtype).le(a, b)),
    );
    fc.assert(
      fc.property(list(anyNumber(dtype)), list(anyNumber(dtype)), (x, y) => {
        expectSameBits(
          run(x, y),
          x.map((v, i) => Number(!(v <= y[i]!))),
          "mask",
        );
      }),
      runs(100),
    );
  });
});

describe("expressions", () => {
  test("equal ones are one; -0 and 0 differ, as do types", () => {
    const builder = new ExpressionBuilder();
    const m = builder.machine("float32");
    const x = builder.load(0, "float32");
    expect(m.add(x, m.num(1))).toBe(m.add(x, m.num(1)));
    expect(m.num(-0)).not.toBe(m.num(0));
    expect(builder.constant(1, "float32")).not.toBe(builder.constant(1, "float64"));
    expect(expressionsBelow([m.add(m.mul(x, x), m.mul(x, x))])).toHaveLength(3);
  });

  test("vectors are as wide as all types in an expression allow", () => {
    const builder = new ExpressionBuilder();
    const [single, double] = [builder.load(0, "float32"), builder.load(1, "float64")];
    const mask = builder.load(2, "bool");
    const m = builder.machine("float64");
    expect(lanesFor([single], "strict").count).toBe(4);
    expect(lanesFor([double], "strict").count).toBe(2);
    expect(lanesFor([m.select(m.lt(double, double), double, m.num(0))], "strict").count).toBe(2);
    expect(lanesFor([m.select(mask, double, double)], "strict").count).toBe(1); // a stored mask has 32 bits
    expect(lanesFor([builder.cast(single, "float64")], "strict").count).toBe(1);
    expect(isFloat(double.dtype)).toBe(true);
  });
});
