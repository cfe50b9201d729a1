import type { StructuralRecord } from "../graph/record.js";
import type { IrGraph, IrNode } from "./ir.js";

const copyRecord: StructuralRecord = {
  kind: "identity",
  name: "copy",
  shape: ([x]) => x!,
  dtype: ([x]) => x!,
  grad: ({ dy }) => [dy],
  reference: ([x]) => x!.data,
};

/** An output that is an input or constant gets a place of its own, unless it is the input whose memory it was given. */
export function copyLeaves(graph: IrGraph, donated: ReadonlyMap<number, number>): IrGraph {
  const nodes = [...graph.nodes];
  const outputs = graph.outputs.map((node, i) => {
    const { what, shape, dtype } = node;
    const isLeaf = what.kind === "input" || what.kind === "constant";
    if (!isLeaf || (what.kind === "input" && donated.get(i) === what.slot)) return node;
    const id = nodes.reduce((most, n) => Math.max(most, n.id), 0) + 1;
    const copy: IrNode = { id, what: copyRecord, inputs: [node], attrs: {}, shape, dtype };
    nodes.push(copy);
    return copy;
  });
  return { nodes, outputs };
}
