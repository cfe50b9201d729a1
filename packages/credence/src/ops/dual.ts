import type { Machine, State } from "./machine.js";

/** A value and its derivative with respect to some number; none where it does not depend on that number. */
export interface Dual<V> {
  readonly value: V;
  readonly slope: V | undefined;
}

const below = new WeakMap<object, Machine<unknown>>();

/**
 * The machine over values with derivatives: a program run on it gives its result and the result's derivative.
 *
 * Masks, and numbers that step from one constant to the next (`floor`, `exponent`, ...), have no slope. Of the two
 * parts of a number that `high` makes, the rest has it.
 */
export function dual<V>(m: Machine<V>): Machine<Dual<V>> {
  const constant = (value: V): Dual<V> => ({ value, slope: undefined });
  const plain =
    <K extends Steps>(op: K) =>
    (...args: Dual<V>[]): Dual<V> =>
      constant((m[op] as (...values: V[]) => V)(...args.map((a) => a.value)));
  const table = Object.fromEntries(steps.map((op) => [op, plain(op)])) as Pick<Machine<Dual<V>>, Steps>;
  const signed = (sign: V, x: V): V => m.select(m.lt(sign, m.num(0)), m.neg(x), x);
  const some = (slope: V | undefined): V => slope ?? m.num(0);
  const choose = (mask: Dual<V>, a: Dual<V>, b: Dual<V>): Dual<V> => ({
    value: m.select(mask.value, a.value, b.value),
    slope:
      a.slope === undefined && b.slope === undefined ? undefined : m.select(mask.value, some(a.slope), some(b.slope)),
  });
  const machine: Machine<Dual<V>> = {
    ...table,
    precision: m.precision,
    num: (x) => constant(m.num(x)),
    add: (a, b) => ({ value: m.add(a.value, b.value), slope: plus(m, a.slope, b.slope) }),
    sub: (a, b) => ({ value: m.sub(a.value, b.value), slope: plus(m, a.slope, through(b.slope, m.neg)) }),
    mul: (a, b) => ({
      value: m.mul(a.value, b.value),
      slope: plus(
        m,
        through(a.slope, (d) => m.mul(d, b.value)),
        through(b.slope, (d) => m.mul(a.value, d)),
      ),
    }),
    div: (a, b) => {
      const value = m.div(a.value, b.value);
      const above = plus(
        m,
        a.slope,
        through(b.slope, (d) => m.neg(m.mul(value, d))),
      );
      return { value, slope: through(above, (d) => m.div(d, b.value)) };
    },
    sqrt: (a) => {
      const value = m.sqrt(a.value);
      return { value, slope: through(a.slope, (d) => m.div(m.mul(d, m.num(0.5)), value)) };
    },
    wideMul: (a, b) => {
      const { low, high } = m.wideMul(a.value, b.value);
      return { low: constant(low), high: constant(high) };
    },
    neg: (a) => ({ value: m.neg(a.value), slope: through(a.slope, m.neg) }),
    abs: (a) => ({ value: m.abs(a.value), slope: through(a.slope, (d) => signed(a.value, d)) }),
    copysign: (a, b) => ({
      value: m.copysign(a.value, b.value),
      slope: through(a.slope, (d) => m.mul(d, m.mul(m.copysign(m.num(1), a.value), m.copysign(m.num(1), b.value)))),
    }),
    min: (a, b) => ({ value: m.min(a.value, b.value), slope: choose(constant(m.lt(b.value, a.value)), b, a).slope }),
    max: (a, b) => ({ value: m.max(a.value, b.value), slope: choose(constant(m.gt(b.value, a.value)), b, a).slope }),
    significand: (a) => ({
      value: m.significand(a.value),
      slope: through(a.slope, (d) => m.mul(d, m.pow2(m.neg(m.exponent(a.value))))),
    }),
    shiftLeft: (a, bits) => constant(m.shiftLeft(a.value, bits)),
    shiftRight: (a, bits) => constant(m.shiftRight(a.value, bits)),
    select: choose,
    rarely: (mask, a, b) => machine.when(mask, () => ({ a }), { a: b }).a,
    when: <S extends State<Dual<V>>>(mask: Dual<V>, then: () => S, otherwise: S): S => {
      const all = Object.keys(otherwise);
      const chosen = m.when(mask.value, () => split(m, then(), all), split(m, otherwise, all));
      return join(m, chosen, all, all) as S;
    },
    iterate: <S extends State<Dual<V>>>(
      start: S,
      goes: (state: S) => Dual<V>,
      step: (state: S) => S,
      most: number,
    ): S => {
      const moving = movingParts(start, step, m);
      const state = (flat: State<V>): S => join(m, flat, moving, Object.keys(start)) as S;
      return state(
        m.iterate(
          split(m, start, moving),
          (flat) => goes(state(flat)).value,
          (flat) => split(m, step(state(flat)), moving),
          most,
        ),
      );
    },
  };
  below.set(machine, m);
  return machine;
}

/** What is done to values alone. */
const steps = [
  ...(["floor", "ceil", "trunc", "nearest", "pow2", "exponent", "high", "lt", "le", "gt", "ge", "eq", "ne"] as const),
  ...(["and", "or", "not", "bitAnd", "bitOr", "bitXor"] as const),
];
type Steps = (typeof steps)[number];

/** A slope's image; 0 is a slope too, only `undefined` is none. */
function through<V>(slope: V | undefined, f: (slope: V) => V): V | undefined {
  return slope === undefined ? undefined : f(slope);
}

function plus<V>(m: Machine<V>, a: V | undefined, b: V | undefined): V | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return m.add(a, b);
}

/** Names of the parts of a state whose slope a loop changes, or that start with one. */
function movingParts<V, S extends State<Dual<V>>>(start: S, step: (state: S) => S, m: Machine<V>): string[] {
  const names = Object.keys(start);
  let moving = names.filter((name) => start[name]!.slope !== undefined);
  for (;;) {
    const next = step(join(m, split(m, start, moving), moving, names) as S);
    const more = names.filter((name) => moving.includes(name) || next[name]!.slope !== undefined);
    if (more.length === moving.length) return moving;
    moving = more;
  }
}

/** The name of a slope beside that of its value: of its own for each level of dual machines. */
function slopeName(m: object, name: string): string {
  let depth = 0;
  for (let inner = below.get(m); inner; inner = below.get(inner)) depth++;
  return `${name}'${depth}`;
}

/** Values and slopes side by side, for the machine of both. */
function split<V>(m: Machine<V>, state: State<Dual<V>>, moving: readonly string[]): State<V> {
  const out: Record<string, V> = {};
  for (const [name, { value }] of Object.entries(state)) out[name] = value;
  for (const name of moving) out[slopeName(m, name)] = state[name]!.slope ?? m.num(0);
  return out;
}

function join<V>(m: Machine<V>, flat: State<V>, moving: readonly string[], names: readonly string[]): State<Dual<V>> {
  const slope = (name: string): V | undefined => (moving.includes(name) ? flat[slopeName(m, name)] : undefined);
  return Object.fromEntries(names.map((name) => [name, { value: flat[name]!, slope: slope(name) }]));
}

type Plain = <V>(m: Machine<V>, ...args: readonly V[]) => V;

/**
 * A function with formulas for its slopes, for dual machines: without them its own steps would be differentiated.
 *
 * @param slopes  the derivative by each argument, given the function's value and the arguments
 */
export function smooth<F extends Plain>(f: F, ...slopes: readonly (<V>(m: Machine<V>, y: V, ...args: V[]) => V)[]): F {
  const withSlope = <V>(m: Machine<V>, ...args: readonly V[]): V => {
    const inner = below.get(m);
    if (!inner) return f(m, ...args);
    const duals = args as readonly unknown[] as readonly Dual<unknown>[];
    const values = duals.map((a) => a.value);
    const value = withSlope(inner, ...values);
    let slope: unknown;
    duals.forEach((a, i) => {
      const own = through(a.slope, (d) => inner.mul(d, slopes[i]!(inner, value, ...values)));
      slope = plus(inner, slope, own);
    });
    return { value, slope } as V;
  };
  return withSlope as F;
}

/**
 * Does a step still change the sum it belongs to? On dual machines also: does it change the slope? The slope of a series may go on
 * where its value is complete.
 */
export function unsettled<V>(m: Machine<V>, step: V, sum: V): V {
  const inner = below.get(m);
  if (!inner) {
    const epsilon = m.num(m.precision === "float32" ? 2 ** -25 : 2 ** -54);
    return m.gt(m.abs(step), m.mul(m.abs(sum), epsilon));
  }
  const [a, b] = [step, sum] as unknown as Dual<unknown>[];
  const value = unsettled(inner, a!.value, b!.value);
  if (a!.slope === undefined || b!.slope === undefined) return { value, slope: undefined } as V;
  return { value: inner.or(value, unsettled(inner, a!.slope, b!.slope)), slope: undefined } as V;
}

/** The partial derivative of a program with respect to one of its inputs. */
export function partial<I extends string>(
  lower: <V>(m: Machine<V>, inputs: { readonly [K in I]: V }) => V,
  by: I,
): <V>(m: Machine<V>, inputs: { readonly [K in I]: V }) => V {
  return <V>(m: Machine<V>, inputs: { readonly [K in I]: V }): V => {
    const names = Object.keys(inputs) as I[];
    const seeded = Object.fromEntries(
      names.map((name) => [name, { value: inputs[name], slope: name === by ? m.num(1) : undefined }]),
    ) as { [K in I]: Dual<V> };
    return lower(dual(m), seeded).slope ?? m.num(0);
  };
}
