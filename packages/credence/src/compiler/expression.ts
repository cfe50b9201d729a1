import type { DType } from "../graph/dtype.js";
import type { Machine } from "../ops/machine.js";

/** What a kernel computes for one element: a graph of machine operations, equal ones shared. */
export interface Expression {
  readonly id: number;
  readonly op: Operation;
  readonly args: readonly Expression[];
  /** Type of the lanes; a bool is a mask. */
  readonly dtype: DType;
  /** The constant, the number of bits of a shift, or the number of an access. */
  readonly immediate: number;
}

type MachineOperation = Exclude<keyof Machine<unknown>, "precision" | "num">;
export type Operation = MachineOperation | "const" | "load" | "index" | "cast";

const comparisons = new Set<Operation>(["lt", "le", "gt", "ge", "eq", "ne"]);

const choices = new Set<Operation>(["select", "rarely"]);

/** Makes expressions; one builder a kernel. */
export class ExpressionBuilder {
  private readonly known = new Map<string, Expression>();
  private readonly machines = new Map<DType, Machine<Expression>>();

  make(op: Operation, args: readonly Expression[], dtype: DType, immediate = 0): Expression {
    const exact = Object.is(immediate, -0) ? "-0" : String(immediate);
    const key = `${op}:${dtype}:${exact}:${args.map((a) => a.id).join(",")}`;
    let found = this.known.get(key);
    if (!found) {
      found = { id: this.known.size, op, args, dtype, immediate };
      this.known.set(key, found);
    }
    return found;
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
      return (...args: Expression[]) => this.make(op, args, out ?? (choices.has(op) ? args[1] : args[0])!.dtype);
    };
    const shift = (op: MachineOperation) => (a: Expression, bits: number) => this.make(op, [a], "int32", bits);
    const unary = ["neg", "abs", "sqrt", "floor", "ceil", "trunc", "nearest", "not"] as const;
    const floats = ["pow2", "exponent", "significand", "high"] as const;
    const binary = ["add", "sub", "mul", "div", "min", "max", "copysign", "and", "or"] as const;
    const whole = ["bitAnd", "bitOr", "bitXor", "mulHigh"] as const;
    const compare = ["lt", "le", "gt", "ge", "eq", "ne"] as const;
    const table = Object.fromEntries(
      [...unary, ...floats, ...binary, ...whole, ...compare, "select" as const, "rarely" as const].map((op) => [
        op,
        operation(op),
      ]),
    ) as Pick<Machine<Expression>, Exclude<MachineOperation, "shiftLeft" | "shiftRight">>;
    return {
      ...table,
      precision: dtype === "bool" ? "int32" : dtype,
      num: (x) => this.constant(x, dtype),
      shiftLeft: shift("shiftLeft"),
      shiftRight: shift("shiftRight"),
    };
  }
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
