import { CredenceError, compile, grad, matmul, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import { makeBlueprint } from "../../src/compiler/blueprint.js";
import { emitKernel } from "../../src/compiler/emit/emit.js";
import { ModuleBuilder } from "../../src/compiler/emit/moduleBuilder.js";
import { fixed } from "../../src/compiler/emit/place.js";
import { currentEngine } from "../../src/compiler/engine.js";
import { capture } from "../../src/compiler/ir.js";
import type { Code } from "../../src/compiler/wasm/assembler.js";
import { Tensor as Node } from "../../src/graph/tensor.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { weightsLike } from "../support/finiteDifference.js";
import { refusal } from "../support/refused.js";

const floats = (...values: number[]): Tensor => tensor(Float32Array.from(values));
const list = (t: Tensor): number[] => [...t.data()];

describe("arguments", () => {
  test("of new shapes, types or texts are traced anew, of known ones not", () => {
    let traces = 0;
    const double = compile((x: Tensor, mode: string) => {
      traces++;
      return mode === "half" ? x.div(2) : x.mul(2);
    });
    expect(list(double(floats(1, 2), "double"))).toEqual([2, 4]);
    expect(list(double(floats(3, 4), "double"))).toEqual([6, 8]);
    expect(traces).toBe(1);
    expect(list(double(floats(1, 2, 3), "double"))).toEqual([2, 4, 6]);
    expect(list(double(tensor([1, 2]), "double"))).toEqual([2, 4]);
    expect(list(double(floats(3, 4), "half"))).toEqual([1.5, 2]);
    expect(list(double(floats(5, 6), "double"))).toEqual([10, 12]);
    expect(traces).toBe(4);
  });

  test("given again are not copied again; others are", () => {
    const sum = compile((x: Tensor, y: Tensor) => x.add(y));
    const [a, b] = [floats(1), floats(2)];
    expect(
      [
        [a, b],
        [a, b],
        [b, b],
        [b, a],
        [a, a],
      ].map(([x, y]) => sum(x!, y!).item()),
    ).toEqual([3, 3, 4, 3, 2]);
  });

  test("given again lie in the program already", () => {
    const double = compile((x: Tensor) => x.mul(2));
    const x = floats(1);
    double(x);
    x.data()[0] = 50; // against the rules, and unseen: nothing is read
    expect(double(x).item()).toBe(2);
    expect(double(floats(50)).item()).toBe(100);
  });

  test("may be numbers, lists, typed arrays and lazy tensors in any tree", () => {
    const weigh = compile(({ rows }: { rows: (Tensor | number)[] }, by: Tensor | number) =>
      (rows as Tensor[]).map((r) => r.mul(by).sum()).reduce((p, q) => p.add(q)),
    );
    expect(weigh({ rows: [floats(1, 2), tensor([3]).mul(2), 4] }, 10).item()).toBe(130);
  });

  test("that are not used, or have no elements, do no harm", () => {
    const first = compile((x: Tensor, _unused: Tensor, none: Tensor) => [x.add(1), none.sum(), none.mul(2)] as const);
    const [a, b, c] = first(floats(1), floats(2), tensor(new Float32Array(0)));
    expect([list(a), b.item(), c.shape]).toEqual([[2], 0, [0]]);
  });

  test("may be none", () => {
    expect(compile(() => tensor([1, 2]).mul(3))().toArray()).toEqual([3, 6]);
  });
});

describe("results", () => {
  test("are trees, and may hold arguments, constants and one tensor twice", () => {
    const fn = compile((x: Tensor) => {
      const y = x.mul(2);
      return { same: x, twice: [y, y], constant: tensor([7, 8]), number: 9, text: "t", nothing: null };
    });
    const out = fn(floats(1));
    expect([
      list(out.same),
      out.twice.map(list),
      list(out.constant),
      (out.number as unknown as Tensor).item(),
      out.text,
      out.nothing,
    ]).toEqual([[1], [[2], [2]], [7, 8], 9, "t", null]);
  });

  test("of one call are not changed by the next", () => {
    const fn = compile((x: Tensor) => [x.mul(2), x] as const);
    const [y, x] = fn(floats(1));
    fn(floats(5));
    expect([list(y), list(x)]).toEqual([[2], [1]]);
  });

  test("see what the function holds: large and small, given once", () => {
    const [large, small] = [tensor(Float32Array.from({ length: 100 }, (_, i) => i)), floats(1, 2)];
    const fn = compile((x: Tensor) => [large.mul(x).sum(), small.mul(x).sum()] as const);
    expect(fn(floats(2)).map((t) => t.item())).toEqual([9900, 6]);
    expect(fn(floats(3)).map((t) => t.item())).toEqual([14850, 9]);
  });
});

describe("a function that looks at its arguments' numbers", () => {
  test("is refused in words", () => {
    const branch = compile((x: Tensor) => (x.sum().item() > 0 ? x : x.neg()));
    expect(refusal(() => branch(floats(1, 2)))).toMatchInlineSnapshot(`
      "item: sum of shape [] depends on argument 0 of compiled function (shape [2]), which has no numbers while the function is traced.
        allowed: tensor operations; neither shapes nor branches may depend on numbers
        mend:    use where() instead of if, or compute this outside of the function
        at:      compile.test.ts"
    `);
    expect(() => compile((x: Tensor) => tensor(list(x)))(floats(1))).toThrow(CredenceError);
  });

  test("may look at others", () => {
    const held = tensor([1, 2]).mul(2);
    expect(list(compile((x: Tensor) => x.mul(held.sum().item()))(floats(1)))).toEqual([6]);
  });
});

describe("large graphs", () => {
  const kernelBytes = (fn: (...args: Tensor[]) => readonly Tensor[], args: readonly Tensor[]): number[] => {
    const placeholders = args.map((t, index) => new Node(t.shape, t.dtype, { kind: "argument", index }));
    const { plan } = makeBlueprint(capture(fn(...placeholders), placeholders).graph, new Map());
    return plan.kernels
      .map((kernel) => emitKernel(kernel, (node) => fixed(plan.offsets.get(node)!), new ModuleBuilder(currentEngine())))
      .map((code: Code) => code.encode().length);
  };
  /** Engines compile longer functions slowly, or not at all with their best compiler. */
  const LARGEST = 64 * 1024;

  test("a network of 100 layers, differentiated, equals the interpreter in functions of less than 64 KB", () => {
    const x = weightsLike(tensor(new Float64Array(24), { shape: [3, 8] })).cast("float32");
    const weights = Array.from({ length: 100 }, (_, i) =>
      weightsLike(tensor(new Float64Array(64), { shape: [8, 8] }), i)
        .sub(1)
        .cast("float32"),
    );
    const loss = (w: Tensor[], input: Tensor): Tensor => {
      let h = input;
      for (const layer of w) h = matmul(h, layer).tanh().add(h.mul(0.1));
      return h.square().mean();
    };
    const step = (w: Tensor[], input: Tensor): Tensor[] => grad(loss)(w, input);
    const expected = withEngine("interpreter", () => step(weights, x).map((t) => t.data()));
    compile(step)(weights, x).forEach((t, i) => {
      expectSameBits(t.data(), expected[i]!, `layer ${i}`);
    });
    expect(Math.max(...kernelBytes((input, ...w) => step(w, input!), [x, ...weights]))).toBeLessThan(LARGEST);
  });

  test.each([
    ["5000 additions", 5000, (x: Tensor) => x.mul(0.5).add(1), "float32"],
    ["500 tanh", 500, (x: Tensor) => x.tanh(), "float64"],
    ["300 steps with two uses", 300, (x: Tensor) => x.mul(x.sigmoid()).add(1), "float64"],
  ] as const)("a chain of %s compiles, in small functions", (_, length, step, dtype) => {
    const x = tensor([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]).cast(dtype);
    const chain = (t: Tensor): Tensor => Array.from({ length }).reduce<Tensor>((y) => step(y), t);
    const expected = withEngine("interpreter", () => chain(x).data());
    expectSameBits(compile(chain)(x).data(), expected);
    expect(Math.max(...kernelBytes((t) => [chain(t!)], [x]))).toBeLessThan(LARGEST);
  });

  test("many results of one shape are spread over several functions", () => {
    const x = floats(0.1, 0.2, 0.3, 0.4, 0.5);
    const fan = (t: Tensor): Tensor[] => Array.from({ length: 200 }, (_, i) => t.mul(i).erf().softplus());
    const expected = withEngine("interpreter", () => fan(x).map((t) => t.data()));
    compile(fan)(x).forEach((t, i) => {
      expectSameBits(t.data(), expected[i]!);
    });
    expect(Math.max(...kernelBytes((t) => fan(t!), [x]))).toBeLessThan(LARGEST);
  });
});
