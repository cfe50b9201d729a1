import { compile } from "credence";
import fc from "fast-check";
import { expect, test } from "vitest";
import * as ops from "../../src/ops/index.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { opSteps } from "../support/grammar.js";
import { graphSpec, makeGraph } from "../support/randomGraph.js";
import { runs } from "../support/runs.js";

test("a compiled graph gives the interpreter's bits", () => {
  fc.assert(
    fc.property(graphSpec(12), (spec) => {
      const { args, fn } = makeGraph(spec);
      const roots = fn(args);
      const expected = withEngine("interpreter", () => evaluate(roots));
      const actual = compile(fn, { name: "graph" })(args);
      actual.forEach((tensor, i) => {
        expect(tensor.shape).toEqual(roots[i]!.shape);
        expect(tensor.dtype).toBe(roots[i]!.dtype);
        expectSameBits(tensor.data(), expected[i]!, `result ${i}`);
      });
    }),
    runs(1000),
  );
});

test("so does a lazy graph", () => {
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
