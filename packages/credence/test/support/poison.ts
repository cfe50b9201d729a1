import { expect } from "vitest";
import { makeBlueprint } from "../../src/compiler/blueprint.js";
import { bytesOfNode, capture, type IrNode } from "../../src/compiler/ir.js";
import { COUNTER_BYTES } from "../../src/compiler/lowerScan.js";
import type { MemoryPlan } from "../../src/compiler/memory.js";
import { allPasses, type Passes } from "../../src/compiler/passes.js";
import { Program } from "../../src/compiler/program.js";
import type { Data } from "../../src/graph/dtype.js";
import { sameShape } from "../../src/graph/shape.js";
import { Tensor } from "../../src/graph/tensor.js";

type Traced = (args: readonly Tensor[]) => readonly Tensor[];

/** Every byte of memory that holds no number yet: as float NaN, as int32 -1; or finite, to betray what skips NaN. */
export const poisons = [0xff, 0x4b];

/**
 * The results of a compiled function, run in memory that is full of poison. Fails if anything was written outside of the buffers: before,
 * between and behind them the poison must still be there.
 *
 * @param donated  output number to input slot
 */
export function runPoisoned(
  fn: Traced,
  args: readonly Tensor[],
  poison: number,
  passes: Passes = allPasses,
  donated: ReadonlyMap<number, number> = new Map(),
): Data[] {
  const placeholders = args.map((t, index) => new Tensor(t.shape, t.dtype, { kind: "argument", index }, t.weak));
  const outputs = fn(placeholders);
  const { graph, leaves } = capture(outputs, placeholders);
  const blueprint = makeBlueprint(graph, donated, passes);
  const program = new Program(blueprint);
  const { memory } = program as unknown as { memory: WebAssembly.Memory };
  const bytes = new Uint8Array(memory.buffer);
  const holds = new Uint8Array(bytes.length);
  for (const { from, to } of buffersOf(blueprint.plan, 0)) holds.fill(1, from, to);
  const given = new Uint8Array(bytes.length);
  for (const [node, from] of blueprint.plan.offsets) {
    if (node.what.kind === "constant") given.fill(1, from, from + bytesOfNode(node));
  }
  for (let i = 0; i < bytes.length; i++) if (given[i] === 0) bytes[i] = poison;
  leaves.forEach((leaf, slot) => {
    program.setInput(slot, (args[slot] ?? leaf).data());
  });
  program.run();
  const stray = bytes.findIndex((byte, i) => holds[i] === 0 && byte !== poison);
  if (stray >= 0) expect.fail(`byte ${stray}, outside of all buffers, was written`);
  return outputs.map((_, i) => program.getOutput(i));
}

/** The bytes of all buffers of a plan that lies from `base` on; of a scan's room those of its body's. */
function buffersOf(plan: MemoryPlan, base: number): { from: number; to: number }[] {
  const bodies = new Map<IrNode, MemoryPlan>();
  for (const kernel of plan.kernels) if (kernel.kind === "scan") bodies.set(kernel.room, kernel.body);
  return [...plan.offsets].flatMap(([node, offset]) => {
    const from = base + offset;
    const body = bodies.get(node);
    if (body) return [{ from, to: from + 4 }, ...buffersOf(body, from + COUNTER_BYTES)]; // the number of the step is first
    // random words come in blocks of four
    const bytes = node.what.kind === "random" ? Math.ceil(bytesOfNode(node) / 16) * 16 : bytesOfNode(node);
    return [{ from, to: from + bytes }];
  });
}

/** Gives results, from any on, the memory of inputs that they fit: output number to input slot. */
export function donations(args: readonly Tensor[], outputs: readonly Tensor[], choice: number): Map<number, number> {
  const donated = new Map<number, number>();
  const taken = new Set<number>();
  outputs.forEach((output, i) => {
    for (let j = 0; j < args.length; j++) {
      const slot = (j + choice) % args.length;
      const { shape, dtype } = args[slot]!;
      if (taken.has(slot) || dtype !== output.dtype || !sameShape(shape, output.shape)) continue;
      donated.set(i, slot);
      taken.add(slot);
      return;
    }
  });
  return donated;
}
