import { compile, grad, type Tensor, tensor, whileLoop } from "credence";
import { describe, expect, test } from "vitest";
import { withEngine } from "../../src/tensor/evaluate.js";
import { refusal } from "../support/refused.js";

/** Square roots by Newton's iteration; the state counts its steps. */
function roots(x: Tensor, limit = 60): { y: Tensor; steps: Tensor } {
  return whileLoop(
    ({ y }) => y.square().sub(x).abs().div(x).max().gt(1e-12),
    ({ y, steps }) => ({ y: y.add(x.div(y)).mul(0.5), steps: steps.add(1) }),
    { y: x.mul(0).add(1), steps: tensor(0, { dtype: "int32" }) },
    { limit },
  );
}

describe.each(["interpreter", "compiler"] as const)("whileLoop on the %s", (engine) => {
  test("goes on while the condition holds", () => {
    withEngine(engine, () => {
      const { y, steps } = roots(tensor([2, 9, 1e4, 0.25]));
      const found = y.data();
      // Newton's last step squares an error of 1e-12 at most, so only rounding is left
      [Math.SQRT2, 3, 100, 0.5].forEach((root, i) => {
        expect(Math.abs(found[i]! - root)).toBeLessThanOrEqual(4e-16 * root);
      });
      expect(steps.item()).toBeGreaterThan(5);
      expect(steps.item()).toBeLessThan(20);
    });
  });

  test("ends at the limit, and does nothing if the condition fails at once", () => {
    withEngine(engine, () => {
      expect(roots(tensor([2]), 3).steps.item()).toBe(3);
      expect(roots(tensor([2]), 0).steps.item()).toBe(0);
      expect(roots(tensor([1])).steps.item()).toBe(0);
    });
  });
});

test("runs inside compiled functions, on arguments that change", () => {
  const compiled = compile((x: Tensor) => roots(x));
  const bits = (x: Tensor) => withEngine("interpreter", () => Array.from(roots(x).y.data()));
  for (const values of [
    [2, 3],
    [50, 0.1],
    [1, 1],
  ]) {
    const { y, steps } = compiled(tensor(values));
    expect(Array.from(y.data())).toEqual(bits(tensor(values)));
    expect(steps.item()).toBe(withEngine("interpreter", () => roots(tensor(values)).steps.item()));
  }
});

test("is compiled once, whatever the limit", () => {
  const size = (limit: number): string => {
    const compiled = compile((x: Tensor) => roots(x, limit));
    compiled(tensor([2, 9]));
    return /(\d+) nodes in (\d+) kernels/.exec(compiled.plan())![0];
  };
  expect(size(100_000)).toBe(size(2));
});

test("refuses gradients, conditions that are no bool scalar, and limits", () => {
  expect(refusal(() => grad((x: Tensor) => roots(x).y.sum())(tensor([2])))).toMatchInlineSnapshot(`
    "whileLoop: it has no gradient, since the number of its steps depends on numbers.
      mend:    use scan with a fixed number of steps, or give the result a gradient with customGradient
      at:      whileLoop.test.ts"
  `);
  expect(
    refusal(() =>
      whileLoop(
        (x: Tensor) => x.gt(0),
        (x) => x.sub(1),
        tensor([3, 4]),
        { limit: 9 },
      ),
    ),
  ).toMatchInlineSnapshot(`
    "whileLoop: the condition is bool of shape [2].
      allowed: a bool scalar
      mend:    compare and reduce: x.abs().max().gt(1e-6)
      at:      whileLoop.test.ts"
  `);
  expect(
    refusal(() =>
      whileLoop(
        (x: Tensor) => x.gt(0),
        (x) => x.sub(1),
        tensor(3),
        { limit: -1 },
      ),
    ),
  ).toMatchInlineSnapshot(`
    "whileLoop: limit is -1.
      allowed: a whole number from 0 to 2^31 - 1"
  `);
});
