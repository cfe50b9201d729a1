import type { DType } from "../graph/dtype.js";
import type { Machine, State } from "../ops/machine.js";
import type { Callee } from "./callee.js";

/** What a kernel computes for one element: a graph of machine operations, equal ones shared. */
export interface Expression {
  readonly id: number;
  readonly op: Operation;
  readonly args: readonly Expression[];
  /** Type of the lanes; a bool is a mask. */
  readonly dtype: DType;
  /** The constant, the number of bits of a shift, of an access, a parameter or a result, or how often a loop runs at most. */
  readonly immediate: number;
  /** What an `iterate` replaces step by step; its arguments are the start, the condition, and what comes next, over this. */
  readonly state?: readonly Expression[];
  /** The function that a `call` calls. */
  readonly callee?: Callee;
}

type MachineOperation = Exclude<
  keyof Machine<unknown>,
  "precision" | "num" | "rarely" | "when" | "iterate" | "wideMul"
>;
type Leaf = "const" | "load" | "index" | "parameter" | "state";
export type Operation = MachineOperation | Leaf | "cast" | "call" | "when" | "iterate" | "wideMul" | "result";

const comparisons = new Set<Operation>(["lt", "le", "gt", "ge", "eq", "ne"]);

/** Makes expressions; one builder a kernel. */
export class ExpressionBuilder {
  private readonly known = new Map<string, Expression>();
  private readonly machines = new Map<DType, Machine<Expression>>();

  make(op: Operation, args: readonly Expression[], dtype: DType, immediate = 0): Expression {
    const exact = Object.is(immediate, -0) ? "-0" : String(immediate);
    const key = `${op}:${dtype}:${exact}:${args.map((a) => a.id).join(",")}`;
    return this.intern(key, { op, args, dtype, immediate });
  }

  private intern(key: string, made: Omit<Expression, "id">): Expression {
    let found = this.known.get(key);
    if (!found) {
      found = { id: this.known.size, ...made };
      this.known.set(key, found);
    }
    return found;
  }

  /** Values by name that one expression leaves behind together. */
  private results<S extends State<Expression>>(of: Expression, like: S): S {
    return named(like, (name, i) => this.make("result", [of], like[name]!.dtype, i));
  }

  private wideMul(a: Expression, b: Expression): { low: Expression; high: Expression } {
    return this.results(this.make("wideMul", [a, b], "int32"), { low: a, high: a });
  }

  private when<S extends State<Expression>>(mask: Expression, then: () => S, otherwise: S): S {
    const chosen = then();
    const args = [mask, ...Object.values(otherwise), ...Object.keys(otherwise).map((name) => chosen[name]!)];
    return this.results(this.make("when", args, "bool"), otherwise);
  }

  private iterate<S extends State<Expression>>(
    start: S,
    goes: (state: S) => Expression,
    step: (state: S) => S,
    most: number,
  ): S {
    const fresh = this.known.size; // a number of its own: two loops never share their state
    const state = named(start, (name, i) => this.make("state", [], start[name]!.dtype, fresh + i));
    const next = step(state);
    const args = [...Object.values(start), goes(state), ...Object.keys(start).map((name) => next[name]!)];
    const loop = { op: "iterate", args, dtype: "bool", immediate: most, state: Object.values(state) } as const;
    return this.results(this.intern(`iterate:${fresh}`, loop), start);
  }

  get size(): number {
    return this.known.size;
  }

  /** The element that access number `access` reads at this point of the loop. */
  load(access: number, dtype: DType): Expression {
    return this.make("load", [], dtype, access);
  }

  /** The position in a one-dimensional loop. */
  index(): Expression {
    return this.make("index", [], "int32");
  }

  /** Argument number `i` of the function at work. */
  parameter(i: number, dtype: DType): Expression {
    return this.make("parameter", [], dtype, i);
  }

  call(callee: Callee, args: readonly Expression[]): Expression {
    const key = `call:${callee.key}:${args.map((a) => a.id).join(",")}`;
    return this.intern(key, { op: "call", args, dtype: callee.dtype, immediate: 0, callee });
  }

  cast(x: Expression, dtype: DType): Expression {
    return x.dtype === dtype ? x : this.make("cast", [x], dtype);
  }

  constant(value: number, dtype: DType): Expression {
    return this.make("const", [], dtype, dtype === "float32" ? Math.fround(value) : value);
  }

  /** The arithmetic of an element type, over expressions instead of numbers. */
  machine(dtype: DType): Machine<Expression> {
    let machine = this.machines.get(dtype);
    if (!machine) {
      machine = this.makeMachine(dtype);
      this.machines.set(dtype, machine);
    }
    return machine;
  }

  private makeMachine(dtype: DType): Machine<Expression> {
    const operation = (op: MachineOperation) => {
      const out: DType | undefined = comparisons.has(op) ? "bool" : undefined;
      return (...args: Expression[]) => this.make(op, args, out ?? (op === "select" ? args[1] : args[0])!.dtype);
    };
    const shift = (op: MachineOperation) => (a: Expression, bits: number) => this.make(op, [a], "int32", bits);
    const unary = ["neg", "abs", "sqrt", "floor", "ceil", "trunc", "nearest", "not"] as const;
    const floats = ["pow2", "exponent", "significand", "high"] as const;
    const binary = ["add", "sub", "mul", "div", "min", "max", "copysign", "and", "or"] as const;
    const whole = ["bitAnd", "bitOr", "bitXor"] as const;
    const compare = ["lt", "le", "gt", "ge", "eq", "ne"] as const;
    const table = Object.fromEntries(
      [...unary, ...floats, ...binary, ...whole, ...compare, "select" as const].map((op) => [op, operation(op)]),
    ) as Pick<Machine<Expression>, Exclude<MachineOperation, "shiftLeft" | "shiftRight">>;
    return {
      ...table,
      rarely: (mask, a, b) => this.when(mask, () => ({ a }), { a: b }).a,
      when: (mask, then, otherwise) => this.when(mask, then, otherwise),
      wideMul: (a, b) => this.wideMul(a, b),
      iterate: (start, goes, step, most) => this.iterate(start, goes, step, most),
      precision: dtype === "bool" ? "int32" : dtype,
      num: (x) => this.constant(x, dtype),
      shiftLeft: shift("shiftLeft"),
      shiftRight: shift("shiftRight"),
    };
  }
}

/** The same names, with other values. */
function named<S extends State<Expression>>(like: S, make: (name: string, i: number) => Expression): S {
  return Object.fromEntries(Object.keys(like).map((name, i) => [name, make(name, i)])) as S;
}

/** All expressions below `roots`, arguments before users. */
export function expressionsBelow(roots: readonly Expression[]): Expression[] {
  const seen = new Set<Expression>();
  const order: Expression[] = [];
  const visit = (e: Expression): void => {
    if (seen.has(e)) return;
    seen.add(e);
    e.args.forEach(visit);
    order.push(e);
  };
  roots.forEach(visit);
  return order;
}
