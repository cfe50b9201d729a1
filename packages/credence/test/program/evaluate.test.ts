import { grad, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import { fromData } from "../../src/graph/literal.js";
import { evaluate, withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { numbersOf } from "../support/numbers.js";

describe("lazy tensors", () => {
  test("keep their numbers once computed, and forget where these came from", () => {
    const x = tensor([1, 2]);
    const y = x.mul(2).add(1);
    expect(y.source.kind).toBe("op");
    expect(y.toArray()).toEqual([3, 5]);
    expect(y.source.kind).toBe("data");
    expect(y.data()).toBe(y.data());
  });

  test("computed together share what they have in common", () => {
    const base = tensor([1, 2, 3]).exp();
    const [a, b, c] = [base.add(1), base.sub(1), base];
    const found = evaluate([a, b, c, a]);
    expect(found[0]).toBe(found[3]);
    expect([...found[0]!].map((v, i) => v - found[1]![i]!)).toEqual([2, 2, 2]);
  });

  test("keep their inputs while a function is differentiated", () => {
    const slope = grad((x: Tensor) => {
      const y = x.square();
      y.data(); // does not cut the graph
      return y;
    })(tensor(3));
    expect(slope.item()).toBe(6);
  });

  test("of large graphs are compiled, to the same numbers", () => {
    const x = fromData(numbersOf("float32", 20_000, 1, 0), [100, 200], "float32");
    const fn = () => x.mul(2).tanh().exp().sum(1);
    const byWork = fn().data();
    for (const engine of ["interpreter", "compiler"] as const)
      expectSameBits(
        withEngine(engine, () => fn().data()),
        byWork,
        engine,
      );
  });

  test("of one structure use one program, whatever their numbers", () => {
    withEngine("compiler", () => {
      const run = (seed: number) =>
        fromData(numbersOf("float32", 50, seed, 0), [50], "float32")
          .mul(3)
          .sum()
          .item();
      const first = run(1);
      expect(run(2)).not.toBe(first);
      expect(run(1)).toBe(first);
    });
  });

  test("the engine in force is put back, even after an error", () => {
    expect(() => withEngine("compiler", () => tensor([1]).reshape([2]))).toThrow();
    expect(withEngine("interpreter", () => tensor([1]).add(1).item())).toBe(2);
  });
});
