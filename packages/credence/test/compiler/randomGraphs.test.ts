import { compile } from "credence";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { type EngineSettings, withSettings } from "../../src/compiler/engine.js";
import { Code } from "../../src/compiler/wasm/assembler.js";
import * as ops from "../../src/ops/index.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { opSteps } from "../support/grammar.js";
import { type GraphSpec, graphSpec, makeGraph } from "../support/randomGraph.js";
import { runs } from "../support/runs.js";

function expectInterpretersBits(spec: GraphSpec, settings: Partial<EngineSettings>): void {
  const { args, fn } = makeGraph(spec);
  const roots = fn(args);
  const expected = withEngine("interpreter", () => evaluate(roots));
  const actual = withSettings(settings, () => compile(fn, { name: "graph" })(args));
  actual.forEach((tensor, i) => {
    expect(tensor.shape).toEqual(roots[i]!.shape);
    expect(tensor.dtype).toBe(roots[i]!.dtype);
    expectSameBits(tensor.data(), expected[i]!, `result ${i}`);
  });
}

test("a compiled graph gives the interpreter's bits", () => {
  fc.assert(
    fc.property(graphSpec(12), (spec) => expectInterpretersBits(spec, {})),
    runs(1000),
  );
});

test("so does one in parts, as threads would run them", () => {
  fc.assert(
    fc.property(graphSpec(12), fc.integer({ min: 2, max: 16 }), (spec, threads) =>
      expectInterpretersBits(spec, { threads, grainMicroseconds: 1e-3 }),
    ),
    runs(300),
  );
});

test("and one without vectors, in which there is no vector instruction", () => {
  const ops = vi.spyOn(Code.prototype, "op");
  fc.assert(
    fc.property(graphSpec(12), (spec) => expectInterpretersBits(spec, { simd: "scalar" })),
    runs(300),
  );
  const used = new Set(ops.mock.calls.map(([instruction]) => instruction));
  ops.mockRestore();
  expect(used).toContain("f32.mul");
  expect([...used].filter((instruction) => /^(v128|[if]\d+x\d+)\./.test(instruction))).toEqual([]);
});

test("a lazy graph does as well", () => {
  fc.assert(
    fc.property(graphSpec(6), (spec) => {
      const { args, fn } = makeGraph(spec);
      const expected = withEngine("interpreter", () => evaluate(fn(args)));
      const actual = withEngine("compiler", () => evaluate(fn(args)));
      actual.forEach((data, i) => {
        expectSameBits(data, expected[i]!, `result ${i}`);
      });
    }),
    runs(200),
  );
});

test("every op has a step in the grammar", () => {
  const helpers = ["unify", "reduceTo", "variable", "withGradient"]; // inside the steps that differentiate
  expect(Object.keys(ops).filter((name) => !(name in opSteps) && !helpers.includes(name))).toEqual([]);
});
