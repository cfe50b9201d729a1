import { copyLeaves } from "./copyLeaves.js";
import { fuse, storeAll } from "./fuse.js";
import type { IrGraph, IrNode } from "./ir.js";
import { kindOf } from "./ir.js";
import type { ScanKernel } from "./kernel.js";
import { lower } from "./lower.js";
import { planMemory } from "./memory.js";
import type { Passes } from "./passes.js";

/** Bytes before the body's own memory: the number of the step. */
export const COUNTER_BYTES = 64;

/**
 * Compiles the body of a scan once, over memory of its own. What is stacked, and what no step changes, is read and written where it lies;
 * only the starting state is copied, to where the last one is wanted.
 */
export function lowerScan(
  node: IrNode,
  graph: IrGraph,
  buffer: (node: IrNode) => IrNode,
  scratch: (shape: readonly number[], like: IrNode) => IrNode,
  passes: Passes,
): ScanKernel {
  const { steps, carries, sequences, reverse, conditional } = node.attrs as {
    steps: number;
    carries: number;
    sequences: number;
    reverse: boolean;
    conditional: boolean;
  };
  const picks = new Map<number, IrNode>();
  for (const other of graph.nodes)
    if (kindOf(other) === "pick" && other.inputs[0] === node) picks.set(other.attrs.index as number, other);
  // the new state takes the place of the old one
  const donated = new Map(Array.from({ length: carries }, (_, i) => [i, i]));
  const bodyGraph = copyLeaves(node.body!, donated, carries);
  const slots = new Map<number, IrNode>();
  for (const inner of bodyGraph.nodes) if (inner.what.kind === "input") slots.set(inner.what.slot, inner);

  const outer = node.inputs.map(buffer);
  const outside = new Map<IrNode, { buffer: IrNode; isSlice: boolean }>();
  outer.forEach((from, slot) => {
    if (slot >= carries) outside.set(slots.get(slot)!, { buffer: from, isSlice: slot < carries + sequences });
  });
  for (const [i, pick] of picks) {
    const inner = i < carries ? slots.get(i)! : bodyGraph.outputs[i]!;
    outside.set(inner, { buffer: pick, isSlice: i >= carries });
  }
  const fusion = passes.fuse ? fuse(bodyGraph) : storeAll(bodyGraph);
  const body = planMemory(bodyGraph, lower(bodyGraph, fusion, passes), donated, passes, new Set(outside.keys()));
  for (const [output, state] of body.over) if (outside.has(state)) outside.set(output, outside.get(state)!);
  const room = scratch([Math.ceil((COUNTER_BYTES + body.bytes) / 4)], node);
  return {
    kind: "scan",
    name: `scan_${node.id}`,
    reads: [...new Set(outer)],
    writes: [...picks.values(), room],
    steps,
    reverse,
    body,
    room,
    outside,
    ...(conditional && { condition: slots.get(0)! }),
    given: outer.slice(0, carries).map((from, slot) => ({ from, to: slots.get(slot)! })),
  };
}
