import { makeBlueprint } from "../compiler/blueprint.js";
import { capture } from "../compiler/ir.js";
import { Program } from "../compiler/program.js";
import { fail } from "../errors.js";
import type { Data } from "../graph/dtype.js";
import type { LoopBody } from "../graph/record.js";
import { showShape } from "../graph/shape.js";
import { originOf, type Tensor } from "../graph/tensor.js";
import { topological } from "../graph/topology.js";
import { interpretGraph } from "../interpreter/graph.js";
import { callersLine } from "../place.js";
import { isTracing } from "../trace.js";

/**
 * From this many element operations on, compiling pays: the interpreter takes some 50 ns for each, a module some
 * milliseconds once for each structure.
 */
const WORTH_COMPILING = 200_000;

/** The engine that evaluates lazy tensors: `auto` by the work there is; the others are for tests. */
export type Engine = "auto" | "interpreter" | "compiler";
let engine: Engine = "auto";

/** Runs `fn` with all evaluation done by one engine. */
export function withEngine<T>(chosen: Engine, fn: () => T): T {
  const before = engine;
  engine = chosen;
  try {
    return fn();
  } finally {
    engine = before;
  }
}

/**
 * The numbers of `roots`, computed together.
 *
 * @param asked  what the caller called, for errors
 */
export function evaluate(roots: readonly Tensor[], asked = "data"): Data[] {
  const order = topological(roots, (leaf) => requireNumbers(leaf, roots[0] as Tensor, asked));
  if (order.length > 0) {
    const compiled = engine === "compiler" || (engine === "auto" && work(order) >= WORTH_COMPILING);
    const results = compiled ? runCompiled(roots) : interpretGraph(roots, dataOf);
    if (isTracing()) return results;
    roots.forEach((root, i) => {
      root.source = { kind: "data", data: results[i]! };
    });
    return results;
  }
  return roots.map(dataOf);
}

/** The numbers of a tensor that is not waiting to be computed. */
export function dataOf(tensor: Tensor): Data {
  const { source } = tensor;
  if (source.kind === "resident") {
    const data = source.read();
    tensor.source = { kind: "data", data };
    return data;
  }
  if (source.kind !== "data") throw new Error("evaluated out of order");
  return source.data;
}

function requireNumbers(leaf: Tensor, root: Tensor, asked: string): void {
  const { source, shape } = leaf;
  const what = root === leaf ? "" : `${originOf(root)} of shape ${showShape(root.shape)} depends on `;
  if (source.kind === "argument") {
    const label = `${source.label ?? "an argument"} (shape ${showShape(shape)})`;
    fail({
      code: "traced",
      given: `${asked}: ${what}${label}, which has ${isTracing() ? "no numbers while the function is traced" : "no numbers: the function has been traced, and its tensors are gone"}`,
      allowed: "tensor operations; neither shapes nor branches may depend on numbers",
      mend: isTracing()
        ? "use where() instead of if, or compute this outside of the function"
        : "let the function return what is needed outside",
      at: callersLine(),
    });
  }
  if (source.kind === "donated") {
    fail({
      code: "donated",
      given: `${asked}: ${what}a tensor of shape ${showShape(shape)} that was donated to ${source.to}, which has written over it`,
      mend: "use the tensor that the call returned, or do not donate this argument",
      at: callersLine(),
    });
  }
}

function work(order: readonly Tensor[]): number {
  let total = 0;
  for (const { source, size } of order) {
    if (source.kind !== "op") continue;
    const inner = termsOf(source);
    if (source.op.kind === "scan") {
      const body = source.attrs.body as LoopBody;
      total += (source.attrs.steps as number) * work(topological(body.results, () => {}, new Set(body.arguments)));
    }
    const read = source.op.kind === "reduce" ? source.inputs[0]!.size : 0;
    total += size * inner * (source.op.kind === "elementwise" ? source.op.cost : 1) + read;
  }
  return total;
}

/** How many terms an element of a product or of the solution of a system has. */
function termsOf({ op, inputs, attrs }: Extract<Tensor["source"], { kind: "op" }>): number {
  if (op.kind !== "matmul" && op.kind !== "cholesky" && op.kind !== "triangularSolve") return 1;
  const { shape, rank } = inputs[0]!;
  return shape[attrs.transA ? rank - 2 : rank - 1] ?? 1;
}

/** One program for each structure is kept ready; its results are copied out, so it can be used again at once. */
const programs = new WeakMap<object, Program>();

function runCompiled(roots: readonly Tensor[]): Data[] {
  const { graph, leaves } = capture(roots);
  const blueprint = makeBlueprint(graph, new Map());
  let program = programs.get(blueprint);
  if (!program) {
    program = new Program(blueprint);
    programs.set(blueprint, program);
  }
  leaves.forEach((leaf, slot) => {
    program.setInput(slot, dataOf(leaf));
  });
  program.run();
  return roots.map((_, i) => program.getOutput(i));
}
