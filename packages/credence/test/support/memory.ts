import { expect } from "vitest";
import type { Blueprint } from "../../src/compiler/blueprint.js";
import { bytesOfNode, type IrNode } from "../../src/compiler/ir.js";
import type { ScanKernel } from "../../src/compiler/kernel.js";
import type { MemoryPlan } from "../../src/compiler/memory.js";

const label = (node: IrNode): string =>
  `${"name" in node.what ? node.what.name : node.what.kind}${node.id}[${node.shape}]`;

/** A map of memory instead of numbers: each byte belongs to the buffer written there last. */
class MemoryMap {
  private readonly owners: { start: number; end: number; node: IrNode }[] = [];
  private readonly plan: MemoryPlan;
  private readonly bytes: number;
  private readonly elsewhere: (node: IrNode) => boolean;

  /** @param elsewhere  buffers that lie in other memory */
  constructor(plan: MemoryPlan, bytes: number, elsewhere: (node: IrNode) => boolean) {
    this.plan = plan;
    this.bytes = bytes;
    this.elsewhere = elsewhere;
  }

  private span(node: IrNode): { start: number; end: number } {
    const start = this.plan.offsets.get(node);
    if (start === undefined) expect.fail(`${label(node)} has no place`);
    return { start, end: start + roomOf(node) };
  }

  claim(node: IrNode): void {
    if (this.elsewhere(node)) return;
    const { start, end } = this.span(node);
    expect(end, `${label(node)} ends within memory`).toBeLessThanOrEqual(this.bytes);
    const kept = this.owners.flatMap((o) => {
      if (o.end <= start || end <= o.start) return [o];
      // what is left of a buffer that is written over in part
      return [
        { ...o, end: Math.min(o.end, start) },
        { ...o, start: Math.max(o.start, end) },
      ].filter((part) => part.start < part.end);
    });
    this.owners.splice(0, this.owners.length, ...kept, { start, end, node });
  }

  expectWhole(node: IrNode, when: string): void {
    if (this.elsewhere(node)) return;
    const { start, end } = this.span(node);
    const held = this.owners.filter((o) => o.node === node && o.start < end && start < o.end);
    const bytes = held.reduce((sum, o) => sum + Math.min(o.end, end) - Math.max(o.start, start), 0);
    if (bytes !== end - start) expect.fail(`${label(node)} is written over ${when}`);
  }

  /** What a kernel reads must still be there, what it writes must not overlap. */
  runKernels(): void {
    for (const kernel of this.plan.kernels) {
      for (const node of kernel.reads) this.expectWhole(node, `when ${kernel.name} reads it`);
      for (const node of kernel.writes) this.claim(node);
      for (const node of kernel.writes) this.expectWhole(node, `by ${kernel.name} itself`);
    }
    for (const { from, to } of this.plan.copies) {
      this.expectWhole(from, "before it is copied to the donated input");
      this.claim(to);
    }
  }
}

/** No buffer of a program lies where another is still needed; results, inputs and constants survive the call. Bodies of loops as well. */
export function expectSoundMemory({ graph, plan, pages }: Blueprint): void {
  const memory = new MemoryMap(plan, pages * 65536, () => false);
  const lasting = graph.nodes.filter((node) => node.what.kind === "input" || node.what.kind === "constant");
  const placed = lasting.filter((node) => plan.offsets.has(node));
  for (const node of placed) memory.claim(node);
  for (const node of placed) memory.expectWhole(node, "before the first kernel");
  memory.runKernels();
  const donated = new Set([...plan.inPlace.values()]);
  graph.outputs.forEach((node, i) => {
    const slot = plan.inPlace.get(i);
    const copied = plan.copies.some(
      (copy) => copy.from === node && copy.to.what.kind === "input" && copy.to.what.slot === slot,
    );
    if (!copied && bytesOfNode(node) > 0) memory.expectWhole(node, "before it is read as a result");
  });
  for (const node of placed) {
    if (node.what.kind === "constant" || (node.what.kind === "input" && !donated.has(node.what.slot))) {
      memory.expectWhole(node, "before the next call");
    }
  }
  for (const kernel of plan.kernels) if (kernel.kind === "scan") expectSoundBody(kernel);
}

/** The same for one step of a loop. State that lies in buffers around the loop is looked at as if it lay behind the body's own memory. */
function expectSoundBody({ body, outside, given, room }: ScanKernel): void {
  const states = given.map(({ to }) => to);
  const own = bytesOfNode(room);
  const offsets = new Map(body.offsets);
  let bytes = own;
  for (const state of states.filter((node) => outside.has(node))) {
    const { buffer } = outside.get(state)!;
    for (const [node, place] of outside) if (place.buffer === buffer) offsets.set(node, bytes);
    bytes += roomOf(state);
  }
  const memory = new MemoryMap({ ...body, offsets }, bytes, (node) => !offsets.has(node) && outside.has(node));
  const constants = [...body.offsets.keys()].filter((node) => node.what.kind === "constant");
  for (const node of [...constants, ...states]) memory.claim(node);
  for (const node of [...constants, ...states]) memory.expectWhole(node, "before the first step");
  memory.runKernels();
  for (const node of constants) memory.expectWhole(node, "before the next step");
  for (const kernel of body.kernels) if (kernel.kind === "scan") expectSoundBody(kernel);
}

/** Bytes that a buffer's kernel may write: random numbers come in blocks of 16 bytes. */
function roomOf(node: IrNode): number {
  const bytes = bytesOfNode(node);
  return node.what.kind === "random" ? Math.ceil(bytes / 16) * 16 : bytes;
}
