import { fail } from "../errors.js";
import { bytesOf } from "../graph/dtype.js";
import { showShape } from "../graph/shape.js";
import { callersLine } from "../place.js";
import { type IrGraph, type IrNode, kindOf, nameOfNode, sizeOfNode } from "./ir.js";
import type { Kernel } from "./kernel.js";
import { readsInPlace } from "./lower.js";

/** Where each buffer lies. Inputs, constants and outputs keep their place; the rest share an arena by lifetime. */
export interface MemoryPlan {
  readonly offsets: ReadonlyMap<IrNode, number>;
  /** Bytes in all, and the least that any plan would need for what lives at the same time. */
  readonly bytes: number;
  readonly liveBytes: number;
  /** Output i lies where input slot j lay: it was donated. */
  readonly inPlace: ReadonlyMap<number, number>;
  /** Outputs that have to be copied over their donated input at the end of the call. */
  readonly copies: readonly { readonly from: IrNode; readonly to: IrNode }[];
  readonly kernels: readonly Kernel[];
}

const ALIGNMENT = 64;
const LARGEST = 2 ** 32;
/** WebAssembly vector loads may read past the last element of a buffer's last vector; nothing is placed there. */
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

const roomOf = (node: IrNode): number => aligned(Math.max(1, paddedSize(node)) * bytesOf(node.dtype));
/** Random words come in blocks of four. */
const paddedSize = (node: IrNode): number =>
  kindOf(node) === "randomBits" ? Math.ceil(sizeOfNode(node) / 4) * 4 : sizeOfNode(node);

/**
 * @param donated  for each output that may take an input's memory: output number to input slot
 * @param outside  buffers that lie elsewhere
 */
export function planMemory(
  graph: IrGraph,
  given: readonly Kernel[],
  donated: ReadonlyMap<number, number>,
  outside: ReadonlySet<IrNode> = new Set(),
): MemoryPlan {
  const kernels = updatesLast(graph, given);
  const offsets = new Map<IrNode, number>();
  let bytes = 0;
  const reserve = (node: IrNode): void => {
    if (offsets.has(node) || outside.has(node)) return;
    offsets.set(node, bytes);
    bytes += roomOf(node);
  };
  const inputs = new Map<number, IrNode>();
  const read = new Set(kernels.flatMap((kernel) => kernel.reads));
  for (const node of graph.nodes) {
    if (node.what.kind === "input") inputs.set(node.what.slot, node);
    if (node.what.kind === "input" || (node.what.kind === "constant" && read.has(node))) reserve(node);
  }
  const { inPlace, copies } = placeDonated(graph, kernels, donated, inputs, offsets);
  for (const output of graph.outputs) reserve(output);
  const fixed = bytes;

  const spans = lifetimes(kernels, (node) => offsets.has(node) || outside.has(node));
  // Greatest first: each takes the lowest place that is free for its whole life.
  const placed: { start: number; end: number; from: number; to: number }[] = [];
  let arena = 0;
  for (const [node, span] of [...spans].sort((x, y) => roomOf(y[0]) - roomOf(x[0]) || x[0].id - y[0].id)) {
    const size = roomOf(node);
    const rivals = placed.filter((p) => p.from <= span.to && span.from <= p.to).sort((x, y) => x.start - y.start);
    let start = 0;
    for (const rival of rivals) {
      if (rival.start - start >= size) break;
      start = Math.max(start, rival.end);
    }
    placed.push({ start, end: start + size, ...span });
    offsets.set(node, fixed + start);
    arena = Math.max(arena, start + size);
  }
  bytes = fixed + arena;
  if (bytes > LARGEST - 65536) refuseSize(bytes, offsets);
  return { offsets, bytes, liveBytes: fixed + peak(spans, kernels.length), inPlace, copies, kernels };
}

function refuseSize(bytes: number, offsets: ReadonlyMap<IrNode, number>): never {
  const [largest] = [...offsets.keys()].sort((x, y) => roomOf(y) - roomOf(x)) as [IrNode];
  return fail({
    code: "memory",
    given: `compile: the program needs ${gib(bytes)}; its largest buffer is ${nameOfNode(largest)} of shape ${showShape(largest.shape)} with ${gib(roomOf(largest))}`,
    allowed: "4 GiB in one WebAssembly memory",
    mend: "work in smaller batches",
    at: largest.at ?? callersLine(),
  });
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;

/** Kernels that write outputs alone run at the end, so that donated inputs are read by all others before. */
function updatesLast(graph: IrGraph, kernels: readonly Kernel[]): Kernel[] {
  const outputs = new Set(graph.outputs);
  const read = new Set(kernels.flatMap((k) => k.reads));
  const isUpdate = (k: Kernel): boolean =>
    k.kind === "loop" && k.writes.every((node) => outputs.has(node) && !read.has(node));
  return [...kernels.filter((k) => !isUpdate(k)), ...kernels.filter(isUpdate)];
}

function placeDonated(
  graph: IrGraph,
  kernels: readonly Kernel[],
  donated: ReadonlyMap<number, number>,
  inputs: ReadonlyMap<number, IrNode>,
  offsets: Map<IrNode, number>,
): { inPlace: Map<number, number>; copies: { from: IrNode; to: IrNode }[] } {
  const inPlace = new Map<number, number>();
  const copies: { from: IrNode; to: IrNode }[] = [];
  for (const [index, slot] of donated) {
    const output = graph.outputs[index]!;
    const input = inputs.get(slot)!;
    inPlace.set(index, slot);
    if (output === input) continue;
    const writer = kernels.findIndex((k) => k.writes.includes(output));
    const lastRead = kernels.reduce((last, k, i) => (k.reads.includes(input) ? i : last), -1);
    const fits = sizeOfNode(output) === sizeOfNode(input) && output.dtype === input.dtype;
    const free = writer >= 0 && fits && !offsets.has(output);
    if (free && (lastRead < writer || (lastRead === writer && readsInPlace(kernels[writer]!, input)))) {
      offsets.set(output, offsets.get(input)!);
    } else copies.push({ from: output, to: input });
  }
  return { inPlace, copies };
}

interface Span {
  from: number;
  to: number;
}

/** First write to last use, in kernel numbers, of every buffer that has no place yet. */
function lifetimes(kernels: readonly Kernel[], isPlaced: (node: IrNode) => boolean): Map<IrNode, Span> {
  const spans = new Map<IrNode, Span>();
  kernels.forEach((kernel, i) => {
    for (const node of [...kernel.writes, ...kernel.reads]) {
      if (isPlaced(node)) continue;
      const span = spans.get(node);
      if (span) span.to = i;
      else spans.set(node, { from: i, to: i });
    }
  });
  return spans;
}

function peak(spans: ReadonlyMap<IrNode, Span>, count: number): number {
  let best = 0;
  for (let i = 0; i < count; i++) {
    let live = 0;
    for (const [node, span] of spans) if (span.from <= i && i <= span.to) live += roomOf(node);
    best = Math.max(best, live);
  }
  return best;
}
