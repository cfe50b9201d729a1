import type { Callee } from "./callee.js";
import { copyLeaves } from "./copyLeaves.js";
import { emitCallee } from "./emit/callee.js";
import { emitPlan } from "./emit/emit.js";
import { fixed } from "./emit/place.js";
import { type Fusion, fuse, storeAll } from "./fuse.js";
import { hoistPacks } from "./hoist.js";
import type { IrGraph } from "./ir.js";
import { lower } from "./lower.js";
import { type MemoryPlan, planMemory } from "./memory.js";
import { packOperands } from "./packOperands.js";
import { allPasses, type Passes } from "./passes.js";
import { simplify, textOf } from "./simplify.js";
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
 * graph -> simplify -> pack -> hoist -> fuse -> lower -> plan memory -> emit -> module.
 *
 * @param donated  output number to the input slot whose memory it takes
 */
export function makeBlueprint(
  captured: IrGraph,
  donated: ReadonlyMap<number, number>,
  passes: Passes = allPasses,
): Blueprint {
  const simple = passes.simplify ? simplify(captured) : captured;
  const key = `${textOf(simple)}\n${[...donated].join(" ")}\n${Object.values(passes)}`;
  const known = cache.get(key);
  if (known) {
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const graph = copyLeaves(prepareProducts(simple, passes), donated);
  const fusion = passes.fuse ? fuse(graph) : storeAll(graph);
  const plan = planMemory(graph, lower(graph, fusion, passes), donated, passes);
  const pages = Math.max(1, Math.ceil((plan.bytes + 64) / PAGE));
  const bytes = encodeModule(functionsOf(plan), pages);
  const module = new WebAssembly.Module(bytes as BufferSource);
  const made = { graph, fusion, plan, module, moduleBytes: bytes.length, pages };
  cache.set(key, made);
  if (cache.size > KEPT) cache.delete(cache.keys().next().value!);
  return made;
}

/** What several products, or all steps of a scan, read in panels is packed once. */
function prepareProducts(graph: IrGraph, passes: Passes): IrGraph {
  const packed = packOperands(graph);
  const hoisted = passes.hoist ? hoistPacks(packed) : packed;
  return hoisted === packed || !passes.simplify ? hoisted : simplify(hoisted); // equal nodes may have come from several bodies
}

/** One function a kernel, one for each elementwise op that has its own, and `run`, which calls the kernels in order. */
function functionsOf(plan: MemoryPlan): FunctionSpec[] {
  const functions: FunctionSpec[] = [];
  const define = (name: string, code: Code): number => functions.push({ name, code }) - 1;
  const run = new Code();
  const kernels = new Set(emitPlan(run, plan, (node) => fixed(plan.offsets.get(node)!), define));
  // each kernel can be run alone, which is how time is measured
  const named = functions.map((f, i) => (kernels.has(i) ? { ...f, exported: true } : f));
  return linked([...named, { name: "run", code: run, exported: true }]);
}

/** Adds the functions that others call by name, each once. */
function linked(functions: readonly FunctionSpec[]): FunctionSpec[] {
  const all = [...functions];
  const numbers = new Map<string, number>();
  const numberOf = (callee: Callee): number => {
    const known = numbers.get(callee.key);
    if (known !== undefined) return known;
    const number = all.push({ name: callee.name, code: emitCallee(callee) }) - 1;
    numbers.set(callee.key, number);
    return number;
  };
  for (const { code } of all) code.linkCalls(numberOf); // what this adds is visited as well
  return all;
}
