import { grad, type Tensor, tensor } from "credence";
import type { Distribution } from "credence/distributions";
import fc from "fast-check";
import { expect } from "vitest";

/** What a parameter may be; what stands in the way of trying a value blindly. */
export type Domain = "real" | "positive" | "unit" | "count" | { readonly from: number; readonly to: number };

const magnitude = fc.double({ min: -30, max: 30, noNaN: true }).map((power) => 10 ** power);
const signed = fc.tuple(magnitude, fc.constantFrom(-1, 0, 1)).map(([size, sign]) => size * sign);

function numbersOf(domain: Domain): fc.Arbitrary<number> {
  if (typeof domain === "object") {
    const { from, to } = domain;
    return fc.double({ min: from, max: to, minExcluded: true, maxExcluded: true, noNaN: true });
  }
  switch (domain) {
    case "real":
      return signed;
    case "positive":
      return fc.oneof(magnitude, fc.constantFrom(1e-30, 0.5, 1, 2, 1e30));
    case "count":
      return fc.oneof(fc.integer({ min: 0, max: 20 }), magnitude.map(Math.ceil));
    case "unit":
      return fc.oneof(
        fc.double({ min: 0, max: 1, noNaN: true }),
        magnitude.filter((x) => x <= 1),
        magnitude.filter((x) => x < 1).map((x) => 1 - x),
      );
  }
}

const valueMethods = ["logProb", "cdf", "survival", "logCdf", "logSurvival"] as const;

/**
 * For parameters of 1e-30 to 1e30 and any x: no NaN, probabilities from 0 to 1 whose two tails add up, and a gradient wherever the log
 * density is finite.
 *
 * @param rounding  how far cdf + survival may be from 1
 */
export function extremesHold(
  build: (params: Record<string, Tensor>) => Distribution,
  domain: Readonly<Record<string, Domain>>,
  has: (method: string) => boolean,
  rounding = 1e-13,
): void {
  const names = Object.keys(domain);
  const parameters = fc.record(Object.fromEntries(names.map((name) => [name, numbersOf(domain[name]!)])));
  const values = fc.oneof(signed, fc.constantFrom(0, 1, 0.5, -0, 1e300, -1e300, 5e-324));
  fc.assert(
    fc.property(parameters, values, fc.double({ min: 0, max: 1, noNaN: true }), (numbers, any, level) => {
      const params = Object.fromEntries(names.map((name) => [name, tensor(numbers[name]!)]));
      const d = build(params);
      const points = [any, ...(has("quantile") ? [d.quantile(level).item()] : [])];
      for (const x of points) {
        expect(x, `a value or quantile(${level})`).not.toBeNaN();
        const at = Object.fromEntries(
          valueMethods.filter((method) => has(method)).map((method) => [method, d[method](x).item()]),
        );
        for (const [method, value] of Object.entries(at)) expect(value, `${method}(${x})`).not.toBeNaN();
        if (at.cdf !== undefined && at.survival !== undefined) {
          expect(Math.abs(at.cdf + at.survival - 1), `cdf + survival at ${x}`).toBeLessThanOrEqual(rounding);
          expect(Math.min(at.cdf, at.survival)).toBeGreaterThanOrEqual(0);
        }
        if (!Number.isFinite(at.logProb)) continue;
        const inputs = d.support.discrete ? params : { ...params, x: tensor(x) };
        const slopes = grad(({ x: moved = tensor(x), ...p }: Record<string, Tensor>) => build(p).logProb(moved))(
          inputs,
        );
        for (const [name, slope] of Object.entries(slopes)) {
          expect(slope.item(), `d logProb(${x}) / d ${name}`).not.toBeNaN();
        }
      }
      for (const method of ["mean", "variance", "mode", "entropy"]) {
        if (!has(method)) continue;
        const value = (d[method as "mean"]() as Tensor).item();
        if (method === "entropy") expect(value, method).not.toBeNaN();
        if (method === "variance") expect(value).not.toBeLessThan(0);
      }
    }),
    { numRuns: 150 },
  );
}
