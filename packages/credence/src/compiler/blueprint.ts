import { copyLeaves } from "./copyLeaves.js";
import { emitPlan } from "./emit/emit.js";
import { ModuleBuilder } from "./emit/moduleBuilder.js";
import { fixed } from "./emit/place.js";
import { currentEngine, type EngineSettings } from "./engine.js";
import { type Fusion, fuse, storeAll } from "./fuse.js";
import { hoistPacks } from "./hoist.js";
import type { IrGraph } from "./ir.js";
import { lower } from "./lower.js";
import { type MemoryPlan, planMemory } from "./memory.js";
import { packOperands } from "./packOperands.js";
import { allPasses, type Passes } from "./passes.js";
import { simplify, textOf } from "./simplify.js";
import { Code } from "./wasm/assembler.js";

/** All that a program needs but its memory: made once for each structure, shared by programs. */
export interface Blueprint {
  readonly graph: IrGraph;
  readonly fusion: Fusion;
  readonly plan: MemoryPlan;
  readonly module: WebAssembly.Module;
  readonly moduleBytes: number;
  readonly pages: number;
  readonly engine: EngineSettings;
  /** Kernels in parts, those in loops included. */
  readonly divided: number;
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
  wanted: Passes = allPasses,
): Blueprint {
  const engine = currentEngine();
  // threads share out kernels, and a band's room is one thread's
  const passes = engine.threads > 1 ? { ...wanted, bands: false } : wanted;
  const simple = passes.simplify ? simplify(captured) : captured;
  const key = `${textOf(simple)}\n${[...donated].join(" ")}\n${Object.values(passes)}\n${Object.values(engine)}`;
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
  const builder = buildModule(plan, engine);
  const bytes = builder.encode(pages);
  const module = new WebAssembly.Module(bytes as BufferSource);
  const { divided } = builder;
  const made = { graph, fusion, plan, module, moduleBytes: bytes.length, pages, engine, divided };
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
function buildModule(plan: MemoryPlan, engine: EngineSettings): ModuleBuilder {
  const module = new ModuleBuilder(engine);
  const run = new Code();
  // each kernel can be run alone, which is how time is measured
  emitPlan(run, plan, (node) => fixed(plan.offsets.get(node)!), module).forEach((number, i) => {
    module.export(number, `kernel ${i}`);
  });
  module.define("run", run, "run");
  return module;
}
