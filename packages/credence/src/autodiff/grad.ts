import { fail } from "../errors.js";
import { filled, type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { leavesOf, rebuild, type Tensors } from "../graph/tree.js";
import { variable, withGradient } from "../ops/index.js";
import { traced } from "../trace.js";
import { checkDifferentiable, gradients } from "./gradient.js";

type First<A extends readonly unknown[]> = A extends readonly [infer H, ...unknown[]] ? H : never;

/**
 * The function that answers `[value, gradient]`, the gradient with respect to the first argument, a tree.
 *
 * @param fn  a function of trees of tensors with a scalar value
 * @shape     gradient as the first argument, leaf by leaf
 * @throws CredenceError `shape`: the value is not a scalar
 */
export function valueAndGrad<A extends readonly unknown[]>(
  fn: (...args: A) => Tensor,
): (...args: A) => [value: Tensor, gradient: Tensors<First<A>>] {
  return (...args) =>
    traced(() => {
      const [first, ...rest] = args as unknown as [First<A>, ...unknown[]];
      const leaves = leavesOf(first).map((leaf) => variable(asFloat(leaf.tensor, leaf.path)));
      const value = fn(...([rebuild(first, leaves), ...rest] as unknown as A));
      checkDifferentiable("grad", value);
      const parts = gradients(value, leaves, filled(1, [], value.dtype));
      return [value, rebuild(first, parts) as Tensors<First<A>>];
    });
}

/** The gradient of a scalar function with respect to its first argument. See `valueAndGrad`. */
export function grad<A extends readonly unknown[]>(fn: (...args: A) => Tensor): (...args: A) => Tensors<First<A>> {
  return (...args) => valueAndGrad(fn)(...args)[1];
}

/**
 * The function `fn` with another gradient: `rule(dy, ...args)` answers the gradients of the arguments (`null` for none)
 * instead of what differentiation of `fn` would give.
 */
export function customGradient<A extends readonly Tensor[]>(
  fn: (...args: A) => Tensor,
  rule: (dy: Tensor, ...args: A) => readonly (Tensor | null)[],
): (...args: { [K in keyof A]: TensorLike }) => Tensor {
  return (...args) => {
    const inputs = args.map((a) => tensor(a as TensorLike)) as unknown as A;
    return withGradient(fn(...inputs), inputs, (dy) => {
      const parts = rule(dy, ...inputs);
      if (parts.length !== inputs.length) {
        fail({
          code: "argument",
          given: `customGradient: a rule that answers ${parts.length} gradients for ${inputs.length} arguments`,
          allowed: "one an argument; null where there is none",
        });
      }
      return parts;
    });
  };
}

function asFloat(t: Tensor, path: string): Tensor {
  if (t.dtype === "float32" || t.dtype === "float64") return t;
  return fail({
    code: "dtype",
    given: `grad: the first argument${path === "" ? "" : ` at ${path}`} is ${t.dtype}`,
    allowed: "float32 or float64",
    mend: 'convert it with .cast("float32")',
  });
}
