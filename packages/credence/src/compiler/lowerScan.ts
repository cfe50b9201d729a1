import { copyLeaves } from "./copyLeaves.js";
import { fuse } from "./fuse.js";
import type { IrGraph, IrNode } from "./ir.js";
import { kindOf } from "./ir.js";
import type { ScanKernel } from "./kernel.js";
import { lower } from "./lower.js";
import { planMemory } from "./memory.js";

/** Compiles the body of a scan once, over memory of its own, and says what is copied in and out around each step. */
export function lowerScan(
  node: IrNode,
  graph: IrGraph,
  buffer: (node: IrNode) => IrNode,
  scratch: (shape: readonly number[], like: IrNode) => IrNode,
): ScanKernel {
  const { steps, carries, sequences, reverse, conditional } = node.attrs as {
    steps: number;
    carries: number;
    sequences: number;
    reverse: boolean;
    conditional: boolean;
  };
  // the new state takes the place of the old one
  const donated = new Map(Array.from({ length: carries }, (_, i) => [i, i]));
  const bodyGraph = copyLeaves(node.body!, donated);
  const body = planMemory(bodyGraph, lower(bodyGraph, fuse(bodyGraph)), donated);
  const slots = new Map<number, IrNode>();
  for (const inner of bodyGraph.nodes) if (inner.what.kind === "input") slots.set(inner.what.slot, inner);
  const picks = graph.nodes.filter((other) => kindOf(other) === "pick" && other.inputs[0] === node);
  const outer = node.inputs.map(buffer);
  const room = scratch([Math.ceil(body.bytes / 4)], node);

  const isSlice = (slot: number): boolean => slot >= carries && slot < carries + sequences;
  const copies = outer.map((from, slot) => ({ from, to: slots.get(slot)!, slice: isSlice(slot) }));
  const results = picks.map((pick) => ({ pick, index: pick.attrs.index as number }));
  return {
    kind: "scan",
    name: `scan_${node.id}`,
    reads: [...new Set(outer)],
    writes: [...picks, room],
    steps,
    reverse,
    body,
    room,
    ...(conditional && { condition: slots.get(0)! }),
    given: copies.filter((copy) => !copy.slice),
    slicesIn: copies.filter((copy) => copy.slice),
    slicesOut: results
      .filter(({ index }) => index >= carries)
      .map(({ pick, index }) => ({ from: bodyGraph.outputs[index]!, to: pick })),
    taken: results
      .filter(({ index }) => index < carries)
      .map(({ pick, index }) => ({ from: slots.get(index)!, to: pick })),
  };
}
