import { fail } from "../errors.js";
import { bytesOf } from "../graph/dtype.js";
import { showShape } from "../graph/shape.js";
import { blocksOf, type Made, perBlock } from "../ops/random.js";
import { callersLine } from "../place.js";
import { liveAtPeak, share } from "./arena.js";
import { type IrGraph, type IrNode, kindOf, nameOfNode, sizeOfNode } from "./ir.js";
import type { Kernel } from "./kernel.js";
import { readsInPlace } from "./lower.js";
import { allPasses, type Passes } from "./passes.js";

/** Where each buffer lies. Inputs and constants keep their place; the rest share an arena by lifetime. */
export interface MemoryPlan {
  readonly offsets: ReadonlyMap<IrNode, number>;
  /** Bytes in all, and the least that any plan would need for what lives at the same time. */
  readonly bytes: number;
  readonly liveBytes: number;
  /** Output i lies where input slot j lay: it was donated. */
  readonly inPlace: ReadonlyMap<number, number>;
  /** Outputs that are written over the input that was donated to them. */
  readonly over: ReadonlyMap<IrNode, IrNode>;
  /** Outputs that have to be copied over their donated input at the end of the call. */
  readonly copies: readonly { readonly from: IrNode; readonly to: IrNode }[];
  readonly kernels: readonly Kernel[];
}

const ALIGNMENT = 64;
const LARGEST = 2 ** 32;
/** WebAssembly vector loads may read past the last element of a buffer's last vector; nothing is placed there. */
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

const roomOf = (node: IrNode): number => aligned(Math.max(1, paddedSize(node)) * bytesOf(node.dtype));
/** Random numbers come in whole blocks. */
function paddedSize(node: IrNode): number {
  if (kindOf(node) !== "random") return sizeOfNode(node);
  const made = node.attrs.made as Made;
  return blocksOf(sizeOfNode(node), node.dtype, made) * perBlock(node.dtype, made);
}

/**
 * @param donated  for each output that may take an input's memory: output number to input slot
 * @param outside  buffers that lie elsewhere
 */
export function planMemory(
  graph: IrGraph,
  given: readonly Kernel[],
  donated: ReadonlyMap<number, number>,
  passes: Passes = allPasses,
  outside: ReadonlySet<IrNode> = new Set(),
): MemoryPlan {
  const kernels = updatesLast(graph, given);
  const offsets = new Map<IrNode, number>();
  let fixed = 0;
  const reserve = (node: IrNode): void => {
    if (offsets.has(node) || outside.has(node)) return;
    offsets.set(node, fixed);
    fixed += roomOf(node);
  };
  const inputs = new Map<number, IrNode>();
  const read = new Set(kernels.flatMap((kernel) => kernel.reads));
  for (const node of graph.nodes) {
    if (node.what.kind === "input") inputs.set(node.what.slot, node);
    if (node.what.kind === "input" || (node.what.kind === "constant" && read.has(node))) reserve(node);
  }
  const results = placeDonated(graph, kernels, donated, inputs, outside, passes.inPlace);
  for (const [output, input] of results.over) if (!outside.has(input)) offsets.set(output, offsets.get(input)!);
  const isPlaced = (node: IrNode): boolean => offsets.has(node) || outside.has(node) || results.over.has(node);
  const written = new Set(kernels.flatMap((kernel) => kernel.writes));
  for (const output of graph.outputs) if (!written.has(output)) reserve(output); // of no elements

  const lives = [...lifetimes(graph, kernels, isPlaced)];
  const whole = { from: 0, to: kernels.length };
  const spans = lives.map(([node, life]) => ({ size: roomOf(node), ...(passes.share ? life : whole) }));
  const { starts, bytes: shared } = share(spans);
  lives.forEach(([node], i) => {
    offsets.set(node, fixed + starts[i]!);
  });
  const bytes = fixed + shared;
  if (bytes > LARGEST - 65536) refuseSize(bytes, offsets);
  return { offsets, bytes, liveBytes: fixed + liveAtPeak(spans), ...results, kernels };
}

function refuseSize(bytes: number, offsets: ReadonlyMap<IrNode, number>): never {
  const { largest, needs } = describeNeeds(bytes, offsets);
  return fail({
    code: "memory",
    given: `compile: ${needs}`,
    allowed: "4 GiB in one WebAssembly memory",
    mend: "work in smaller batches",
    at: largest.at ?? callersLine(),
  });
}

/** A program's need of memory in words, and its largest buffer. */
export function describeNeeds(
  bytes: number,
  offsets: ReadonlyMap<IrNode, number>,
): { readonly largest: IrNode; readonly needs: string } {
  const [largest] = [...offsets.keys()].sort((x, y) => roomOf(y) - roomOf(x)) as [IrNode];
  const shape = `${nameOfNode(largest)} of shape ${showShape(largest.shape)}`;
  const needs = `the program needs ${gib(bytes)}; its largest buffer is ${shape} with ${gib(roomOf(largest))}`;
  return { largest, needs };
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
  outside: ReadonlySet<IrNode>,
  allowed: boolean,
): Pick<MemoryPlan, "inPlace" | "over" | "copies"> {
  const inPlace = new Map<number, number>();
  const over = new Map<IrNode, IrNode>();
  const copies: { from: IrNode; to: IrNode }[] = [];
  for (const [index, slot] of donated) {
    const output = graph.outputs[index]!;
    const input = inputs.get(slot)!;
    inPlace.set(index, slot);
    if (output === input) continue;
    const writer = kernels.findIndex((k) => k.writes.includes(output));
    const lastRead = kernels.reduce((last, k, i) => (k.reads.includes(input) ? i : last), -1);
    const fits = sizeOfNode(output) === sizeOfNode(input) && output.dtype === input.dtype;
    const free = allowed && writer >= 0 && fits && !over.has(output) && !outside.has(output);
    if (free && (lastRead < writer || (lastRead === writer && readsInPlace(kernels[writer]!, input, output)))) {
      over.set(output, input);
    } else copies.push({ from: output, to: input });
  }
  return { inPlace, over, copies };
}

/** First to last kernel that needs each buffer that has no place yet; results are needed to the end. */
function lifetimes(
  graph: IrGraph,
  kernels: readonly Kernel[],
  isPlaced: (node: IrNode) => boolean,
): Map<IrNode, { from: number; to: number }> {
  const lives = new Map<IrNode, { from: number; to: number }>();
  kernels.forEach((kernel, i) => {
    for (const node of [...kernel.writes, ...kernel.reads]) {
      if (isPlaced(node)) continue;
      const life = lives.get(node);
      if (life) life.to = i;
      else lives.set(node, { from: i, to: i });
    }
  });
  for (const output of graph.outputs) {
    const life = lives.get(output);
    if (life) life.to = kernels.length;
  }
  return lives;
}
