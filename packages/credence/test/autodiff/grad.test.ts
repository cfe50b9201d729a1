import { customGradient, grad, stopGradient, type Tensor, tensor, valueAndGrad } from "credence";
import { describe, expect, test } from "vitest";
import { refusal } from "../support/refused.js";

describe("grad", () => {
  test("is taken with respect to the first argument, a tree", () => {
    const loss = ({ w, b }: { w: Tensor[]; b: Tensor }, x: Tensor) => w[0]!.mul(x).add(w[1]!).mul(b).sum();
    const [value, slope] = valueAndGrad(loss)({ w: [tensor(2), tensor(3)], b: tensor([1, 1]) }, tensor([1, 10]));
    expect(value.item()).toBe(28);
    expect(slope.w.map((t) => t.toArray())).toEqual([11, 2]);
    expect(slope.b.toArray()).toEqual([5, 23]);
  });

  test("takes numbers and typed arrays as leaves", () => {
    expect(grad((x: Tensor) => x.mul(x))(tensor(3)).item()).toBe(6);
    const [slope] = grad(([x]: [Tensor]) => x.square().sum())([tensor(new Float32Array([1, 2]))]);
    expect(slope!.toArray()).toEqual([2, 4]);
  });

  test("is 0, of the argument's shape and type, where the value does not depend on it", () => {
    const slope = grad((p: { used: Tensor; not: Tensor }) => p.used.sum())({
      used: tensor([1]),
      not: tensor(new Float32Array(3)),
    });
    expect([slope.not.shape, slope.not.dtype, slope.not.toArray()]).toEqual([[3], "float32", [0, 0, 0]]);
  });

  test("is 1 where the value is the argument itself", () => {
    expect(grad((x: Tensor) => x)(tensor(5)).item()).toBe(1);
  });

  test("adds up what flows back along every way", () => {
    const slope = grad((x: Tensor) => Array.from({ length: 1000 }, (_, i) => x.mul(i)).reduce((a, b) => a.add(b)))(
      tensor(1),
    );
    expect(slope.item()).toBe(499500);
  });

  test("goes through chains as long as one likes", () => {
    const chain = (x: Tensor): Tensor => {
      let y = x;
      for (let i = 0; i < 20_000; i++) y = y.add(1);
      return y;
    };
    expect(grad(chain)(tensor(0)).item()).toBe(1);
  });

  test("does not pass stopGradient", () => {
    expect(grad((x: Tensor) => x.mul(stopGradient(x)))(tensor(3)).item()).toBe(3);
  });

  test("sums over what was broadcast", () => {
    const slope = grad((p: Tensor[]) => p[0]!.mul(p[1]!).sum())([tensor([[1], [2]]), tensor([10, 20, 30])]);
    expect(slope.map((t) => t.toArray())).toEqual([
      [[60], [60]],
      [3, 3, 3],
    ]);
  });

  test("finds the argument again after the function has looked at numbers", () => {
    const fn = (x: Tensor): Tensor => {
      const y = x.mul(2);
      return y.item() > 0 ? y.square() : y; // plain JavaScript may branch while differentiating
    };
    expect(grad(fn)(tensor(3)).item()).toBe(24);
    expect(grad(fn)(tensor(-3)).item()).toBe(2);
  });

  test("leaves the graph lazy and its arguments unharmed", () => {
    const x = tensor([1, 2]);
    const lazy = x.mul(3);
    const slope = grad((y: Tensor) => y.mul(lazy).sum())(x);
    expect([slope.toArray(), x.toArray(), lazy.toArray()]).toEqual([
      [3, 6],
      [1, 2],
      [3, 6],
    ]);
  });

  test("refuses what has no gradient", () => {
    expect(refusal(() => grad((x: Tensor) => x.mul(2))(tensor([1, 2])))).toMatchInlineSnapshot(`
      "grad: the function's value has shape [2].
        allowed: a scalar
        mend:    return its .sum() or .mean()
        at:      grad.test.ts"
    `);
    expect(refusal(() => grad((x: Tensor) => x.argmax())(tensor([1, 2])))).toMatchInlineSnapshot(`
      "grad: the function's value is int32.
        allowed: float32 or float64
        at:      grad.test.ts"
    `);
    expect(
      refusal(() => grad((p: { n: Tensor }) => p.n.sum())({ n: tensor(new Int32Array(2)) })),
    ).toMatchInlineSnapshot(`
      "grad: the first argument at n is int32.
        allowed: float32 or float64
        mend:    convert it with .cast("float32")
        at:      grad.test.ts"
    `);
  });
});

describe("customGradient", () => {
  const clipped = customGradient(
    (x: Tensor) => x.square(),
    (dy, x: Tensor) => [dy.mul(x.mul(2).minimum(1))],
  );

  test("replaces the derivative, once and twice", () => {
    expect(grad((x: Tensor) => clipped(x))(tensor(0.25)).item()).toBe(0.5);
    expect(grad((x: Tensor) => clipped(x))(tensor(3)).item()).toBe(1);
    expect(grad((x: Tensor) => grad((y: Tensor) => clipped(y))(x))(tensor(0.25)).item()).toBe(2);
  });

  test("may answer null, and gradients that broadcast", () => {
    const fn = customGradient(
      (x: Tensor, y: Tensor) => x.add(y),
      (dy) => [dy.sum().reshape([1, 1]), null],
    );
    const [x, y] = grad((p: Tensor[]) => fn(p[0]!, p[1]!).sum())([
      tensor([
        [1, 2],
        [3, 4],
      ]),
      tensor(1),
    ]);
    expect([x!.toArray(), y!.toArray()]).toEqual([
      [
        [4, 4],
        [4, 4],
      ],
      0,
    ]);
  });

  test("refuses rules of another length or shape", () => {
    const short = customGradient(
      (x: Tensor, y: Tensor) => x.add(y),
      (dy) => [dy],
    );
    expect(refusal(() => grad((x: Tensor) => short(x, 1))(tensor(1)))).toMatchInlineSnapshot(`
      "customGradient: a rule that answers 1 gradients for 2 arguments.
        allowed: one an argument; null where there is none
        at:      grad.test.ts"
    `);
    const odd = customGradient(
      (x: Tensor) => x.sum(),
      () => [tensor([1, 2, 3])],
    );
    expect(refusal(() => grad((x: Tensor) => odd(x))(tensor([1, 2])))).toMatchInlineSnapshot(`
      "customGradient: gradient and input: shapes [3] and [2] do not broadcast.
        allowed: trailing sizes that are equal, or 1
        mend:    reshape one of them, or expand it with .expandDims(axis)
        at:      grad.test.ts"
    `);
  });
});
