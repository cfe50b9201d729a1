import { compile } from "credence";
import fc from "fast-check";
import { expect, test } from "vitest";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
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
    runs(400),
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
    runs(100),
  );
});
