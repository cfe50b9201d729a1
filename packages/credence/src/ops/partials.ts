import type { Tensor } from "../graph/tensor.js";
import { pullMul } from "./adjoint.js";
import { partial } from "./dual.js";
import type { Machine } from "./machine.js";
import { elementwise } from "./op.js";

interface Spec<I extends string> {
  readonly inputs: readonly [I, ...I[]];
  readonly cost: number;
  readonly lower: <V>(m: Machine<V>, inputs: { readonly [K in I]: V }) => V;
  /** Partial derivatives that have a formula of their own, over the inputs. */
  readonly known?: { readonly [K in I]?: (inputs: { readonly [K in I]: Tensor }) => Tensor };
}

type Op = (...args: Tensor[]) => Tensor;

/**
 * An elementwise op whose partial derivatives are ops as well: the same program, run on a dual machine. They are made when a
 * gradient asks for them, and have partial derivatives in turn, so that gradients can be taken any number of times.
 */
export function withPartials<I extends string>(name: string, spec: Spec<I>) {
  const { inputs: names, cost, lower, known = {} as NonNullable<Spec<I>["known"]> } = spec;
  const partials = new Map<I, Op>();
  const partialOf = (by: I): Op => {
    let op = partials.get(by);
    if (!op) {
      op = withPartials(`${name}.d${by}`, { inputs: names, cost: 3 * cost, lower: partial(lower, by) }) as Op;
      partials.set(by, op);
    }
    return op;
  };
  return elementwise(name, {
    inputs: names,
    cost,
    outlined: true,
    lower: (m, inputs) => lower(m, inputs),
    grad: (context) => {
      const inputs = context as unknown as { readonly [K in I]: Tensor };
      const slope = (by: I): Tensor => known[by]?.(inputs) ?? partialOf(by)(...names.map((name) => inputs[name]));
      return Object.fromEntries(names.map((by) => [by, pullMul(context.dy, slope(by))])) as { [K in I]: Tensor };
    },
  });
}
