import { compile, grad, type Tensor, tensor } from "credence";
import { gammainc } from "credence/special";
import { describe, expect, test } from "vitest";
import { gammaDrawSlope, logGammaDrawSlope } from "../../src/ops/incomplete.js";
import { key, logStandardGamma, standardGamma } from "../../src/random/index.js";
import { withEngine } from "../../src/tensor/evaluate.js";
import { expectSameBits } from "../support/bits.js";
import { distanceToCdf, dkw, momentsOf, STANDARD_ERRORS } from "../support/bounds.js";
import { expectCode } from "../support/laws.js";
import references from "./gammaSlopes.json" with { type: "json" };

const N = 40_000;
const types = ["float32", "float64"] as const;
const samplers = { standardGamma, logStandardGamma };

/** P(a, e^y), also where e^y underflows: there it is e^(ay) / Γ(a + 1), and a so small that Γ(a + 1) is e^(-γa). */
function cdfOfLog(a: number, y: number): number {
  return y < -40 ? Math.exp(a * (y + 0.5772156649015329)) : gammainc(tensor(a), Math.exp(y)).item();
}

describe.each(types)("gamma draws, %s", (dtype) => {
  test.each([0.3, 0.97, 1, 1.7, 6, 40, 1e4, 1e8])("follow their law, concentration %f", (a) => {
    const x = compile((k: Tensor) => standardGamma(k, [N], tensor(a, { dtype })))(key(17));
    const sorted = x.data().slice().sort();
    const cdf = gammainc(tensor(a, { dtype: "float64" }), tensor(Float64Array.from(sorted))).data();
    expect(distanceToCdf(sorted, cdf, false)).toBeLessThan(dkw(N));
  });

  test.each([1e-30, 1e-8, 1e-3, 0.02])("follow their law in logarithms, concentration %f", (a) => {
    const y = compile((k: Tensor) => logStandardGamma(k, [4000], tensor(a, { dtype })))(key(18));
    const sorted = y.data().slice().sort();
    const cdf = Float64Array.from(sorted, (at) => cdfOfLog(a, at));
    expect(distanceToCdf(sorted, cdf, false)).toBeLessThan(dkw(4000));
  });

  test("are as wide as they should be where they are narrow", () => {
    const a = dtype === "float32" ? 1e6 : 1e12;
    const x = [...standardGamma(key(4), [N], tensor(a, { dtype })).data()].map((value) => (value - a) / Math.sqrt(a));
    const variance = x.reduce((sum, z) => sum + z * z, 0) / N;
    expect(Math.abs(variance - 1)).toBeLessThan(STANDARD_ERRORS * Math.sqrt(2 / N));
  });

  test.each(Object.entries(samplers))("%s gives the same bits on every engine", (_, draw) => {
    const given = tensor([1e-30, 1e-3, 0.2, 0.99, 1, 1.5, 7, 1e5, 1e30, Number.NaN, -1, 0, Infinity], { dtype });
    for (const [shape, a] of [
      [[7, 13], given],
      [[13], given],
      [[5, 4], tensor(0.4, { dtype })],
      [[], tensor(3, { dtype })],
      [[0], tensor(3, { dtype })],
    ] as const) {
      const interpreted = withEngine("interpreter", () => draw(key(3), shape, a).data());
      expectSameBits(
        withEngine("compiler", () => draw(key(3), shape, a).data()),
        interpreted,
      );
      expectSameBits(compile((k: Tensor, c: Tensor) => draw(k, shape, c))(key(3), a).data(), interpreted);
    }
  });

  test("one concentration is as many equal ones", () => {
    const one = standardGamma(key(5), [9], tensor(0.7, { dtype })).data();
    expectSameBits(standardGamma(key(5), [9], tensor(new Array(9).fill(0.7), { dtype })).data(), one);
  });

  test("logarithms are those of the draws", () => {
    const a = tensor([0.1, 1, 30], { dtype });
    const x = standardGamma(key(6), [500, 3], a);
    const y = logStandardGamma(key(6), [500, 3], a).data();
    const most = dtype === "float32" ? 2 ** -20 : 2 ** -49; // of a logarithm up to 100, exponentiated
    x.log()
      .data()
      .forEach((log, i) => {
        expect(Math.abs(log - y[i]!)).toBeLessThan(most * Math.max(1, Math.abs(log)));
      });
  });

  test("are positive, and NaN for what is no concentration", () => {
    const edge = standardGamma(key(7), [6], tensor([Number.NaN, 0, -0.5, -3, 1e-30, 1e30], { dtype })).toArray();
    expect(edge).toEqual([NaN, NaN, NaN, NaN, 0, expect.any(Number)]);
    const logs = logStandardGamma(key(7), [N], tensor(1e-30, { dtype }));
    expect(Number.isFinite(logs.min().item())).toBe(true);
  });
});

test("draws are the same for ever", () => {
  // through functions whose last bit may still get better
  const third = (a: number, dtype: "float32" | "float64") =>
    standardGamma(key(42), [3], tensor(a, { dtype })).data()[2];
  expect(third(0.5, "float32")).toBeCloseTo(0.6550935, 6);
  expect(third(5, "float32")).toBeCloseTo(3.6121109, 6);
  expect(third(0.5, "float64")).toBeCloseTo(0.09864531416664789, 14);
  expect(third(5, "float64")).toBeCloseTo(3.2932068142673026, 14);
});

test("refuses shapes that are none, and concentrations that do not fit", () => {
  expectCode("shape", () => standardGamma(key(1), [-1], tensor(1)));
  expectCode("shape", () => standardGamma(key(1), [4], tensor([1, 2, 3])));
  expectCode("dtype", () => standardGamma(key(1), [4], tensor(3, { dtype: "int32" })));
});

describe("a draw kept at its level moves with the concentration", () => {
  const rows = references.rows as [number, number, number][];

  test("as its cdf and density say, float64", () => {
    for (const [a, y, slope] of rows) {
      // 1e-12: the table is good to 1e-16, and what small concentrations are reduced to cancels by a factor of 50 at most
      expect(Math.abs(logGammaDrawSlope(tensor(a), tensor(y)).item() / slope - 1), `log, ${a}, ${y}`).toBeLessThan(
        1e-12,
      );
      if (y < -600) continue;
      const x = Math.exp(y);
      const expected = x * slope;
      expect(Math.abs(gammaDrawSlope(tensor(a), tensor(x)).item() / expected - 1), `${a}, ${x}`).toBeLessThan(1e-12);
    }
  });

  test("and float32", () => {
    for (const [a, y, slope] of rows.filter((row) => row[2] < 1e38)) {
      const [b, z] = [tensor(a, { dtype: "float32" }), tensor(y, { dtype: "float32" })];
      expect(Math.abs(logGammaDrawSlope(b, z).item() / slope - 1), `log, ${a}, ${y}`).toBeLessThan(4e-6);
    }
  });

  test("and its gradient is that, of draws and of their logarithms", () => {
    const a = tensor([1e-3, 0.3, 2, 50]);
    for (const [draw, slope] of [
      [standardGamma, gammaDrawSlope],
      [logStandardGamma, logGammaDrawSlope],
    ] as const) {
      const x = draw(key(9), [6, 4], a);
      const expected = slope(a, x).sum(0);
      expectSameBits(grad((c: Tensor) => draw(key(9), [6, 4], c).sum())(a).data(), expected.data());
      expect([...expected.data()].every(Number.isFinite)).toBe(true);
    }
  });

  test("a draw of 0 does not move", () => {
    const slope = grad((a: Tensor) => standardGamma(key(2), [20], a).sum())(tensor(1e-9));
    expect(slope.item()).toBe(0);
  });

  test("the expected draw is a, so the expected slope is 1", () => {
    for (const a of [0.2, 1, 5, 80]) {
      const x = standardGamma(key(21), [N], tensor(a));
      const { mean, meanError } = momentsOf([...gammaDrawSlope(tensor(a), x).data()]);
      expect(Math.abs(mean - 1)).toBeLessThan(STANDARD_ERRORS * meanError);
    }
  });

  test("second derivatives are differences of the first", () => {
    for (const [a, x] of [
      [0.2, 0.01],
      [0.7, 4],
      [3, 2],
      [20, 25],
      [20, 20],
    ] as const) {
      const h = 1e-4;
      const at = (b: number, y: number): number => gammaDrawSlope(tensor(b), tensor(y)).item();
      const [byA, byX] = [
        grad((b: Tensor) => gammaDrawSlope(b, tensor(x)))(tensor(a)).item(),
        grad((y: Tensor) => gammaDrawSlope(tensor(a), y))(tensor(x)).item(),
      ];
      const central = (f: (d: number) => number): number => (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
      // rounding over h, and h⁴ of a fifth derivative
      expect(Math.abs((byA / central((d) => at(a + d * a, x))) * a - 1)).toBeLessThan(1e-7);
      expect(Math.abs((byX / central((d) => at(a, x + d * x))) * x - 1)).toBeLessThan(1e-7);
    }
  });
});
