import { type Expression, expressionsBelow } from "./expression.js";
import { sizeOfNode } from "./ir.js";
import type { Kernel } from "./kernel.js";

/**
 * Operations of a kernel on numbers: additions, products, comparisons, conversions. A special function counts as the operations it is
 * made of, its exceptional branches and one round of its loops among them.
 */
export function flopsOf(kernel: Kernel): number {
  switch (kernel.kind) {
    case "matmul": {
      const { batch, m, k, n } = kernel.layout;
      return (2 * k + operations(kernel.stores.map((s) => s.value))) * batch * m * n;
    }
    case "loop":
      return operations(kernel.stores.map((s) => s.value)) * product(kernel.sizes);
    case "reduce":
      return (1 + operations([kernel.value])) * product(kernel.outer) * kernel.n * kernel.inner;
    case "bands":
      return kernel.kernels.reduce((sum, inner) => sum + flopsOf(inner), 0);
    case "scan":
      return kernel.steps * kernel.body.kernels.reduce((sum, inner) => sum + flopsOf(inner), 0);
    case "cholesky":
      return (kernel.batch * kernel.n ** 3) / 3;
    case "triangularSolve":
      return kernel.batch * kernel.n ** 2 * kernel.m;
    case "fill":
    case "pack":
    case "gather":
      return 0; // they move numbers
    default:
      return kernel.writes.reduce((sum, node) => sum + sizeOfNode(node), 0);
  }
}

const product = (sizes: readonly number[]): number => sizes.reduce((a, b) => a * b, 1);

function operations(roots: readonly Expression[]): number {
  const own = expressionsBelow(roots).filter((e) => e.args.length > 0);
  return own.reduce((sum, { callee }) => sum + (callee ? operations([callee.body()]) : 1), 0);
}
