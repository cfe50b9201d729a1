import type { StructuralRecord } from "../graph/record.js";
import { emitKernel } from "./emit/emit.js";
import { type Fusion, fuse } from "./fuse.js";
import { bytesOfNode, type IrGraph, type IrNode } from "./ir.js";
import { lower } from "./lower.js";
import { type MemoryPlan, planMemory } from "./memory.js";
import { describe, simplify } from "./simplify.js";
import { Code, encodeModule, type FunctionSpec } from "./wasm/assembler.js";

/** All that a program needs but its memory: made once for each structure, shared by programs. */
export interface Blueprint {
  readonly graph: IrGraph;
  readonly fusion: Fusion;
  readonly plan: MemoryPlan;
  readonly module: WebAssembly.Module;
  readonly moduleBytes: number;
  readonly pages: number;
}

const PAGE = 65536;
/** Modules kept for graphs of the same structure; the least recently used goes first. */
const KEPT = 64;
const cache = new Map<string, Blueprint>();

/**
 * graph -> simplify -> fuse -> lower -> plan memory -> emit -> module.
 *
 * @param donated  output number to the input slot whose memory it takes
 */
export function makeBlueprint(captured: IrGraph, donated: ReadonlyMap<number, number>): Blueprint {
  const graph = copyLeaves(simplify(captured), donated);
  const key = structureOf(graph, donated);
  const known = cache.get(key);
  if (known) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const fusion = fuse(graph);
  const plan = planMemory(graph, lower(graph, fusion), donated);
  const pages = Math.max(1, Math.ceil((plan.bytes + 64) / PAGE));
  const bytes = encodeModule(functionsOf(plan), pages);
  const module = new WebAssembly.Module(bytes as BufferSource);
  const made = { graph, fusion, plan, module, moduleBytes: bytes.length, pages };
  cache.set(key, made);
  if (cache.size > KEPT) cache.delete(cache.keys().next().value!);
  return made;
}

/** One function a kernel, and `run`, which calls them in order. */
function functionsOf(plan: MemoryPlan): FunctionSpec[] {
  const offsetOf = (node: IrNode): number => plan.offsets.get(node)!;
  const kernels = plan.kernels.map((kernel) => ({ name: kernel.name, code: emitKernel(kernel, offsetOf) }));
  const run = new Code();
  kernels.forEach((_, i) => {
    run.call(i);
  });
  for (const { from, to } of plan.copies) run.i32(offsetOf(to)).i32(offsetOf(from)).i32(bytesOfNode(from)).copy();
  return [...kernels, { name: "run", code: run, exported: true }];
}

const copyRecord: StructuralRecord = {
  kind: "identity",
  name: "copy",
  shape: ([x]) => x!,
  dtype: ([x]) => x!,
  grad: ({ dy }) => [dy],
  reference: ([x]) => x!.data,
};

/** An output that is an input or constant gets a place of its own, unless it is the input whose memory it was given. */
function copyLeaves(graph: IrGraph, donated: ReadonlyMap<number, number>): IrGraph {
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

function structureOf(graph: IrGraph, donated: ReadonlyMap<number, number>): string {
  const lines = graph.nodes.map((node) => {
    const { what, inputs, attrs, shape, dtype } = node;
    const label =
      what.kind === "input"
        ? `input ${what.slot}`
        : what.kind === "constant"
          ? `constant ${bits(what.data)}`
          : what.name;
    return `${node.id}=${label}(${inputs.map((i) => i.id)}){${describe(attrs)}}[${shape}]${dtype}`;
  });
  return `${lines.join("\n")}\n${graph.outputs.map((o) => o.id)}\n${[...donated].join(" ")}`;
}

/** Exact: -0 and the kinds of NaN differ. */
function bits(data: ArrayBufferView): string {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength).join(".");
}
