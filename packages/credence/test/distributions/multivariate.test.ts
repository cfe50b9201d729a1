import { compile, grad, klDivergence, linalg, type Tensor, tensor } from "credence";
import {
  fromJSON,
  LowRankMultivariateNormal,
  MultivariateNormal,
  MultivariateStudentT,
  Normal,
  StudentT,
} from "credence/distributions";
import { describe, expect, test } from "vitest";
import { describeDistribution, expectCode } from "../support/laws.js";
import { refusal } from "../support/refused.js";
import { vectorLaws } from "../support/vectorLaws.js";

const turned = (x: Tensor): Tensor => x.transpose([...x.shape.slice(2).map((_, i) => i), x.rank - 1, x.rank - 2]);

/** Any square matrix as a covariance, so that each number of it can be moved alone. */
function covarianceOf(root: Tensor): Tensor {
  const identity = linalg.diagonalMatrix(tensor(new Float64Array(root.shape.at(-1)!).fill(1)).cast(root.dtype));
  return root.matmul(turned(root)).add(identity);
}

/** And as a factor, the diagonal made positive. */
function factorOf(root: Tensor): Tensor {
  const values = linalg.diagonal(root);
  return linalg.tril(root).add(linalg.diagonalMatrix(values.softplus().sub(values)));
}

const plane = [
  [1, 0.5],
  [-0.3, 2],
];
const space = [
  [
    [1, 0.2, -2],
    [0.3, 0.5, 1],
    [0.1, 3, 0.7],
  ],
  [
    [20, 0, 1],
    [1, 0.1, 0],
    [0, 0.5, 4],
  ],
];
const noCdf = ["cdf", "logCdf", "survival", "logSurvival", "quantile"] as const;
const inPlane = [
  [0.3, 1],
  [2, -3],
];
const inSpace = [
  [0.3, 1, 0],
  [2, -3, 1],
];
const ofPlane = { "in the plane": { loc: [1, -2], root: plane } };

const forms = {
  covarianceMatrix: (root: Tensor) => ({ covarianceMatrix: covarianceOf(root) }),
  precisionMatrix: (root: Tensor) => ({ precisionMatrix: covarianceOf(root) }),
  scaleTril: (root: Tensor) => ({ scaleTril: factorOf(root) }),
};

describe.each(Object.entries(forms))("MultivariateNormal by %s", (_, form) => {
  const build = ({ loc, root }: Record<string, Tensor>) => new MultivariateNormal({ loc: loc!, ...form(root!) });
  const many = {
    loc: [
      [0, 1],
      [5, 2],
      [-1, 0],
    ],
    root: plane,
  };
  const ofSpace = { "a batch [2]": { loc: [1, -2, 0.5], root: space } };
  describeDistribution("two numbers", {
    build,
    params: { ...ofPlane, "many means": many },
    values: inPlane,
    lacks: noCdf,
  });
  describeDistribution("three numbers", { build, params: ofSpace, values: inSpace, lacks: noCdf });
  vectorLaws(build, { ...ofPlane, ...ofSpace });
});

describe("LowRankMultivariateNormal", () => {
  const build = ({ loc, covFactor, covDiag }: Record<string, Tensor>) =>
    new LowRankMultivariateNormal({ loc: loc!, covFactor: covFactor!, covDiag: covDiag! });
  const params = {
    "one factor": { loc: [1, -2], covFactor: [[2], [-0.5]], covDiag: [0.5, 3] },
    "in batches": { loc: [[[0, 1]], [[3, 4]]], covFactor: [[[1, 0.5, 3], [2, -1, 0]], [[0, 0, 1], [1, 2, 3]]], covDiag: [1, 2] }, // biome-ignore format: a matrix
  };
  describeDistribution("two numbers", {
    build,
    params,
    values: inPlane,
    lacks: noCdf,
    invalid: [{ loc: [0, 0], covFactor: [[1], [1]], covDiag: [1, 0] }],
  });
  vectorLaws(build, params);

  test("is the law of its covariance", () => {
    const law = build(Object.fromEntries(Object.entries(params["in batches"]).map(([k, v]) => [k, tensor(v)])));
    const full = new MultivariateNormal({ loc: law.loc, covarianceMatrix: law.covariance() });
    expect(
      law
        .logProb([0.5, -1])
        .sub(full.logProb([0.5, -1]))
        .abs()
        .max()
        .item(),
    ).toBeLessThan(1e-14);
    expect(law.entropy().sub(full.entropy()).abs().max().item()).toBeLessThan(1e-14);
    expect(klDivergence(law, full).max().item()).toBeLessThan(1e-28);
    expect(klDivergence(full, law).max().item()).toBeLessThan(1e-28);
  });

  test("keeps its digits where the factors explain nearly everything", () => {
    // Σ = 1e16 u uᵀ + I with u = (1, 1) / √2; x lies across u, so that log p = -|x|² / 2 - log(2π) - log(1 + 1e16) / 2
    const s = 1e8 * Math.SQRT1_2;
    const law = new LowRankMultivariateNormal({ loc: [0, 0], covFactor: [[s], [s]], covDiag: [1, 1] });
    const expected = -0.5 - Math.log(2 * Math.PI) - Math.log(1e16) / 2;
    expect(law.logProb([Math.SQRT1_2, -Math.SQRT1_2]).item()).toBeCloseTo(expected, 13);
  });
});

describe.each(Object.entries({ scaleMatrix: forms.covarianceMatrix, scaleTril: forms.scaleTril }))(
  "MultivariateStudentT by %s",
  (key, form) => {
    const build = ({ df, loc, root }: Record<string, Tensor>) =>
      new MultivariateStudentT({ df: df!, loc: loc!, [key]: Object.values(form(root!))[0] } as never);
    const flat = { df: [[3], [1e6]], loc: [1, -2], root: plane };
    const heavy = { df: 6, loc: [1, -2], root: plane };
    const deep = { df: [9, 20], loc: [1, -2, 0.5], root: space };
    describeDistribution("two numbers", { build, params: { flat, heavy }, values: inPlane, lacks: noCdf });
    describeDistribution("three numbers", { build, params: { deep }, values: inSpace, lacks: noCdf });
    vectorLaws(build, { flat, heavy, deep });
  },
);

describe("MultivariateStudentT", () => {
  const identity = [[1, 0], [0, 1]]; // biome-ignore format: a matrix
  const of = (df: number) => new MultivariateStudentT({ df, loc: [0, 0], scaleTril: identity });

  test("of one number is StudentT", () => {
    const [vector, number] = [
      new MultivariateStudentT({ df: 2.5, loc: [1], scaleTril: [[3]] }),
      new StudentT({ df: 2.5, loc: 1, scale: 3 }),
    ];
    for (const x of [1, 4.5, -1e3, 1e20])
      expect(vector.logProb([x]).item() / number.logProb(x).item()).toBeCloseTo(1, 14);
    expect(vector.entropy().item()).toBeCloseTo(number.entropy().item(), 14);
  });

  test("moments end where they do not exist", () => {
    expect([1, 2, 3, 4].map((df) => of(df).mean().data()[0])).toEqual([Number.NaN, 0, 0, 0]);
    expect([1, 2, 3, 4].map((df) => of(df).variance().data()[0])).toEqual([Number.NaN, Number.POSITIVE_INFINITY, 3, 2]);
    expect([3, 4].map((df) => of(df).skewness().data()[0])).toEqual([Number.NaN, 0]);
  });

  test("far values and tiny degrees of freedom do not overflow", () => {
    // log p = -(df + 2) log|x| - log(2π) - ... for far x: a step of a factor is a step of its logarithm
    const d = of(0.01);
    const [near, far] = [d.logProb([1e100, 1e100]).item(), d.logProb([1e300, 1e300]).item()];
    expect((near - far) / (2.01 * 200 * Math.LN10)).toBeCloseTo(1, 14);
    const slope = grad((x: Tensor) => d.logProb(x))(tensor([1e300, 0])).data();
    expect(slope[0]! * 1e300).toBeCloseTo(-2.01, 12);
    const draws = d.sample({ seed: 1, shape: [1000] });
    expect([...draws.data()].some(Number.isNaN)).toBe(false);
  });
});

describe("parameters of a MultivariateNormal", () => {
  const loc = [0, 0];
  const identity = [[1, 0], [0, 1]]; // biome-ignore format: a matrix

  test("of matrices exactly one is given", () => {
    const both = { loc, covarianceMatrix: identity, scaleTril: identity } as never;
    expect(refusal(() => new MultivariateNormal(both))).toMatchInlineSnapshot(`
      "MultivariateNormal: covarianceMatrix and scaleTril are given.
        allowed: exactly one of covarianceMatrix, precisionMatrix, scaleTril"
    `);
    expectCode("argument", () => new MultivariateNormal({ loc } as never));
  });

  test("an indefinite matrix is refused with its pivot and a mend", () => {
    // the complaint that float32 says no more than "not positive definite"
    const near = tensor([[1, 0.99999999], [0.99999999, 1]]); // biome-ignore format: a matrix
    new MultivariateNormal({ loc, covarianceMatrix: near });
    const single = { loc: tensor(loc).cast("float32"), covarianceMatrix: near.cast("float32") };
    expect(refusal(() => new MultivariateNormal(single))).toMatchInlineSnapshot(`
      "MultivariateNormal: covarianceMatrix of shape [2, 2] is not positive definite: the leading minor of order 2 has the pivot 0.
        allowed: symmetric matrices whose pivots are all > 0
        mend:    add a little to the diagonal, such as 1e-6 times its greatest number; or compute in float64"
    `);
    const precision = [[1, 2], [2, 1]]; // biome-ignore format: a matrix
    expect(refusal(() => new MultivariateNormal({ loc, precisionMatrix: precision }))).toMatchInlineSnapshot(`
      "MultivariateNormal: precisionMatrix, with its axes reversed, of shape [2, 2] is not positive definite: the leading minor of order 2 has the pivot -3.
        allowed: symmetric matrices whose pivots are all > 0
        mend:    add a little to the diagonal, such as 1e-12 times its greatest number"
    `);
  });

  test("others outside their sets are refused, and NaN in compiled functions", () => {
    const skewed = [[1, 0.5], [0.4, 1]]; // biome-ignore format: a matrix
    expect(refusal(() => new MultivariateNormal({ loc, covarianceMatrix: skewed }))).toMatchInlineSnapshot(`
      "MultivariateNormal: covarianceMatrix holds a matrix that is no positiveDefinite at index [0, 0] of shape [2, 2].
        allowed: symmetric matrices of finite numbers whose pivots are all > 0
        mend:    give the mean of the matrix and its transpose"
    `);
    const upper = [[1, 0.5], [0, 1]]; // biome-ignore format: a matrix
    expect(refusal(() => new MultivariateNormal({ loc, scaleTril: upper }))).toMatchInlineSnapshot(`
      "MultivariateNormal: scaleTril holds a matrix that is no choleskyFactor at index [0, 0] of shape [2, 2].
        allowed: lower triangular matrices of finite numbers, above 0 on the diagonal
        mend:    give new CholeskyFactor().forward(raw)"
    `);
    expect(refusal(() => new MultivariateNormal({ loc: [0, Number.NaN], scaleTril: identity }))).toMatchInlineSnapshot(`
      "MultivariateNormal: loc holds NaN at index 1 of shape [2].
        allowed: finite numbers
        mend:    look for the NaN or infinity where this comes from"
    `);
    const at = compile((p: Record<string, Tensor>) => new MultivariateNormal({ loc, ...p } as never).logProb([1, 2]));
    const bad: Record<string, number[][]>[] = [
      { covarianceMatrix: skewed },
      { covarianceMatrix: [[1, 2], [2, 1]] }, // biome-ignore format: a matrix
      { scaleTril: upper },
    ];
    for (const p of bad)
      expect(at(Object.fromEntries(Object.entries(p).map(([k, v]) => [k, tensor(v)]))).item()).toBeNaN();
  });

  test("shapes that do not fit are refused", () => {
    expect(refusal(() => new MultivariateNormal({ loc: 0, covarianceMatrix: identity }))).toMatchInlineSnapshot(`
      "MultivariateNormal: loc of shape [] and covarianceMatrix of shape [2, 2].
        allowed: [..., d] and [..., d, d]
        mend:    repeat a scalar loc with tensor(0).broadcastTo([d])"
    `);
    expectCode("shape", () => new MultivariateNormal({ loc, covarianceMatrix: [[1], [2]] }));
  });
});

test("the three ways to give a matrix are one law", () => {
  const covarianceMatrix = [[4, 1], [1, 3]]; // biome-ignore format: a matrix
  const factor = linalg.cholesky(covarianceMatrix);
  const precisionMatrix = linalg.choleskySolve(factor, [[1, 0], [0, 1]]); // biome-ignore format: a matrix
  const loc = [1, 2];
  const laws = [
    { loc, covarianceMatrix },
    { loc, precisionMatrix },
    { loc, scaleTril: factor },
  ];
  const [first, ...others] = laws.map((p) => new MultivariateNormal(p as never)) as [MultivariateNormal];
  for (const other of others as MultivariateNormal[]) {
    expect(other.logProb([0, 5]).item()).toBeCloseTo(first.logProb([0, 5]).item(), 14);
    expect(other.entropy().item()).toBeCloseTo(first.entropy().item(), 14);
    expect(klDivergence(first, other).item()).toBeLessThan(1e-30);
    expect(
      fromJSON(JSON.parse(JSON.stringify(other)))
        .sample({ seed: 3 })
        .toArray(),
    ).toEqual(other.sample({ seed: 3 }).toArray());
  }
});

test("of one number it is the normal law", () => {
  const [wide, plain] = [
    new MultivariateNormal({ loc: [1], covarianceMatrix: [[4]] }),
    new Normal({ loc: 1, scale: 2 }),
  ];
  const [other, narrow] = [
    new MultivariateNormal({ loc: [0.5], scaleTril: [[3]] }),
    new Normal({ loc: 0.5, scale: 3 }),
  ];
  expect(wide.logProb([7]).item()).toBe(plain.logProb(7).item());
  expect(klDivergence(wide, other).item()).toBe(klDivergence(plain, narrow).item());
});

test("draws follow their parameters", () => {
  const f = (loc: Tensor, scaleTril: Tensor): Tensor =>
    new MultivariateNormal({ loc, scaleTril }).sample({ seed: 1, shape: [3] }).sum();
  const draws = new MultivariateNormal({ loc: [0, 0], scaleTril: [[1, 0], [0, 1]] }).sample({ seed: 1, shape: [3] }); // biome-ignore format: a matrix
  const scale = tensor([[1, 0], [0.5, 2]]); // biome-ignore format: a matrix
  expect(grad(f)(tensor([0, 0]), scale).toArray()).toEqual([3, 3]);
  const byScale = grad((s: Tensor) => f(tensor([0, 0]), s))(scale).toArray() as number[][];
  const [z0, z1] = draws.sum(0).toArray() as number[];
  expect(byScale[0]![0]).toBeCloseTo(z0!, 14);
  expect(byScale[0]![1]).toBe(0); // above the diagonal nothing flows
  expect(byScale[1]![0]).toBeCloseTo(z0!, 14);
  expect(byScale[1]![1]).toBeCloseTo(z1!, 14);
});
