import { showShape } from "../graph/shape.js";
import type { Blueprint } from "./blueprint.js";
import { flopsOf } from "./flops.js";
import { bytesOfNode, type IrNode, kindOf, nameOfNode } from "./ir.js";
import type { Kernel } from "./kernel.js";

export interface Details {
  /** Microseconds of each kernel, where they were measured. */
  readonly times?: readonly number[] | undefined;
  /** What each input slot holds, in words. */
  readonly inputs?: readonly string[] | undefined;
}

/** A compiled program in words: sizes, kernels with what is fused into each, and the map of its memory. */
export function describePlan(title: string, blueprint: Blueprint, details: Details = {}): string {
  const { graph, plan, moduleBytes, engine, divided } = blueprint;
  const { times } = details;
  const flops = plan.kernels.reduce((sum, kernel) => sum + flopsOf(kernel), 0);
  const total = times?.reduce((a, b) => a + b, 0);
  return [
    `${title}:`,
    `  ${graph.nodes.length} nodes in ${plan.kernels.length} kernels, ${flops} flops${total === undefined ? "" : `, ${total.toFixed(1)} us`}`,
    `  ${plan.bytes} bytes of memory (${plan.liveBytes} live at the peak), ${moduleBytes} bytes of module`,
    `  ${plan.inPlace.size} results in place of donated arguments, ${plan.copies.length} of them copied there`,
    ...(divided > 0 ? [`  ${divided} kernels in parts for ${engine.threads} threads`] : []),
    ...(engine.simd === "strict" ? [] : [`  ${engine.simd === "scalar" ? "no" : engine.simd} vector instructions`]),
    "",
    `  ${"kernels".padEnd(WIDTH)} ${"flops".padStart(NUMBER)}${times ? `${"us".padStart(NUMBER)}${"GFLOP/s".padStart(NUMBER)}` : ""}`,
    ...kernelLines(plan.kernels, "", times),
    "",
    `  ${"offset".padStart(NUMBER)} ${"bytes".padStart(NUMBER)}  kernels   buffer`,
    ...memoryLines(blueprint, details.inputs ?? []),
  ].join("\n");
}

/** Columns of what a kernel writes, and of a number. */
const WIDTH = 64;
const NUMBER = 11;

const label = (node: IrNode): string => `${nameOfNode(node)}${node.id}`;

/** A line for each kernel, and below it what it reads and what is fused into it. A loop's kernels follow it, indented. */
function kernelLines(kernels: readonly Kernel[], indent: string, times?: readonly number[]): string[] {
  const stored = new Set(kernels.flatMap((kernel) => [...kernel.reads, ...kernel.writes]));
  return kernels.flatMap((kernel, i) => {
    const head = `${indent}${String(i).padStart(3)} ${kernel.kind.padEnd(8)}`;
    const margin = " ".repeat(head.length);
    const results = kernel.writes.filter((node) => !("room" in kernel) || node !== kernel.room);
    const shape = results[0] ? ` ${showShape(results[0].shape)}` : "";
    const names = wrap(results.map(label), WIDTH - head.length - shape.length);
    const last = `${names[names.length - 1] ?? ""}${shape}`;
    const flops = flopsOf(kernel);
    const lines = [...names.slice(0, -1), last].map((line, at) => `${at === 0 ? head : margin}${line}`);
    lines[0] = `${lines[0]!.padEnd(WIDTH)} ${String(flops).padStart(NUMBER)}${times ? speed(times[i]!, flops) : ""}`;
    const fused = tally(kernel, stored);
    const below = [
      ...prefixed("from ", wrap(kernel.reads.map(label), WIDTH - head.length)),
      ...(fused.length > 1 ? prefixed("does ", wrap(fused, WIDTH - head.length)) : []),
    ];
    const [body, inner] = withinOf(kernel);
    const further = kernelLines(inner, `${indent}    `);
    return [...[...lines, ...[...below, ...body].map((line) => margin + line)].map((line) => `  ${line}`), ...further];
  });
}

/** The kernels that a kernel runs again and again, and when. */
function withinOf(kernel: Kernel): [string[], readonly Kernel[]] {
  if (kernel.kind === "scan") return [[`each of ${kernel.steps} steps:`], kernel.body.kernels];
  if (kernel.kind === "bands") return [[`each ${kernel.band} of ${kernel.rows} rows:`], kernel.kernels];
  return [[], []];
}

const speed = (time: number, flops: number): string =>
  time.toFixed(1).padStart(NUMBER) + (time > 0 && flops > 0 ? (flops / time / 1000).toFixed(1) : "").padStart(NUMBER);

/** Movements that become strides, and what needs no work. */
const SILENT = new Set(["identity", "expand", "transpose", "slice", "reshape", "input", "constant", "pick"]);

/** The ops that a kernel computes, each with its number: those of its results, and of what has no memory below them. */
function tally(kernel: Kernel, stored: ReadonlySet<IrNode>): string[] {
  if (kernel.writes.some((node) => kindOf(node) === "concat")) return []; // one of several kernels, each with a part of them
  const counts = new Map<string, number>();
  const seen = new Set<IrNode>();
  const visit = (node: IrNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (!SILENT.has(kindOf(node))) counts.set(nameOfNode(node), (counts.get(nameOfNode(node)) ?? 0) + 1);
    for (const input of node.inputs) if (!stored.has(input)) visit(input);
  };
  kernel.writes.forEach(visit);
  return [...counts].map(([name, count]) => (count === 1 ? name : `${name} ${count}`));
}

/** A line for each buffer by its place: from which kernel to which it is needed, and what it holds. */
function memoryLines({ graph, plan }: Blueprint, inputs: readonly string[]): string[] {
  const rows = [...plan.offsets].map(([node, offset]) => {
    const uses = plan.kernels.flatMap((k, i) => (k.writes.includes(node) || k.reads.includes(node) ? [i] : []));
    const isGiven = node.what.kind === "input" || node.what.kind === "constant";
    const last = graph.outputs.includes(node) ? "end" : uses[uses.length - 1];
    const life = isGiven ? "always" : uses.length === 0 ? "" : `${uses[0]}..${last}`;
    const path = node.what.kind === "input" ? inputs[node.what.slot] : undefined;
    const what = `${node.dtype}${showShape(node.shape)} ${label(node)}${path === undefined ? "" : `, ${path}`}`;
    return { offset, first: isGiven ? -1 : (uses[0] ?? -1), text: [bytesOfNode(node), life, what] as const };
  });
  return rows
    .sort((a, b) => a.offset - b.offset || a.first - b.first)
    .map(({ offset, text: [bytes, life, what] }) => {
      const numbers = `${String(offset).padStart(NUMBER)} ${String(bytes).padStart(NUMBER)}`;
      return `  ${numbers}  ${life.padEnd(8)}  ${what}`;
    });
}

/** Items with commas, in lines of at most `width` where they fit. */
function wrap(items: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const item of items) {
    const last = lines.length - 1;
    if (last >= 0 && `${lines[last]}, ${item}`.length <= width) lines[last] += `, ${item}`;
    else {
      if (last >= 0) lines[last] += ",";
      lines.push(item);
    }
  }
  return lines;
}

const prefixed = (word: string, lines: readonly string[]): string[] =>
  lines.map((line, i) => `${i === 0 ? word : " ".repeat(word.length)}${line}`);
