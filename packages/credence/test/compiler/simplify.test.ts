import { matmul, Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import { makeBlueprint } from "../../src/compiler/blueprint.js";
import { capture, type IrGraph } from "../../src/compiler/ir.js";
import { simplify } from "../../src/compiler/simplify.js";
import type { Shape } from "../../src/graph/shape.js";
import * as ops from "../../src/ops/index.js";

const argument = (index: number, ...shape: number[]): Tensor =>
  new Tensor(shape, "float32", { kind: "argument", index });

/** The simplified graph of `fn`, a name a node; inputs by their slot. */
function simplified(
  fn: (...args: Tensor[]) => readonly Tensor[],
  ...shapes: Shape[]
): { graph: IrGraph; names: string[] } {
  const placeholders = shapes.map((shape, index) => argument(index, ...shape));
  const graph = simplify(capture(fn(...placeholders), placeholders).graph);
  const names = graph.nodes.map(({ what }) =>
    what.kind === "input" ? `input ${what.slot}` : what.kind === "constant" ? `${[...what.data]}` : what.name,
  );
  return { graph, names };
}

describe("simplify", () => {
  test("merges equal nodes", () => {
    const { graph, names } = simplified((x) => [x!.exp(), x!.exp(), x!.exp().add(x!.exp())], [3]);
    expect(names).toEqual(["input 0", "exp", "add"]);
    expect(graph.outputs.map((o) => o.id)).toEqual([1, 1, 2]);
  });

  test("tells nodes apart by shape, type and attributes", () => {
    expect(simplified((x) => [x!.sum(0), x!.sum(1)], [2, 2]).names.filter((n) => n === "reduce")).toHaveLength(2);
    expect(simplified((x) => [x!.cast("int32"), x!.cast("bool")], [2]).names.filter((n) => n === "cast")).toHaveLength(
      2,
    );
    expect(simplified((x) => [x!.mul(0), x!.mul(-0)], [2]).names.filter((n) => n === "mul")).toHaveLength(2);
    expect(
      simplified((x) => [x!.slice(0, 0, 1), x!.slice(0, 1, 2)], [2]).names.filter((n) => n === "slice"),
    ).toHaveLength(2);
  });

  test("computes what depends on constants alone", () => {
    expect(simplified((x) => [x!.mul(tensor(2).mul(3).add(1))], [3]).names).toEqual(["input 0", "7", "mul"]);
  });

  test("drops what changes no bit, and nothing else", () => {
    expect(simplified((x) => [x!.mul(1).div(1).add(tensor(1).mul(x!))], [3]).names).toEqual(["input 0", "add"]);
    expect(simplified((x) => [ops.stopGradient(x!).reshape([3])], [3]).names).toEqual(["input 0"]);
    expect(simplified((x) => [x!.add(0)], [3]).names).toContain("add"); // -0 + 0 is 0
    expect(simplified((x) => [x!.sub(x!)], [3]).names).toContain("sub"); // ∞ - ∞ is NaN
    expect(simplified((x) => [x!.mul(tensor([[1]]))], [3]).names).toContain("mul"); // the shape changes
  });

  test("reads transposed operands of a product where they lie", () => {
    const { graph, names } = simplified((x, y) => [matmul(x!.transpose(), y!.transpose())], [3, 2], [4, 3]);
    expect(names).toEqual(["input 0", "input 1", "matmul"]);
    expect(graph.outputs[0]!.attrs).toEqual({ transA: true, transB: true });
    expect(simplified((x, y) => [matmul(x!.transpose([2, 1, 0]), y!)], [3, 2, 4], [4, 3, 2]).names).toContain(
      "transpose",
    );
  });

  test("makes one of several reshapes", () => {
    expect(simplified((x) => [x!.reshape([6]).reshape([3, 2])], [2, 3]).names).toEqual(["input 0", "reshape"]);
  });

  test("forgets what no result needs, but no input", () => {
    expect(simplified((x) => [x!.exp(), x!.neg()].slice(1), [3], [5]).names).toEqual(["input 0", "input 1", "neg"]);
  });
});

describe("blueprints", () => {
  const blueprint = (fn: (x: Tensor) => Tensor, shape: number[], donated = new Map<number, number>()) => {
    const x = argument(0, ...shape);
    return makeBlueprint(capture([fn(x)], [x]).graph, donated);
  };

  test("are shared by graphs of one structure", () => {
    expect(blueprint((x) => x.mul(2).exp(), [4])).toBe(blueprint((x) => x.mul(2).exp(), [4]));
  });

  test("differ by shapes, constants, ops and donated inputs", () => {
    const base = blueprint((x) => x.mul(2).exp(), [4]);
    expect(blueprint((x) => x.mul(2).exp(), [5])).not.toBe(base);
    expect(blueprint((x) => x.mul(3).exp(), [4])).not.toBe(base);
    expect(blueprint((x) => x.mul(2).tanh(), [4])).not.toBe(base);
    expect(blueprint((x) => x.mul(2).exp(), [4], new Map([[0, 0]]))).not.toBe(base);
  });
});
