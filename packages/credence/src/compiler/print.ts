import { showShape } from "../graph/shape.js";
import type { Blueprint } from "./blueprint.js";
import { expressionsBelow } from "./expression.js";
import { type IrNode, sizeOfNode } from "./ir.js";
import type { Kernel } from "./kernel.js";

/** Floating-point operations of a kernel; a special function counts as the operations it is made of. */
export function flopsOf(kernel: Kernel): number {
  switch (kernel.kind) {
    case "matmul": {
      const { batch, m, k, n } = kernel.layout;
      return 2 * batch * m * k * n;
    }
    case "loop": {
      const perElement = expressionsBelow(kernel.stores.map((s) => s.value)).filter((e) => e.args.length > 0).length;
      return perElement * kernel.sizes.reduce((a, b) => a * b, 1);
    }
    case "reduce": {
      const perElement = 1 + expressionsBelow([kernel.value]).filter((e) => e.args.length > 0).length;
      return perElement * kernel.outer.reduce((a, b) => a * b, 1) * kernel.n * kernel.inner;
    }
    case "scan":
      return kernel.steps * kernel.body.kernels.reduce((sum, inner) => sum + flopsOf(inner), 0);
    default:
      return kernel.writes.reduce((sum, node) => sum + sizeOfNode(node), 0);
  }
}

/**
 * A compiled program in words: one line a kernel, then memory and operations.
 *
 * @param times  microseconds of each kernel, where they were measured
 */
export function describePlan(name: string, { graph, plan, moduleBytes }: Blueprint, times?: readonly number[]): string {
  const show = (node: IrNode): string =>
    `${"name" in node.what ? node.what.name : node.what.kind}${node.id}${showShape(node.shape)}`;
  const lines = plan.kernels.map((kernel, i) => {
    const where = kernel.writes.map((node) => `${show(node)} @${plan.offsets.get(node)}`).join(", ");
    const reads = kernel.reads.map(show).join(", ");
    const cost = `${flopsOf(kernel)} flops${times ? `, ${times[i]!.toFixed(1)} us` : ""}`;
    return `  ${String(i).padStart(3)} ${kernel.kind.padEnd(7)} ${kernel.name}: ${where} <- ${reads || "nothing"}; ${cost}`;
  });
  const flops = plan.kernels.reduce((sum, kernel) => sum + flopsOf(kernel), 0);
  const totals = [
    `${graph.nodes.length} nodes in ${plan.kernels.length} kernels, ${flops} flops`,
    `${plan.bytes} bytes of memory (${plan.liveBytes} live at the peak), ${moduleBytes} bytes of module`,
    ...(times ? [`${times.reduce((a, b) => a + b, 0).toFixed(1)} us in all kernels, medians`] : []),
    `${plan.inPlace.size} results in place of donated arguments, ${plan.copies.length} of them copied there`,
  ];
  return [`${name}:`, ...lines, ...totals.map((line) => `  ${line}`)].join("\n");
}
