import { matmulLayout } from "../ops/matmul.js";
import { type IrGraph, type IrNode, kindOf } from "./ir.js";

/** Below this many rows packing would cost more than it saves: a right operand of the usual layout is read in place. */
const PACK_FROM = 4;

/**
 * Gives products their right operand in panels, by a node of its own: products with the same operand share it, and in a scan what
 * does not change is packed once.
 */
export function packOperands(graph: IrGraph): IrGraph {
  const nodes: IrNode[] = [];
  const replaced = new Map<IrNode, IrNode>();
  const panels = new Map<string, IrNode>();
  const push = (node: Omit<IrNode, "id">): IrNode => {
    const made = { ...node, id: nodes.length };
    nodes.push(made);
    return made;
  };
  const pack = (b: IrNode, like: IrNode, shape: readonly number[], transB: boolean): IrNode => {
    const key = `${b.id} ${transB}`;
    const known = panels.get(key);
    if (known) return known;
    const what = { kind: "pack", name: "pack" } as const;
    const made = push({ what, inputs: [b], attrs: { transB }, shape, dtype: like.dtype });
    panels.set(key, made);
    return made;
  };
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => replaced.get(input)!);
    if (kindOf(node) === "matmul") {
      const [a, b] = inputs as [IrNode, IrNode];
      const { transA, transB } = node.attrs as { transA: boolean; transB: boolean };
      const { m, k, n } = matmulLayout(a.shape, b.shape, transA, transB);
      if ((transB || m >= PACK_FROM) && m * k * n > 0) {
        const packed = pack(b, node, [...b.shape.slice(0, -2), k, n], transB);
        replaced.set(node, push({ ...node, inputs: [a, packed], attrs: { transA, transB: false, packed: true } }));
        continue;
      }
    }
    const body = node.body && { body: packOperands(node.body) };
    replaced.set(node, push({ ...node, inputs, ...body }));
  }
  return { nodes, outputs: graph.outputs.map((node) => replaced.get(node)!) };
}
