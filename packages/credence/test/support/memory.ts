import { expect } from "vitest";
import type { Blueprint } from "../../src/compiler/blueprint.js";
import { bytesOfNode, type IrNode } from "../../src/compiler/ir.js";

/**
 * Runs a plan over a map of memory instead of numbers: each byte belongs to the buffer written there last. What a kernel reads
 * must still be there, what it writes must not overlap, and results, inputs and constants must survive the call.
 */
export function expectSoundMemory({ graph, plan, pages }: Blueprint): void {
  const owners: { start: number; end: number; node: IrNode }[] = [];
  const label = (node: IrNode): string =>
    `${"name" in node.what ? node.what.name : node.what.kind}${node.id}[${node.shape}]`;
  const span = (node: IrNode): { start: number; end: number } => {
    const start = plan.offsets.get(node);
    if (start === undefined) expect.fail(`${label(node)} has no place`);
    return { start, end: start + roomOf(node) };
  };
  const claim = (node: IrNode): void => {
    const { start, end } = span(node);
    expect(end, `${label(node)} ends within memory`).toBeLessThanOrEqual(pages * 65536);
    const kept = owners.flatMap((o) => {
      if (o.end <= start || end <= o.start) return [o];
      // what is left of a buffer that is written over in part
      return [
        { ...o, end: Math.min(o.end, start) },
        { ...o, start: Math.max(o.start, end) },
      ].filter((part) => part.start < part.end);
    });
    owners.splice(0, owners.length, ...kept, { start, end, node });
  };
  const expectWhole = (node: IrNode, when: string): void => {
    const { start, end } = span(node);
    const held = owners.filter((o) => o.node === node && o.start < end && start < o.end);
    const bytes = held.reduce((sum, o) => sum + Math.min(o.end, end) - Math.max(o.start, start), 0);
    if (bytes !== end - start) expect.fail(`${label(node)} is written over ${when}`);
  };

  const lasting = graph.nodes.filter((node) => node.what.kind === "input" || node.what.kind === "constant");
  const placed = lasting.filter((node) => plan.offsets.has(node));
  for (const node of placed) claim(node);
  for (const node of placed) expectWhole(node, "before the first kernel");
  for (const kernel of plan.kernels) {
    for (const node of kernel.reads) expectWhole(node, `when ${kernel.name} reads it`);
    for (const node of kernel.writes) claim(node);
    for (const node of kernel.writes) expectWhole(node, `by ${kernel.name} itself`);
  }
  for (const { from, to } of plan.copies) {
    expectWhole(from, "before it is copied to the donated input");
    claim(to);
  }
  const donated = new Set([...plan.inPlace.values()]);
  graph.outputs.forEach((node, i) => {
    const slot = plan.inPlace.get(i);
    const copied = plan.copies.some(
      (copy) => copy.from === node && copy.to.what.kind === "input" && copy.to.what.slot === slot,
    );
    if (!copied && bytesOfNode(node) > 0) expectWhole(node, "before it is read as a result");
  });
  for (const node of placed) {
    if (node.what.kind === "constant" || (node.what.kind === "input" && !donated.has(node.what.slot))) {
      expectWhole(node, "before the next call");
    }
  }
}

/** Bytes that a buffer's kernel may write: random words come in blocks of four. */
function roomOf(node: IrNode): number {
  const bytes = bytesOfNode(node);
  return node.what.kind === "randomBits" ? Math.ceil(bytes / 16) * 16 : bytes;
}
