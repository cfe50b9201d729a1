import { concat, grad, logSoftmax, logSumExp, maximum, minimum, type Tensor, tensor, where } from "credence";
import { describe, expect, test } from "vitest";
import { quietGradient } from "../../src/ops/index.js";

const slope = (fn: (x: Tensor) => Tensor, ...at: number[]): number[] => [
  ...grad((x: Tensor) => fn(x).sum())(tensor(at)).data(),
];
/** d²/dx² at one point. */
const curvature = (fn: (x: Tensor) => Tensor, at: number): number =>
  grad((x: Tensor) => grad(fn)(x))(tensor(at)).item();
const inf = Number.POSITIVE_INFINITY;

describe("a branch that where does not take sends nothing back", () => {
  const cases: Record<string, [(x: Tensor) => Tensor, at: number, taken: number]> = {
    "1 / x at 0": [(x) => where(x.ne(0), tensor(1).div(x), x.mul(3)), 0, 3],
    "x / y at y = 0": [(x) => where(x.ne(0), x.div(x), x), 0, 1],
    "log of 0": [(x) => where(x.gt(0), x.log(), x), 0, 1],
    "log of a negative number": [(x) => where(x.gt(0), x.log(), x), -1, 1],
    "log1p at -1": [(x) => where(x.gt(-1), x.log1p(), x), -1, 1],
    "0 log 0": [(x) => where(x.gt(0), x.mul(x.log()), 0), 0, 0],
    "sqrt at 0": [(x) => where(x.gt(0), x.sqrt(), x), 0, 1],
    "sqrt of a negative number": [(x) => where(x.gt(0), x.sqrt(), x), -4, 1],
    "exp that overflows": [(x) => where(x.lt(700), x.exp(), x), 1000, 1],
    "expm1 that overflows": [(x) => where(x.lt(700), x.expm1(), x), 1000, 1],
    "square that overflows": [(x) => where(x.lt(2), x.square(), x), 1e200, 1],
    "product with infinity": [(x) => where(x.lt(2), x.mul(inf), x), 3, 1],
    "NaN from outside": [(x) => where(x.lt(2), x.mul(Number.NaN).tanh().erf().sigmoid().softplus(), x), 3, 1],
    "log-sum-exp of NaN": [(x) => where(x.lt(2), logSumExp(concat([x.mul(Number.NaN), x]), 0), x), 3, 1],
    "log-softmax of NaN": [(x) => where(x.lt(2), logSoftmax(concat([x.mul(Number.NaN), x])).sum(), x), 3, 1],
    "max of NaN": [(x) => where(x.lt(2), concat([x.mul(Number.NaN), x]).max(), x), 3, 1],
  };
  test.each(Object.entries(cases))("%s", (_, [fn, at, taken]) => {
    expect(slope(fn, at)).toEqual([taken]);
    expect(slope((x) => fn(x).mul(fn(x)), at).map(Number.isNaN)).toEqual([false]);
    expect(curvature((x) => fn(x.reshape([1])).sum(), at)).not.toBeNaN();
  });
});

describe("where nothing flows back", () => {
  test("the gradient is 0 at the poles of log, sqrt and division", () => {
    expect(slope((x) => x.sqrt().mul(0), 0)).toEqual([0]);
    expect(slope((x) => x.log().mul(0), 0)).toEqual([0]);
    expect(slope((x) => tensor(1).div(x).mul(0), 0)).toEqual([-0]);
  });

  test("second derivatives are right all the same", () => {
    // the outer factor is 0 at these points, so the first derivative is too
    expect(curvature((x) => x.log().square(), 1)).toBe(2);
    expect(curvature((x) => x.sqrt().sub(1).square(), 1)).toBe(0.5);
    expect(curvature((x) => x.sub(2).mul(x.sub(2)), 2)).toBe(2);
    expect(curvature((x) => x.sub(2).square().div(x), 2)).toBe(1);
    expect(curvature((x) => quietGradient(x.square()).sub(1).square(), 1)).toBe(8);
    expect(curvature((x) => x.log1p().square(), 0)).toBe(2);
    expect(curvature((x) => x.exp().sub(1).square(), 0)).toBe(2);
  });

  test("the gradient of sqrt at 0 is infinite where something does", () => {
    expect(slope((x) => x.sqrt(), 0)).toEqual([inf]);
  });
});

describe("kinks", () => {
  test("relu, abs and their kind have the gradient that they document", () => {
    expect(slope((x) => x.relu(), -1, -0, 0, 1)).toEqual([0, 0, 0, 1]);
    expect(slope((x) => x.abs(), -2, 0, 2)).toEqual([-1, 0, 1]);
    expect(slope((x) => maximum(x, 1), 0, 1, 2)).toEqual([0, 1, 1]);
    expect(slope((x) => minimum(x, 1), 0, 1, 2)).toEqual([1, 1, 0]);
    expect(slope((x) => maximum(1, x), 1)).toEqual([0]); // where equal, the first takes it all
  });

  test("the greatest elements share the gradient of max evenly", () => {
    expect(slope((x) => x.max(), 3, 1, 3, 2)).toEqual([0.5, 0, 0.5, 0]);
    expect(slope((x) => x.min().mul(2), 1, 1, 1, 5)).toEqual([2 / 3, 2 / 3, 2 / 3, 0]);
    expect(slope((x) => x.max(), -inf, -inf)).toEqual([0.5, 0.5]);
  });

  test("a quiet gradient drops what is too small for any weight", () => {
    expect(slope((x) => quietGradient(x).mul(1e-31), 1)).toEqual([0]);
    expect(slope((x) => quietGradient(x).mul(1e-29), 1)).toEqual([1e-29]);
  });
});

describe("log-sum-exp", () => {
  const lse = (x: Tensor) => logSumExp(x, 0);
  const value = (...at: number[]): number => lse(tensor(at)).item();

  test("of nothing but -Infinity is -Infinity, and sends 0 back", () => {
    expect(value(-inf, -inf)).toBe(-inf);
    expect(slope(lse, -inf, -inf)).toEqual([0, 0]);
  });

  test("ignores terms at -Infinity", () => {
    expect(value(-inf, 2)).toBe(2);
    expect(slope(lse, -inf, 2)).toEqual([0, 1]);
  });

  test("of one term, or one far above the others, is that term", () => {
    expect(value(-3.5)).toBe(-3.5);
    expect(slope(lse, -3.5)).toEqual([1]);
    expect(value(1000, 0, -1000)).toBe(1000);
    expect(slope(lse, 1000, 0, -1000)).toEqual([1, 0, 0]);
  });

  test("sees a term that is far below: the result is exact near 0", () => {
    // log(1 + e^-40), which 1 + e^-40 in float64 would lose
    expect(value(0, -40)).toBe(Math.exp(-40));
  });

  test("of ties counts each, and shares the gradient", () => {
    expect(value(5, 5, 5, 5)).toBeCloseTo(5 + Math.log(4), 14);
    expect(slope(lse, 5, 5, 5, 5)).toEqual([0.25, 0.25, 0.25, 0.25].map((p) => expect.closeTo(p, 15)));
  });

  test("is infinite or NaN where a term is", () => {
    expect(value(1, inf)).toBe(inf);
    expect(value(1, Number.NaN)).toBeNaN();
  });

  test("has the second derivatives of its definition, ties or not", () => {
    // d²/dx_i dx_j = p_i (δ_ij - p_j) for p = softmax(x)
    for (const at of [
      [0.3, -1, 2],
      [1, 1, 1],
    ]) {
      const sum = at.reduce((s, x) => s + Math.exp(x), 0);
      const p = at.map((x) => Math.exp(x) / sum);
      at.forEach((_, i) => {
        const row = slope((x) => grad(lse)(x).slice(0, i, i + 1), ...at);
        row.forEach((h, j) => {
          expect(h).toBeCloseTo(p[i]! * ((i === j ? 1 : 0) - p[j]!), 14);
        });
      });
    }
  });

  test("its softmax stays finite for logits of any size", () => {
    expect(slope((x) => logSoftmax(x).slice(0, 0, 1), 1e4, -1e4)).toEqual([0, 0]);
    expect(slope((x) => logSoftmax(x).slice(0, 1, 2), 1e4, -1e4)).toEqual([-1, 1]);
  });
});

describe("saturated activations", () => {
  test("have the gradient of their limit, and never NaN", () => {
    const at = [-1e4, -800, 800, 1e4, -inf, inf];
    expect(slope((x) => x.sigmoid(), ...at)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(slope((x) => x.softplus(), ...at)).toEqual([0, 0, 1, 1, 0, 1]);
    expect(slope((x) => x.tanh(), ...at)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(slope((x) => x.erf(), ...at)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("sigmoid keeps the relative accuracy of its small gradient", () => {
    expect(slope((x) => x.sigmoid(), 40)[0]! / Math.exp(-40)).toBeCloseTo(1, 14); // 1 - σ(40) would be 0
  });
});
