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
    expect(kernels((x, y, w) => twice(x!, y!, w!), [8, 4], [9, 4], [4, 5])).toBe("pack matmul matmul");
    const acrossAndAlong = (x: Tensor, y: Tensor, w: Tensor) => [matmul(x, w), matmul(y, w.transpose())];
    expect(kernels((x, y, w) => acrossAndAlong(x!, y!, w!), [8, 4], [9, 5], [4, 5])).toBe("pack matmul pack matmul");
  });

  test("are read in place by products of few rows, unless they are transposed", () => {
    expect(kernels((x, w) => [matmul(x!, w!)], [3, 4], [4, 5])).toBe("matmul");
    expect(kernels((x, w) => [matmul(x!, w!.transpose())], [3, 4], [5, 4])).toBe("pack matmul");
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
      "pack scan(matmul loop) scan(loop matmul)",
    );
  });

  test("on the way back as well", () => {
    const gradient = grad((w: Tensor, s: Tensor, xs: Tensor) =>
      steps((h, x) => matmul(h, w).tanh().add(x), s, xs)[0]!.sum(),
    );
    const text = kernels((w, s, xs) => [gradient(w!, s!, xs!)], [4, 4], [8, 4], [3, 8, 4]);
    expect(text.split("scan")[0]).toContain("pack");
    // what is left in the body: the panels of the state's gradient, which changes
    expect(text.match(/pack/g)).toHaveLength(3);
  });

  test("out of all loops around it", () => {
    const nested = (s: Tensor, xs: Tensor, w: Tensor) =>
      steps((h, x) => steps((g, y) => matmul(g, w).add(y), h, x)[0]!, s, xs);
    expect(kernels((s, xs, w) => nested(s!, xs!, w!), [8, 4], [3, 2, 8, 4], [4, 4])).toMatch(/^pack scan\((?!.*pack)/);
  });
});
