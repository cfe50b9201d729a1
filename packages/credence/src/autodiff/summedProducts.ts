import { sameShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { matmul, reshape, transpose } from "../ops/index.js";

/**
 * Weight gradients of a loop: W is multiplied in each step, so its gradient is a sum of products over the steps, and the whole is one product
 * over the rows of all steps. Where a step has few rows that is many times faster: a product of one row writes as many numbers as it
 * multiplies. It adds the same terms in another order.
 */

/** Up to so many rows a step; from there on a product in the loop, whose operands are in the nearest cache, is as fast. */
const FEW_ROWS = 16;

/** A matrix product that is computed in each step. */
interface Product {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly transA: boolean;
  readonly transB: boolean;
}

/** A gradient as the sum of products over few rows, and of the rest. */
export function splitProducts(gradient: Tensor): {
  readonly products: readonly Product[];
  readonly rest: readonly Tensor[];
} {
  const products: Product[] = [];
  const rest: Tensor[] = [];
  for (const part of addends(gradient)) {
    const product = productOf(part);
    if (product && rowsOf(product) <= FEW_ROWS) products.push(product);
    else rest.push(part);
  }
  return { products, rest };
}

function addends(t: Tensor): Tensor[] {
  const { source } = t;
  const isSum =
    source.kind === "op" && source.op.name === "add" && source.inputs.every((x) => sameShape(x.shape, t.shape));
  return isSum ? source.inputs.flatMap(addends) : [t];
}

function productOf({ source }: Tensor): Product | undefined {
  if (source.kind !== "op" || source.op.kind !== "matmul") return undefined;
  const [a, b] = source.inputs as [Tensor, Tensor];
  const { transA, transB } = source.attrs as { transA: boolean; transB: boolean };
  return a.rank === 2 ? { a, b, transA, transB } : undefined;
}

/** How many terms each sum has. */
const rowsOf = ({ a, transA }: Product): number => a.shape[transA ? 0 : 1]!;

/**
 * The sum of a product over all steps.
 *
 * @param stackOf  the values that an operand has, [steps, ...]
 */
export function sumOverSteps({ a, b, transA, transB }: Product, stackOf: (t: Tensor) => Tensor): Tensor {
  return matmul(transpose(byRows(stackOf(a), transA)), byRows(stackOf(b), !transB));
}

/** A stack of matrices below each other: [steps, rows, n], or [steps, n, rows], as [steps * rows, n]. */
function byRows(stack: Tensor, rowsFirst: boolean): Tensor {
  const [steps, p, q] = stack.shape as [number, number, number];
  const [rows, n] = rowsFirst ? [p, q] : [q, p];
  const inOrder = rowsFirst || rows === 1 ? stack : transpose(stack, [0, 2, 1]);
  return reshape(inOrder, [steps * rows, n]);
}
