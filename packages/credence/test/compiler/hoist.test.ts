import { grad, matmul, scan, Tensor } from "credence";
import { describe, expect, test } from "vitest";
import { makeBlueprint } from "../../src/compiler/blueprint.js";
import { capture } from "../../src/compiler/ir.js";
import type { Kernel } from "../../src/compiler/kernel.js";
import type { Shape } from "../../src/graph/shape.js";

/** The kernels of `fn` by their kinds; those of a loop's body in brackets. */
function kernels(fn: (...args: Tensor[]) => readonly Tensor[], ...shapes: Shape[]): string {
  const args = shapes.map((shape, index) => new Tensor(shape, "float32", { kind: "argument", index }));
  const show = (list: readonly Kernel[]): string =>
    list.map((kernel) => (kernel.kind === "scan" ? `scan(${show(kernel.body.kernels)})` : kernel.kind)).join(" ");
  return show(makeBlueprint(capture(fn(...args), args).graph, new Map()).plan.kernels);
}

describe("right operands of products", () => {
  test("are packed once for all products that read them alike", () => {
    const twice = (x: Tensor, y: Tensor, w: Tensor) => [matmul(x, w), matmul(y, w)];
    expect(kernels((x, y, w) => twice(x!, y!, w!), [130, 4], [140, 4], [4, 5])).toBe("pack matmul matmul");
    const acrossAndAlong = (x: Tensor, y: Tensor, w: Tensor) => [matmul(x, w), matmul(y, w.transpose())];
    expect(kernels((x, y, w) => acrossAndAlong(x!, y!, w!), [130, 4], [9, 5], [4, 5])).toBe("pack matmul pack matmul");
  });

  test("are read in place by products of few rows, unless they are transposed or large", () => {
    const product = (x: Tensor, w: Tensor) => [matmul(x, w)];
    expect(kernels((x, w) => product(x!, w!), [3, 4], [4, 5])).toBe("matmul");
    expect(kernels((x, w) => product(x!, w!), [128, 4], [4, 5])).toBe("matmul");
    expect(kernels((x, w) => product(x!, w!.transpose()), [3, 4], [5, 4])).toBe("pack matmul");
    expect(kernels((x, w) => product(x!, w!), [32, 256], [256, 256])).toBe("matmul");
    expect(kernels((x, w) => product(x!, w!), [32, 256], [256, 257])).toBe("pack matmul");
  });

  test("and vectors by matrices, however they lie", () => {
    const product = (x: Tensor, w: Tensor) => [matmul(x, w)];
    expect(kernels((x, w) => product(x!, w!.transpose()), [1, 400], [500, 400])).toBe("matmul");
    expect(kernels((x, w) => product(x!.transpose(), w!), [400, 500], [400, 1])).toBe("matmul");
  });
});

describe("left operands of products", () => {
  test("are packed where their columns lie side by side, for results of some columns", () => {
    const product = (x: Tensor, y: Tensor) => [matmul(x.transpose(), y)];
    expect(kernels((x, y) => product(x!, y!), [4, 8], [4, 9])).toBe("pack matmul");
    expect(kernels((x, y) => product(x!, y!), [4, 8], [4, 8])).toBe("matmul");
  });
});

describe("weights of a scan are packed before it", () => {
  const steps = (fn: (state: Tensor, x: Tensor) => Tensor, init: Tensor, xs: Tensor): Tensor[] => {
    const [state, ys] = scan((s: Tensor, x: Tensor) => [fn(s, x), s] as const, init, xs);
    return [state, ys];
  };

  test("once for all bodies", () => {
    const chain = (init: Tensor, xs: Tensor, w: Tensor) => {
      const [, ys] = steps((s, x) => matmul(s, w).add(x), init, xs);
      return steps((s, x) => matmul(s.mul(x), w), init, ys!);
    };
    expect(kernels((s, xs, w) => chain(s!, xs!, w!), [8, 4], [3, 8, 4], [4, 4])).toBe(
      "pack scan(matmul) scan(loop matmul)",
    );
  });

  test("on the way back as well", () => {
    const gradient = grad((w: Tensor, s: Tensor, xs: Tensor) =>
      steps((h, x) => matmul(h, w).tanh().add(x), s, xs)[0]!.sum(),
    );
    const text = kernels((w, s, xs) => [gradient(w!, s!, xs!)], [4, 4], [8, 4], [3, 8, 4]);
    expect(text.split("scan")[0]).toContain("pack");
    // of the gradient's products none is left in the body: what changes in each step is read in place
    expect(text.match(/pack/g)).toHaveLength(2);
  });

  test("out of all loops around it", () => {
    const nested = (s: Tensor, xs: Tensor, w: Tensor) =>
      steps((h, x) => steps((g, y) => matmul(g, w).add(y), h, x)[0]!, s, xs);
    expect(kernels((s, xs, w) => nested(s!, xs!, w!), [8, 4], [3, 2, 8, 4], [4, 4])).toMatch(/^pack scan\((?!.*pack)/);
  });
});
