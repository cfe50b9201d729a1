import { Categorical, Independent, Normal } from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";

describeDistribution("Independent", {
  build: ({ loc, scale }) => new Independent(new Normal({ loc: loc!, scale: scale! }), 1),
  params: {
    "of three normals": { loc: [0, 1, -2], scale: [1, 0.5, 3] },
    "in a batch [2]": {
      loc: [
        [0, 1, -2],
        [4, 4, 4],
      ],
      scale: 2,
    },
  },
  values: [
    [0, 0, 0],
    [1, 2, -3],
  ],
  lacks: ["cdf", "survival", "quantile", "logCdf", "logSurvival"],
  invalid: [{ loc: [0, 0, 0], scale: [1, 1, 0] }],
});

describe("Independent", () => {
  const base = new Normal({ loc: [[0, 1, -2]], scale: [[1], [0.5]] }); // batch [2, 3]

  test("log densities and entropies add up over the event", () => {
    const d = new Independent(base, 1);
    expect([d.batchShape, d.eventShape]).toEqual([[2], [3]]);
    const x = [0.5, 0, 1];
    expect(d.logProb(x).toArray()).toEqual(base.logProb(x).sum(-1).toArray());
    expect(d.entropy().toArray()).toEqual(base.entropy().sum(-1).toArray());
    expect(new Independent(base, 2).logProb([x, x]).shape).toEqual([]);
  });

  test("no axis, or none to take", () => {
    expect(new Independent(base, 0).cdf).toThrow();
    expect(new Independent(base, 0).logProb(1).shape).toEqual([2, 3]);
    expectCode("argument", () => new Independent(base, 3));
    expectCode("argument", () => new Independent(base, 0.5));
  });

  test("a value of another width is refused, even where it would broadcast", () => {
    const d = new Independent(base, 1);
    expect(() => d.logProb([[1], [2]])).toThrowErrorMatchingInlineSnapshot(`
      [CredenceError: Independent(Normal).logProb: a value of shape [2, 1] for events of shape [3].
        allowed: [..., 3]]
    `);
    expectCode("shape", () => d.logProb(1));
  });

  test("its support says whether events are whole numbers", () => {
    const pair = new Independent(
      new Categorical({
        logits: [
          [0, 1, 2],
          [0, 0, 0],
        ],
      }),
      1,
    );
    expect([pair.support.discrete, pair.support.eventRank, pair.dtype]).toEqual([true, 1, "int32"]);
    expect(pair.logProb([2, 0.5]).item()).toBe(Number.NEGATIVE_INFINITY);
    expect(
      pair.support
        .contains(pair.sample({ seed: 1, shape: [9] }))
        .data()
        .every((inside) => inside === 1),
    ).toBe(true);
  });
});
