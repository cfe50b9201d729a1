import { tensor } from "credence";
import { Categorical, MixtureSameFamily, Normal } from "credence/distributions";
import { crpsNormalMixture, crpsOfSamples } from "credence/metrics";
import { describe, expect, test } from "vitest";
import { key, normal, split } from "../../src/random/index.js";
import { expectSameBits } from "../support/bits.js";
import { STANDARD_ERRORS } from "../support/bounds.js";
import { expectCode } from "../support/laws.js";
import { gaussLegendre } from "../support/quadrature.js";

const weights = [0.2, 0.5, 0.3];
const loc = [-1, 0.5, 4];
const scale = [0.5, 1, 0.2];
const mixture = new MixtureSameFamily({
  mixture: new Categorical({ probs: weights }),
  components: new Normal({ loc, scale }),
});

describe("crps of mixtures of normals", () => {
  test.each([-3, 0, 0.7, 3.9, 10])("is the integral it stands for, observed %d", (y) => {
    const { points, weights: by } = gaussLegendre(30);
    let integral = 0;
    // panels of width 1/4, with an edge at y, as far as the cdf is not 0 or 1 to 1e-15
    for (let left = y - 25; left < y + 25; left += 0.25) {
      const x = points.map((p) => left + 0.125 + 0.125 * p);
      const cdf = mixture.cdf(x).data();
      x.forEach((at, i) => {
        integral += 0.125 * by[i]! * (cdf[i]! - (at >= y ? 1 : 0)) ** 2;
      });
    }
    expect(crpsNormalMixture({ weights: [weights], loc: [loc], scale: [scale] }, [y])[0]).toBeCloseTo(integral, 12);
  });

  test("of one normal is its closed form, of a narrow one the absolute error", () => {
    // σ (z (2 Φ(z) - 1) + 2 φ(z) - 1/√π) at z = 0 and σ = 2: Gneiting and Raftery (2007), eq. 21
    const expected = 2 * (2 / Math.sqrt(2 * Math.PI) - 1 / Math.sqrt(Math.PI));
    expect(crpsNormalMixture({ weights: [[1]], loc: [[3]], scale: [[2]] }, [3])[0]).toBeCloseTo(expected, 15);
    expect(crpsNormalMixture({ weights: [[1]], loc: [[3]], scale: [[1e-12]] }, [5])[0]).toBeCloseTo(2, 11);
  });

  test("goes by rows, however many fit into a block", () => {
    const [n, k] = [25, 300]; // blocks of 11 rows
    const [a, b, c, d] = split(key(1), 4).map((by) => normal(by, [n, k]));
    const all = { weights: a!.square().div(a!.square().sum(1, { keepDims: true })), loc: b!, scale: c!.abs().add(0.1) };
    const y = d!.slice(1, 0, 1).squeeze(1);
    const together = crpsNormalMixture(all, y);
    const row = (t: typeof y, i: number): typeof y => t.slice(0, i, i + 1);
    const alone = Array.from(
      { length: n },
      (_, i) =>
        crpsNormalMixture(
          { weights: row(all.weights, i), loc: row(all.loc, i), scale: row(all.scale, i) },
          row(y, i),
        )[0]!,
    );
    expectSameBits(together, Float64Array.from(alone));
  });

  test("shapes that do not belong together are refused", () => {
    expectCode("shape", () => crpsNormalMixture({ weights: [[1]], loc: [[0]], scale: [[1]] }, [1, 2]));
    expectCode("shape", () => crpsNormalMixture({ weights: [[1, 0]], loc: [[0]], scale: [[1]] }, [1]));
    expectCode("shape", () => crpsNormalMixture({ weights: [1], loc: [0], scale: [1] }, [1]));
  });
});

describe("crps of draws", () => {
  test("is mean |X - y| less half of mean |X - X'|", () => {
    const draws = [3, -1, 0.5, 7];
    const y = 1.2;
    const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
    const expected =
      mean(draws.map((x) => Math.abs(x - y))) - mean(draws.flatMap((x) => draws.map((z) => Math.abs(x - z)))) / 2;
    const got = crpsOfSamples(
      draws.map((x) => [x, 2 * x]),
      [y, 2 * y],
    );
    expect(got[0]).toBeCloseTo(expected, 15);
    expect(got[1]).toBeCloseTo(2 * expected, 15);
  });

  test("comes near the closed form", () => {
    const m = 4000;
    const draws = mixture.sample({ seed: 1, shape: [m, 1] });
    const exact = crpsNormalMixture({ weights: [weights], loc: [loc], scale: [scale] }, [1])[0]!;
    // the score moves by less than |x| with each draw, whose standard deviation is 2.2
    expect(Math.abs(crpsOfSamples(draws, [1])[0]! - exact)).toBeLessThan((STANDARD_ERRORS * 2.2) / Math.sqrt(m));
  });

  test("needs draws, for as many observations", () => {
    expectCode("shape", () => crpsOfSamples(tensor([], { shape: [0, 2] }), [1, 2]));
    expectCode("shape", () => crpsOfSamples([[1, 2]], [1]));
  });
});
