import { compile, type Tensor, tensor } from "credence";
import { describe, expect, test } from "vitest";
import { ndtr } from "../../src/ops/index.js";
import { foldIn, gumbel, key, normal, permutation, uniform, uniformOpen } from "../../src/random/index.js";
import { fraction } from "../../src/random/words.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { distanceToCdf, dkw, STANDARD_ERRORS } from "../support/bounds.js";
import { expectCode } from "../support/laws.js";

const samplers = {
  uniform: { draw: uniform, cdf: (x: Tensor) => x },
  uniformOpen: { draw: uniformOpen, cdf: (x: Tensor) => x },
  normal: { draw: normal, cdf: (x: Tensor) => ndtr(x) },
  gumbel: { draw: gumbel, cdf: (x: Tensor) => x.neg().exp().neg().exp() },
};
const N = 40_000;

describe.each(Object.entries(samplers))("%s", (_, { draw, cdf }) => {
  describe.each(["float32", "float64"] as const)("%s", (dtype) => {
    test("follows its law", () => {
      const sorted = [...draw(key(17), [N], { dtype }).data()].sort((a, b) => a - b);
      expect(distanceToCdf(sorted, cdf(tensor(sorted)).data(), false)).toBeLessThan(dkw(N));
    });

    test("gives the same bits on every engine", () => {
      const interpreted = withEngine("interpreter", () => draw(key(3), [7, 9], { dtype }).data());
      expectSameBits(
        withEngine("compiler", () => draw(key(3), [7, 9], { dtype }).data()),
        interpreted,
      );
      expectSameBits(compile((k: Tensor) => draw(k, [7, 9], { dtype }))(key(3)).data(), interpreted);
    });

    test("has the shape and type asked for", () => {
      const t = draw(key(1), [2, 0, 3], { dtype });
      expect([t.shape, t.dtype, t.data().length]).toEqual([[2, 0, 3], dtype, 0]);
      expect(draw(key(1)).shape).toEqual([]);
      expect(draw(key(1)).dtype).toBe("float64");
    });
  });

  test("refuses shapes and types that are none", () => {
    expectCode("shape", () => draw(key(1), [-1]));
    expectCode("dtype", () => draw(key(1), [2], { dtype: "int32" as never }));
  });
});

test("draws are the same for ever", () => {
  const third = (draw: typeof uniform, dtype: "float32" | "float64"): number =>
    draw(key(42), [3], { dtype }).data()[2]!;
  expect([third(uniform, "float32"), third(uniform, "float64")]).toEqual([0.07323169708251953, 0.4685865157388608]);
  expect([third(uniformOpen, "float32"), third(uniformOpen, "float64")]).toEqual([
    0.07323173433542252, 0.4685865183160422,
  ]);
  // these go through functions whose last bit may still get better
  expect(third(normal, "float32")).toBeCloseTo(1.0000499, 6);
  expect(third(normal, "float64")).toBeCloseTo(-0.7109235072851533, 14);
  expect(third(gumbel, "float32")).toBeCloseTo(2.5763416, 6);
  expect(third(gumbel, "float64")).toBeCloseTo(0.4585259491798898, 14);
});

describe("ends of the range", () => {
  const words = (...list: number[]): Tensor[] => list.map((w) => tensor(w | 0, { dtype: "int32" }));

  test("the least and the greatest words stay within (0, 1), and near 0 all bits count", () => {
    expect(fraction(words(0), "float32").item()).toBe(2 ** -33);
    expect(fraction(words(0, 0), "float64").item()).toBe(2 ** -65);
    expect(fraction(words(0, 5), "float64").item()).toBe(5.5 * 2 ** -64);
    expect(fraction(words(0x80000000, 0), "float64").item()).toBe(0.5);
    expect(fraction(words(0x7fffffff, -1), "float64").item()).toBe(0.5); // rounds up
    expect(fraction(words(-1), "float32").item()).toBe(1); // so uniformOpen takes the float before
  });

  test("uniform leaves 1 out", () => {
    for (const dtype of ["float32", "float64"] as const) {
      const t = uniform(key(8), [N], { dtype });
      expect(t.max().item()).toBeLessThan(1);
      expect(t.min().item()).toBeGreaterThanOrEqual(0);
    }
    const multiples = uniform(key(8), [N], { dtype: "float32" }).mul(2 ** 24);
    expect(multiples.eq(multiples.floor()).sum().item()).toBe(N);
  });

  test("normal draws have their tails: as many beyond 3.5 as there should be, and as many on either side", () => {
    const n = 2_000_000;
    const z = normal(key(1), [n], { dtype: "float32" });
    const expected = n * ndtr(tensor(-3.5)).item();
    for (const count of [z.gt(3.5).sum().item(), z.lt(-3.5).sum().item()]) {
      expect(Math.abs(count - expected)).toBeLessThan(STANDARD_ERRORS * Math.sqrt(expected));
    }
    expect(z.abs().max().item()).toBeGreaterThan(4.5); // a maximum below comes once in 10^6 runs, and the key is fixed
  });
});

describe("permutation", () => {
  test.each([0, 1, 2, 10, 1000])("of %i numbers holds each once", (n) => {
    const order = permutation(key(4), n);
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
  });

  test("is the same for ever", () => {
    expect([...permutation(key(42), 10)]).toMatchInlineSnapshot(`
      [
        1,
        3,
        5,
        8,
        4,
        0,
        2,
        6,
        7,
        9,
      ]
    `);
  });

  test("each of the 24 orders of four comes as often", () => {
    const n = 4800;
    const counts = new Map<string, number>();
    for (let i = 0; i < n; i++) {
      const order = permutation(foldIn(key(6), i), 4).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    const p = 1 / 24;
    for (const count of counts.values())
      expect(Math.abs(count - n * p)).toBeLessThan(STANDARD_ERRORS * Math.sqrt(n * p * (1 - p)));
  });

  test("refuses what is no count, and a key that is not known yet", () => {
    expectCode("argument", () => permutation(key(1), -1));
    expectCode("argument", () => permutation(key(1), 2.5));
    expectCode("traced", () => compile((k: Tensor) => tensor(permutation(k, 3)))(key(1)));
  });
});
