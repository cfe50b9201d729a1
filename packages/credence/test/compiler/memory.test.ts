import { Tensor, tensor } from "credence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Blueprint, makeBlueprint } from "../../src/compiler/blueprint.js";
import { capture } from "../../src/compiler/ir.js";
import { sameShape } from "../../src/graph/shape.js";
import { expectSoundMemory } from "../support/memory.js";
import { graphSpec, makeGraph } from "../support/randomGraph.js";
import { runs } from "../support/runs.js";

function planOf(
  args: readonly Tensor[],
  fn: (args: readonly Tensor[]) => readonly Tensor[],
  donated: ReadonlyMap<number, number>,
): Blueprint {
  const placeholders = args.map((t, index) => new Tensor(t.shape, t.dtype, { kind: "argument", index }));
  return makeBlueprint(capture(fn(placeholders), placeholders).graph, donated);
}

describe("the memory plan", () => {
  test("lets no buffer lie where another is still needed", () => {
    fc.assert(
      fc.property(graphSpec(20), (spec) => {
        const { args, fn } = makeGraph(spec);
        expectSoundMemory(planOf(args, fn, new Map()));
      }),
      runs(150),
    );
  });

  test("nor where results take the place of inputs", () => {
    fc.assert(
      fc.property(graphSpec(20), fc.nat(), (spec, choice) => {
        const { args, fn } = makeGraph(spec);
        // every result that fits an input takes it, beginning with any
        const outputs = fn(args);
        const donated = new Map<number, number>();
        outputs.forEach((output, i) => {
          const slot = args.findIndex((_, j) => {
            const a = args[(j + choice) % args.length]!;
            return (
              a.dtype === output.dtype &&
              sameShape(a.shape, output.shape) &&
              ![...donated.values()].includes((j + choice) % args.length)
            );
          });
          if (slot >= 0) donated.set(i, (slot + choice) % args.length);
        });
        expectSoundMemory(planOf(args, fn, donated));
      }),
      runs(150),
    );
  });

  test("reuses the memory of what is no longer needed", () => {
    const x = tensor(new Float32Array(1000));
    const layers = (n: number) =>
      planOf(
        [x],
        ([t]) => {
          let out = t!.reshape([10, 100]);
          for (let i = 0; i < n; i++) out = out.cumsum(); // each has a buffer of its own
          return [out];
        },
        new Map(),
      ).plan;
    expect(layers(40).bytes).toBe(layers(4).bytes);
    expect(layers(40).liveBytes).toBeLessThanOrEqual(layers(40).bytes);
  });

  test("updates a donated input where it lies, without a copy", () => {
    const x = tensor(new Float32Array(1000));
    const { plan } = planOf([x, x], ([w, g]) => [w!.sub(g!.mul(0.1))], new Map([[0, 0]]));
    expect(plan.copies).toEqual([]);
    expect(plan.bytes).toBe(2 * 4032); // two buffers of 4000 bytes, each up to the next 64
  });

  test("copies where the old value is needed after the new one is known", () => {
    const x = tensor(new Float32Array(1000));
    const { plan } = planOf([x], ([w]) => [w!.cumsum()], new Map([[0, 0]]));
    expect(plan.copies).toHaveLength(1);
  });
});
