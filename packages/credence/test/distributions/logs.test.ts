import { LogLogistic, LogNormal } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution } from "../support/laws.js";

const invalid = [
  { loc: 0, scale: 0 },
  { loc: Number.NaN, scale: 1 },
  { loc: 0, scale: [1, -1] },
];

for (const [name, Family] of Object.entries({ LogNormal, LogLogistic })) {
  describeDistribution(name, {
    build: ({ loc, scale }) => new Family({ loc: loc!, scale: scale! }),
    params: {
      standard: { loc: 0, scale: 0.3 },
      "in a batch [2, 3]": { loc: [-2, 0, 2], scale: [[0.05], [0.2]] },
    },
    domain: { loc: { from: -200, to: 200 }, scale: "positive" },
    values: [0.25, 1.5, 4],
    invalid,
  });
}

describe("LogLogistic", () => {
  test("at 0 the density has the limit of its power", () => {
    const d = new LogLogistic({ loc: 1, scale: [0.5, 1, 2] });
    expect([...d.logProb([0, 0, 0]).data()]).toEqual([-Infinity, -1, Infinity]);
  });

  test("moments are infinite where the tail is too heavy", () => {
    const d = new LogLogistic({ loc: 0, scale: [0.4, 0.5, 1] });
    expect([...d.mean().isFinite().data()]).toEqual([1, 1, 0]);
    expect([...d.variance().isFinite().data()]).toEqual([1, 0, 0]);
    expect([...d.mode().data()].map((x) => x > 0)).toEqual([true, true, false]);
  });
});

test("the variance of a narrow log-normal keeps its digits", () => {
  // mpmath: expm1(s²) exp(2 + s²) for s = 1e-7
  expect(new LogNormal({ loc: 1, scale: 1e-7 }).variance().item() / 7.389056098930761e-14).toBeCloseTo(1, 13);
});

test("the variance of a wide log-normal neither over- nor underflows on the way", () => {
  // scale² = 900 and loc = -950: exp(2 loc + 2 scale²) (1 - e^-900)
  const d = new LogNormal({ loc: -950, scale: 30 });
  expect(d.variance().item() / Math.exp(-100)).toBeCloseTo(1, 12);
  expect(d.stddev().item() / Math.exp(-50)).toBeCloseTo(1, 12);
});
