import {
  constraints,
  Exponential,
  grad,
  Independent,
  type Nested,
  Normal,
  type Tensor,
  tensor,
  Uniform,
} from "credence";
import { biject } from "credence/bijectors";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { Constraint } from "../../src/distributions/constraints.js";
import { families } from "../../src/distributions/families.js";
import { expectCode } from "../support/laws.js";

/** The constraints that constructors ask for, by parameter. */
const asked = vi.hoisted(() => new Map<string, Constraint>());
vi.mock(import("../../src/distributions/parameters.js"), async (original) => {
  const actual = await original();
  return {
    ...actual,
    check: ((name: string, params: never, wanted: Record<string, Constraint>) => {
      for (const [key, constraint] of Object.entries(wanted)) asked.set(`${name}.${key}`, constraint);
      return actual.check(name, params, wanted);
    }) as typeof actual.check,
  };
});

const { between, each, interval } = constraints;
const sets: Readonly<Record<string, Constraint>> = {
  real: constraints.real,
  extendedReal: constraints.extendedReal,
  positive: constraints.positive,
  nonNegative: constraints.nonNegative,
  unitInterval: constraints.unitInterval,
  openUnitInterval: constraints.openUnitInterval,
  correlation: constraints.correlation,
  logWeights: constraints.logWeights,
  "above 3": interval({ name: "above 3", allowed: "numbers above 3", lower: 3 }),
  "below -2": interval({ name: "below -2", allowed: "numbers below -2", upper: -2 }),
  "between parameters": between([0, 1], [2, 5]),
  "above a parameter": between([0, 1], Number.POSITIVE_INFINITY, "[)"),
  "vectors of positive numbers": each(constraints.positive, 1),
  "matrices of shares": each(constraints.unitInterval, 2),
  simplex: constraints.simplex,
  increasing: constraints.increasing,
  choleskyFactor: constraints.choleskyFactor,
  positiveDefinite: constraints.positiveDefinite,
  correlationCholesky: constraints.correlationCholesky,
  "each a simplex": each(constraints.simplex, 1),
  "a support": new Uniform({ low: -1, high: 4 }).support,
  "a half line": new Exponential({ rate: 2 }).support,
  "a support of vectors": new Independent(new Normal({ loc: [0, 1], scale: 1 }), 1).support,
};

/** Checks that raw numbers have images in the set, from which they are had back, and a gradient. */
function expectOnto(set: Constraint): void {
  // a matrix stands for the square of its factor, and has half the digits
  const most = set.name === "positiveDefinite" ? 2 : 8;
  const map = biject(set);
  expect(map.codomain.eventRank).toBe(set.eventRank);
  // six numbers make triangles with and without a diagonal
  const shape = [[2], [2, 6], [2, 3, 6]][map.domain.eventRank]!;
  const n = shape.reduce((a, b) => a * b, 1);
  const raw = fc.array(fc.double({ min: -most, max: most, noNaN: true }), { minLength: n, maxLength: n });
  fc.assert(
    fc.property(raw, (numbers) => {
      const x = tensor(numbers, { shape });
      const y = map.forward(x);
      expect([...set.contains(y).data()]).toEqual([1, 1]);
      const back = map.inverse(y).data();
      // e^8 stands between the digits of the largest and of the smallest number of an event
      for (const [i, value] of numbers.entries()) expect(Math.abs(back[i]! - value)).toBeLessThan(1e-8);
      const slopes = grad((at: Tensor) => map.forwardLogDet(at).sum())(x).data();
      expect([...slopes].every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 15 },
  );
}

describe("biject", () => {
  test.each(Object.entries(sets))("%s", (_, set) => expectOnto(set));

  test("each parameter of each family has its map", () => {
    for (const [name, Family] of Object.entries(families)) {
      asked.clear();
      const hiddens = [/^$/, /logit|logRate/i, /prob|^rate$/i, /precision|tril/i, /covarianceM|scaleM|precision/i];
      for (const hidden of hiddens) {
        // parameters of any name, as matrices or vectors; of those that stand for each other one
        const value = (key: string): Nested => (/Matrix|Tril|Factor$/.test(key) ? [[0.5]] : [0.5]);
        const params = new Proxy({}, { get: (_, key) => (hidden.test(String(key)) ? undefined : value(String(key))) });
        try {
          new (Family as unknown as new (params: object) => object)(params);
        } catch {
          // half may be no valid number: what was asked for is known by now
        }
      }
      expect(asked.size, name).toBeGreaterThan(0);
      for (const constraint of asked.values()) {
        if (constraint.discrete) expectCode("missing", () => biject(constraint));
        else expectOnto(constraint);
      }
    }
  });

  test("whole numbers and unknown sets have none", () => {
    expectCode("missing", () => biject(constraints.integers));
    expect(() =>
      biject({ ...constraints.simplex, name: "sphere", allowed: "vectors of length 1" }),
    ).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: biject: there is no map onto vectors of length 1.
        allowed: intervals, simplex, increasing, choleskyFactor, positiveDefinite, correlationCholesky, and vectors of these]
    `);
  });
});
