import { CredenceError, type Tensor, tensor, tree } from "credence";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { templateOf } from "../../src/graph/template.js";
import { rebuild } from "../../src/graph/tree.js";
import { runs } from "../support/runs.js";

const model = {
  layers: [
    { weight: tensor([1, 2]), bias: 3 },
    { weight: Float32Array.of(4), bias: null },
  ],
  name: "m",
  extra: undefined,
};

class Weights {
  w = tensor(1);
}

describe("leaves", () => {
  test("come by position in arrays, by sorted key in objects, with their paths", () => {
    expect(tree.leaves(model).map((leaf) => leaf.path)).toEqual([
      "layers.0.bias",
      "layers.0.weight",
      "layers.1.weight",
    ]);
    expect(tree.leaves(model).map((leaf) => leaf.tensor.toArray())).toEqual([3, [1, 2], [4]]);
    expect(tree.leaves({ b: 1, a: 2, 10: 3, 9: 4 }).map((leaf) => leaf.path)).toEqual(["10", "9", "a", "b"]);
    expect(tree.leaves(tensor(1)).map((leaf) => leaf.path)).toEqual([""]);
    expect(tree.leaves([]).length + tree.leaves(null).length + tree.leaves("text").length).toBe(0);
  });

  test("may not hide in instances of classes, maps or functions", () => {
    expect(() => tree.leaves({ a: [1, new Weights()] })).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: a tree holds a Weights at a.1.
        allowed: tensors, numbers and typed arrays in arrays and plain objects]
    `);
    expect(() => tree.leaves(new Map())).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: a tree holds a Map.
        allowed: tensors, numbers and typed arrays in arrays and plain objects]
    `);
    expect(() => tree.leaves({ f: () => 1 })).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: a tree holds a function at f.
        allowed: tensors, numbers and typed arrays in arrays and plain objects]
    `);
    expect(() => tree.leaves({ n: 1n })).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: a tree holds a BigInt at n.
        allowed: tensors, numbers and typed arrays in arrays and plain objects]
    `);
    expect(() => templateOf({ a: new Weights() })).toThrow(CredenceError);
    expect(() => templateOf(() => 1)).toThrow(CredenceError);
  });

  test("objects without a prototype are plain", () => {
    expect(tree.leaves(Object.assign(Object.create(null), { a: 1 }))).toHaveLength(1);
  });
});

describe("map", () => {
  test("keeps nesting, texts and blanks", () => {
    const doubled = tree.map((t) => t.mul(2), model);
    expect(doubled.layers[0]!.weight.toArray()).toEqual([2, 4]);
    expect((doubled.layers[0]!.bias as unknown as Tensor).item()).toBe(6);
    expect([doubled.name, doubled.layers[1]!.bias, doubled.extra]).toEqual(["m", null, undefined]);
  });

  test("goes over several trees at once", () => {
    expect(tree.map((a, b) => a.sub(b), { x: 5, y: [1] }, { y: [2], x: 3 }).y[0]!.item()).toBe(-1);
  });

  test("refuses trees with other leaves", () => {
    expect(() => tree.map((a, b) => a.add(b), { x: 5 }, { y: 3 })).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: tree.map: trees with different leaves: x and y.
        allowed: the same nesting in each]
    `);
    expect(() => tree.map((a, b) => a.add(b), [1, 2], [1])).toThrow(CredenceError);
  });
});

describe("any tree", () => {
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.integer(),
      fc.constantFrom(null, undefined, "text", "a.b", ""),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(
        fc.string({ maxLength: 3 }).filter((key) => key !== "__proto__"),
        tie("any"),
        { maxKeys: 3, noNullPrototype: true },
      ),
    ),
  }));

  test("is rebuilt from its leaves", () => {
    fc.assert(
      fc.property(any, (value) => {
        const leaves = tree.leaves(value);
        const numbers = leaves.map((leaf) => leaf.tensor.item());
        expect(rebuild(value, numbers)).toEqual(value);
        let next = 0;
        expect(templateOf(value).build(() => numbers[next++])).toEqual(value);
      }),
      runs(200),
    );
  });

  test("has the same leaves by its template, which tells it from others", () => {
    fc.assert(
      fc.property(any, any, (a, b) => {
        const [left, right]: [Tensor[], Tensor[]] = [[], []];
        expect(templateOf(a).collect(a, left)).toBe(true);
        const same = templateOf(a).collect(b, []);
        templateOf(b).collect(b, right);
        expect(left.map((t) => t.item())).toEqual(tree.leaves(a).map((leaf) => leaf.tensor.item()));
        const blank = (value: unknown) =>
          rebuild(
            value,
            left.concat(right).map(() => 0),
          );
        // with all numbers alike, trees of one text are equal, and of different texts are not
        if (same) expect(blank(a)).toStrictEqual(blank(b));
        else expect(blank(a)).not.toStrictEqual(blank(b));
      }),
      runs(300),
    );
  });
});
