import { tensor } from "credence";
import { constraints } from "credence/distributions";
import { describe, expect, test } from "vitest";

const {
  each,
  integers,
  integersFrom,
  interval,
  logWeights,
  nonNegative,
  nonNegativeIntegers,
  positive,
  real,
  simplex,
  unitInterval,
} = constraints;
const ALL = [Number.NEGATIVE_INFINITY, -1, -0.5, 0, 0.5, 1, 2, Number.POSITIVE_INFINITY, Number.NaN];

test.each([
  [real, [-1, -0.5, 0, 0.5, 1, 2]],
  [positive, [0.5, 1, 2]],
  [nonNegative, [0, 0.5, 1, 2]],
  [unitInterval, [0, 0.5, 1]],
  [logWeights, [Number.NEGATIVE_INFINITY, -1, -0.5, 0, 0.5, 1, 2]],
  [integers, [-1, 0, 1, 2]],
  [nonNegativeIntegers, [0, 1, 2]],
  [integersFrom(0, 1), [0, 1]],
  [interval({ name: "half", allowed: "", lower: 0, upper: 1, ends: "(]" }), [0.5, 1]],
] as const)("$name holds just its numbers", (constraint, members) => {
  const inside = constraint.contains(tensor(ALL)).data();
  expect(ALL.filter((_, i) => inside[i] === 1)).toEqual(members);
  const held: readonly number[] = members;
  for (const x of ALL)
    expect(constraint.firstOutside(tensor([...held, x])), `${x}`).toBe(held.includes(x) ? -1 : held.length);
  expect(
    constraint.firstOutside(
      tensor([
        [1, 1],
        [1, Number.NaN],
      ]),
    ),
  ).toBe(3);
});

describe("sets of vectors", () => {
  test("each asks it of every number along the axes", () => {
    const pairs = each(positive, 1);
    expect(
      pairs
        .contains(
          tensor([
            [1, 2],
            [1, 0],
          ]),
        )
        .data(),
    ).toEqual(Uint8Array.of(1, 0));
    expect([
      pairs.eventRank,
      each(positive, 2)
        .contains(
          tensor([
            [1, 2],
            [1, 3],
          ]),
        )
        .item(),
      each(real, 0),
    ]).toEqual([1, 1, real]);
  });

  test("a simplex sums to 1, but for rounding", () => {
    const rows = [
      [0.1, 0.2, 0.7],
      [0.3, 0.3, 0.3],
      [-0.5, 0.5, 1],
      [0, 0, 1],
    ];
    expect(simplex.contains(tensor(rows)).data()).toEqual(Uint8Array.of(1, 0, 0, 1));
    expect(simplex.firstOutside(tensor(rows))).toBe(3);
    expect(simplex.firstOutside(tensor([0.5, 0.5]))).toBeLessThan(0);
    const many = Float32Array.from({ length: 1000 }, () => 1e-3);
    expect(simplex.contains(tensor(many)).item()).toBe(1);
  });
});

test("growing vectors, and Cholesky factors", () => {
  const { choleskyFactor, correlationCholesky, increasing, nonZero } = constraints;
  expect(
    increasing
      .contains(
        tensor([
          [1, 2, 2.5],
          [1, 1, 2],
          [0, 1, Number.NaN],
        ]),
      )
      .toArray(),
  ).toEqual([1, 0, 0]);
  expect(
    increasing.firstOutside(
      tensor([
        [1, 2],
        [2, 1],
      ]),
    ),
  ).toBe(2);
  expect(nonZero.contains(tensor([-1, 0, Number.POSITIVE_INFINITY])).toArray()).toEqual([1, 0, 0]);
  const factor = [
    [1, 0],
    [0.6, 0.8],
  ];
  const others = [
    [
      [1, 0.1],
      [0.6, 0.8],
    ],
    [
      [1, 0],
      [0.6, 0],
    ],
    [
      [1, 0],
      [Number.POSITIVE_INFINITY, 1],
    ],
  ];
  expect(choleskyFactor.contains(tensor([factor, ...others])).toArray()).toEqual([1, 0, 0, 0]);
  expect(
    correlationCholesky
      .contains(
        tensor([
          factor,
          [
            [1, 0],
            [0.6, 0.9],
          ],
          ...others,
        ]),
      )
      .toArray(),
  ).toEqual([1, 0, 0, 0, 0]);
  expect(
    correlationCholesky.firstOutside(
      tensor([
        factor,
        [
          [1, 0],
          [0.6, 0.9],
        ],
      ]),
    ),
  ).toBe(4);
});
