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

/**
 * An output that is an input or constant gets a place of its own, unless it is the input whose memory it was given.
 *
 * @param stacked  in the body of a loop, the first output that is stacked. Slices are no other output as well, and nothing is written
 *   beyond the end of any output
 */
export function copyLeaves(graph: IrGraph, donated: ReadonlyMap<number, number>, stacked?: number): IrGraph {
  const nodes = [...graph.nodes];
  let id = nodes.reduce((most, n) => Math.max(most, n.id), 0);
  const isShared = (node: IrNode): boolean => graph.outputs.indexOf(node) !== graph.outputs.lastIndexOf(node);
  const outputs = graph.outputs.map((node, i) => {
    const { what, shape, dtype } = node;
    const isLeaf = what.kind === "input" || what.kind === "constant";
    const isOwn = isLeaf ? what.kind === "input" && donated.get(i) === what.slot : !needsCopy(node, i);
    if (isOwn) return node;
    const copy: IrNode = { id: ++id, what: copyRecord, inputs: [node], attrs: {}, shape, dtype };
    nodes.push(copy);
    return copy;
  });
  function needsCopy(node: IrNode, i: number): boolean {
    if (stacked === undefined) return false;
    return (i >= stacked && isShared(node)) || node.what.kind === "random"; // random numbers come in whole blocks
  }
  return { nodes, outputs };
}
