import fc from "fast-check";
import { test } from "vitest";
import { capture } from "../../src/compiler/ir.js";
import { makeBlueprint } from "../../src/compiler/blueprint.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { graphSpec, makeGraph } from "../support/randomGraph.js";
import { Tensor } from "credence";
test("stats", () => {
  const kinds: Record<string, number> = {}; let nan = 0, all = 0, n = 0, kernels = 0, zero = 0, bytes = 0, same = 0;
  fc.assert(fc.property(graphSpec(12), (spec) => {
    n++;
    const { args, fn } = makeGraph(spec);
    const ph = args.map((t, index) => new Tensor(t.shape, t.dtype, { kind: "argument", index }));
    const { graph } = capture(fn(ph), ph);
    const b = makeBlueprint(graph, new Map());
    for (const k of b.plan.kernels) { kinds[k.kind] = (kinds[k.kind] ?? 0) + 1; kernels++; }
    bytes = Math.max(bytes, b.moduleBytes);
    for (const d of withEngine("interpreter", () => evaluate(fn(args)))) { all += d.length; if (d.length === 0) zero++; let x = 0; for (const v of d) { if (Number.isNaN(v)) x++; } nan += x; if (d.length > 3 && new Set(d).size === 1) same++; }
  }), { numRuns: 2000, seed: 5 });
  console.log({ n, kernels, kinds, nan: nan / all, all, zero, bytes, same });
}, 100000);
