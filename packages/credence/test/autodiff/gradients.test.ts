import {
  concat,
  customGradient,
  elu,
  grad,
  logSoftmax,
  logSumExp,
  type Nested,
  scan,
  softmax,
  stack,
  type Tensor,
  tensor,
} from "credence";
import { describe, expect, test } from "vitest";
import * as ops from "../../src/ops/index.js";
import { expectGradient, expectSecondGradient } from "../support/finiteDifference.js";

/** Every op at points away from its kinks, against finite differences in float64; twice where it is smooth. */

type Fn = (...inputs: Tensor[]) => Tensor;
type Case = readonly [fn: Fn, ...inputs: (number | Nested)[]];

const vector = [-2.3, -0.7, 0.4, 1.9];
const positive = [0.2, 0.9, 1.7, 6];
const matrix = [
  [0.3, -1.2, 2],
  [1.5, 0.8, -0.4],
];
const other = [
  [-0.6, 1.1, 0.7],
  [0.2, -1.9, 1.3],
];
const column = [[0.5], [-1.4]];
/** Positive definite, whichever numbers are moved. */
const product = (x: Tensor): Tensor => ops.matmul(x, ops.matrixTranspose(x));
const cube = [
  [
    [0.1, 0.7],
    [-0.3, 1.2],
  ],
  [
    [2, -1],
    [0.6, 0.9],
  ],
  [
    [-0.8, 0.4],
    [1.6, -1.1],
  ],
];
/** Shapes and points in each region of the incomplete gamma functions. */
const incompleteGamma: [number[], number[]] = [
  [0.4, 0.9, 3, 2, 20, 16, 30, 7],
  [0.8, 1.3, 2, 5, 18, 20, 30, 30],
];
const studentDf = [0.6, 1.4, 3, 12];
const incompleteBeta: [number[], number[], number[]] = [
  [0.4, 3, 2, 1.3, 40, 50, 7],
  [2, 0.6, 5, 4, 60, 30, 0.8],
  [0.3, 0.8, 0.4, 0.1, 0.42, 0.625, 0.2],
];
const shapes: [number[], number[]] = [
  [0.4, 0.9, 3, 30],
  [2, 0.6, 5, 0.8],
];
const levels = [0.05, 0.9, 0.3, 0.6];
const logLevels = [-3, -0.1, -1.2, -0.5];
const rows = tensor(new Int32Array([2, 0, 2, 2])); // one row three times, one not at all

/** Ops that change numbers or their places. */
const smooth: Record<string, readonly Case[]> = {
  pullMul: [[ops.pullMul, matrix, column]],
  pullBoth: [[ops.pullBoth, matrix, column]],
  pullDiv: [[ops.pullDiv, vector, positive]],
  add: [[ops.add, matrix, column]],
  sub: [[ops.sub, column, matrix]],
  mul: [
    [ops.mul, matrix, column],
    [(x) => ops.mul(x, x), vector],
  ],
  div: [
    [ops.div, vector, positive],
    [ops.div, column, matrix],
  ],
  neg: [[ops.neg, vector]],
  sqrt: [[ops.sqrt, positive]],
  square: [[ops.square, vector]],
  exp: [[ops.exp, vector]],
  expm1: [[ops.expm1, [...vector, 1e-4]]],
  log: [[ops.log, positive]],
  log1p: [[ops.log1p, [-0.6, 1e-4, 0.5, 3]]],
  tanh: [[ops.tanh, vector]],
  sigmoid: [[ops.sigmoid, vector]],
  softplus: [[ops.softplus, vector]],
  erf: [[ops.erf, vector]],
  erfinv: [[ops.erfinv, [-0.8, -0.2, 0.4, 0.9]]],
  erfcxSlope: [[ops.erfcxSlope, [-0.5, 0.8, 4, 9]]],
  erfcx: [[ops.erfcx, [-1.5, -0.2, 0.8, 4]]],
  ndtr: [[ops.ndtr, vector]],
  logNdtr: [[ops.logNdtr, [-8, ...vector]]],
  ndtri: [[ops.ndtri, [0.1, 0.4, 0.85]]],
  sin: [[ops.sin, vector]],
  cos: [[ops.cos, vector]],
  sinpi: [[ops.sinpi, vector]],
  cospi: [[ops.cospi, vector]],
  atan: [[ops.atan, vector]],
  log1mexp: [[ops.log1mexp, [-8, -1.3, -0.6, -0.05]]],
  logRatio: [[ops.logRatio, positive, [2, 0.3, 1, 5]]],
  log1pRatio: [[ops.log1pRatio, [-0.6, 0, 0.1, 3]]],
  log1pRatioSlope: [[ops.log1pRatioSlope, [-0.6, 0, 0.1, 3]]],
  logExcess: [[ops.logExcess, positive, [2, 0.3, 1, 5]]],
  log1pmx: [[ops.log1pmx, [-0.6, -0.1, 0.3, 4]]],
  logSigmoid: [[ops.logSigmoid, vector]],
  logAddExp: [[ops.logAddExp, matrix, column]],
  cholesky: [[(x) => ops.cholesky(product(x)), matrix]],
  triangularSolve: [
    [(x, b) => ops.triangularSolve(ops.cholesky(product(x)), b, { lower: true, transposed: false }), matrix, column],
    [(x, b) => ops.triangularSolve(ops.cholesky(product(x)), b, { lower: true, transposed: true }), matrix, column],
  ],
  diagonal: [[(x) => ops.diagonal(product(x)), matrix]],
  diagonalMatrix: [[ops.diagonalMatrix, vector]],
  matrixTranspose: [[ops.matrixTranspose, matrix]],
  tril: [[(x) => ops.tril(product(x)), matrix]],
  triu: [[(x) => ops.triu(product(x)), matrix]],
  xlogy: [[ops.xlogy, vector, positive]],
  xlog1py: [[ops.xlog1py, vector, [-0.6, 0.1, 0.5, 3]]],
  bd0: [[ops.bd0, positive, [1.2, 0.8, 1.8, 0.5]]],
  erfc: [[ops.erfc, vector]],
  erfcinv: [[ops.erfcinv, [0.1, 0.8, 1.1, 1.7]]],
  lbeta: [[ops.lbeta, positive, [0.3, 4, 1.2, 0.8]]],
  logGammaRatio: [[ops.logGammaRatio, positive, [0.5, -0.3, 4, 0.1]]],
  logGammaRatioRest: [[ops.logGammaRatioRest, positive, [0.5, -0.3, 4, 0.1]]],
  digammaDifference: [[ops.digammaDifference, [0.6, 0.9, 1.7, 6], [0.5, -0.3, 4, 0.1]]],
  digammaDifferenceRest: [[ops.digammaDifferenceRest, [0.6, 0.9, 1.7, 6], [0.5, -0.3, 4, 0.1]]],
  stirlingError: [[ops.stirlingError, [0.6, 0.9, 1.7, 6]]],
  stirlingErrorSlope: [[ops.stirlingErrorSlope, [0.6, 0.9, 1.7, 6]]],
  i0e: [[ops.i0e, [...vector, 9]]],
  i1e: [[ops.i1e, [...vector, 9]]],
  logI0: [[ops.logI0, [...vector, 9]]],
  circularVariance: [[ops.circularVariance, [...vector, 5, 9]]],
  lambertW: [[ops.lambertW, [-0.3, -0.1, 0.2, 1.9, 40]]],
  owensT: [[ops.owensT, vector, [0.3, -2, 0.8, 1.4]]],
  zeta: [[ops.zeta, [1.5, 2, 3.3, 6], [0.8, 1, 2.5, 4]]],
  betaBinomialBelow: [[(a, b) => ops.betaBinomialBelow(9, a, b, 4), positive, [0.4, 1.3, 5, 2]]],
  betaBinomialAbove: [[(a, b) => ops.betaBinomialAbove(9, a, b, 4), positive, [0.4, 1.3, 5, 2]]],
  betaBinomialEntropy: [
    [(a, b, l) => ops.betaBinomialEntropy(9, a, b, 4, l), positive, [0.4, 1.3, 5, 2], [-2, -3, -1.5, -2]],
  ],
  lgamma: [[ops.lgamma, [-1.7, ...positive]]],
  digamma: [[ops.digamma, [-1.7, ...positive]]],
  trigamma: [[ops.trigamma, [-1.7, ...positive]]],
  polygamma: [
    [(x) => ops.polygamma(2, x), [0.9, 1.7, 6]],
    [(x) => ops.polygamma(3, x), [0.9, 1.7, 6]],
    [(x) => ops.polygamma(2, x), [-1.5]], // alone: steeper than the others, whose differences it would drown
  ],
  stirlingRise: [[ops.stirlingRise, [0.6, 0.9, 1.7, 6], [0.8, 1.1, 2.5, 4]]],
  stirlingRiseGain: [
    [ops.stirlingRiseGain, [0.6, 0.9, 1.7, 6], [0.8, 1.1, 2.5, 4], [0.3, 1.2, 0.2, 5], [0.7, 2, 0.6, 0.9]],
  ],
  logStudentT: [[ops.logStudentT, studentDf, [-1.3, 0.4, 0.9, 7]]],
  studentTail: [[ops.studentTail, studentDf, [1.3, 0.4, 0.9, 7]]],
  logStudentTail: [[ops.logStudentTail, studentDf, [1.3, 0.4, 0.9, 7]]],
  betainc: [[ops.betainc, ...incompleteBeta]],
  betaincc: [[ops.betaincc, ...incompleteBeta]],
  logBetainc: [[ops.logBetainc, ...incompleteBeta]],
  logBetaincc: [[ops.logBetaincc, ...incompleteBeta]],
  gammainc: [[ops.gammainc, ...incompleteGamma]],
  gammaincc: [[ops.gammaincc, ...incompleteGamma]],
  logGammainc: [[ops.logGammainc, ...incompleteGamma]],
  logGammaincc: [[ops.logGammaincc, ...incompleteGamma]],
  gammaincInv: [[ops.gammaincInv, shapes[0], levels]],
  gammainccInv: [[ops.gammainccInv, shapes[0], levels]],
  logGammaincInv: [[ops.logGammaincInv, shapes[0], logLevels]],
  logGammainccInv: [[ops.logGammainccInv, shapes[0], logLevels]],
  betaincInv: [[ops.betaincInv, ...shapes, levels]],
  betainccInv: [[ops.betainccInv, ...shapes, levels]],
  logBetaincInv: [[ops.logBetaincInv, ...shapes, logLevels]],
  logBetainccInv: [[ops.logBetainccInv, ...shapes, logLevels]],
  where: [[(x, y) => ops.where(tensor([[true], [false]]), x, y), matrix, [1, 2, 3]]],
  sum: [
    [(x) => ops.sum(x), matrix],
    [(x) => ops.sum(x, 1, true), cube],
    [(x) => ops.sum(x, [0, 2]), cube],
  ],
  cumsum: [[ops.cumsum, matrix]],
  cumsumFromEnd: [[ops.cumsumFromEnd, matrix]],
  matmul: [
    [ops.matmul, matrix, cube[0]!.concat([[0.5, -0.2]])],
    [
      ops.matmul,
      cube,
      [
        [0.3, -0.9, 1.2],
        [0.8, 0.1, -0.5],
      ],
    ],
    [ops.matmul, [cube[0]!], cube],
    [
      (a, b) => ops.matmul(a.transpose(), b.transpose()),
      matrix,
      [
        [0.2, -0.1],
        [1.4, 0.6],
      ],
    ],
  ],
  reshape: [[(x) => ops.reshape(x, [3, 2]), matrix]],
  transpose: [[(x) => ops.transpose(x, [2, 0, 1]), cube]],
  broadcastTo: [
    [(x) => ops.broadcastTo(x, [3, 2, 4]), column],
    [(x) => ops.broadcastTo(x, [2, 2]), 0.7],
  ],
  slice: [
    [(x) => ops.slice(x, 1, 1, 3), matrix],
    // slices beside each other, with a gap, and overlapping ones
    [(x) => ops.add(ops.square(ops.slice(x, 0, 0, 1)), ops.slice(x, 0, 3, 4)), vector],
    [(x) => ops.mul(ops.slice(x, 0, 0, 3), ops.slice(x, 0, 1, 4)), vector],
    [(x) => ops.mul(ops.slice(ops.slice(x, 0, 1), 1, 0, 2), ops.slice(ops.slice(x, 0, 0, 1), 1, 1, 3)), matrix],
  ],
  pad: [[(x) => ops.pad(x, [1, 0], [0, 2]), matrix]],
  concatNodes: [[(x, y) => ops.concatNodes([x, y, x], 1), matrix, column]],
  gather: [[(x) => ops.gather(x, rows), cube]],
  cast: [[(x) => ops.cast(ops.cast(x, "float64"), "float64"), vector]],
  variable: [[ops.variable, vector]],
  flushed: [[(x) => ops.flushed(x, 1e-30), vector]],
  quietGradient: [[(x) => ops.quietGradient(x), vector]],
  withGradient: [[(x) => ops.withGradient(ops.exp(x), [x], (dy) => [dy.mul(x.exp())]), vector]],
  reduceTo: [[(x) => ops.reduceTo(x, [1, 3]), matrix]],
  logSumExp: [
    [(x) => logSumExp(x, -1), matrix],
    [(x) => logSumExp(x, 0, true), matrix],
  ],
  softmax: [[(x) => softmax(x), matrix]],
  logSoftmax: [[(x) => logSoftmax(x), matrix]],
  elu: [[(x) => elu(x), vector]],
  concat: [[(x, y) => concat([x, y], 0), matrix, other]],
  stack: [[(x, y) => stack([x, y], 1), matrix, other]],
  mean: [[(x) => x.mean(0), matrix]],
  scan: [
    [
      (start, xs) => {
        const [state, ys] = scan((s: Tensor, x: Tensor) => [s.mul(x).tanh().add(x), s.square()] as const, start, xs);
        return concat([state.expandDims(0), ys]);
      },
      [0.3, -0.8, 1.1],
      matrix,
    ],
  ],
  customGradient: [
    [
      customGradient(
        (x: Tensor) => x.square(),
        (dy, x: Tensor) => [dy.mul(x).mul(2)],
      ),
      vector,
    ],
  ],
};

/** Ops with kinks: first derivatives only. */
const kinked: Record<string, readonly Case[]> = {
  abs: [[ops.abs, vector]],
  minimum: [
    [ops.minimum, matrix, other],
    [ops.minimum, matrix, 0.9],
  ],
  maximum: [
    [ops.maximum, matrix, other],
    [ops.maximum, 0.9, matrix],
  ],
  relu: [[ops.relu, vector]],
  max: [
    [(x) => ops.max(x), matrix],
    [(x) => ops.max(x, 1, true), matrix],
    [(x) => ops.max(x, [0, 2]), cube],
  ],
  min: [[(x) => x.min(0), matrix]],
};

/** Ops whose result does not move with small changes: the gradient is 0, or there is nothing to differentiate. */
const flat: Record<string, readonly Fn[]> = {
  sign: [ops.sign],
  floor: [ops.floor],
  ceil: [ops.ceil],
  trunc: [ops.trunc],
  round: [ops.round],
  lt: [(x) => ops.lt(x, 0)],
  le: [(x) => ops.le(x, 0)],
  gt: [(x) => ops.gt(x, 0)],
  ge: [(x) => ops.ge(x, 0)],
  eq: [(x) => ops.eq(x, 0)],
  ne: [(x) => ops.ne(x, 0)],
  and: [(x) => ops.and(ops.lt(x, 1), ops.gt(x, -1))],
  or: [(x) => ops.or(ops.gt(x, 1), ops.lt(x, -1))],
  not: [(x) => ops.not(ops.lt(x, 0))],
  bitAnd: [(x) => ops.bitAnd(ops.cast(x, "int32"), 3)],
  bitOr: [(x) => ops.bitOr(ops.cast(x, "int32"), 3)],
  bitXor: [(x) => ops.bitXor(ops.cast(x, "int32"), 3)],
  shiftRight: [(x) => ops.shiftRight(ops.cast(x, "int32"), 1)],
  argmax: [ops.argmax],
  binomialInverse: [(x) => ops.binomialInverse(9, ops.sigmoid(x).mul(0.5), 0.3)],
  poissonInverse: [(x) => ops.poissonInverse(ops.exp(x), 0.3)],
  iota: [(x) => ops.iota(x.shape)],
  randomBits: [(x) => ops.randomBits(ops.cast(ops.slice(x, 0, 0, 2), "int32"), 5)],
  randomNormal: [(x) => ops.randomNormal(ops.cast(ops.slice(x, 0, 0, 2), "int32"), 5, "float64")],
  // by the key; by the concentration it is no difference of draws: see random/gamma.test.ts
  randomGamma: [(x) => ops.randomGamma(ops.cast(ops.slice(x, 0, 0, 2), "int32"), 5, tensor([2]), "gamma")],
  stopGradient: [ops.stopGradient],
};

const tensors = (inputs: readonly (number | Nested)[]): Tensor[] => inputs.map((x) => tensor(x, { dtype: "float64" }));

describe("gradients equal finite differences", () => {
  test.each(Object.entries({ ...smooth, ...kinked }))("%s", (_, cases) => {
    for (const [fn, ...inputs] of cases) expectGradient((xs) => fn(...xs), tensors(inputs));
  });
});

describe("so do second derivatives", () => {
  test.each(Object.entries(smooth))("%s", (_, cases) => {
    for (const [fn, ...inputs] of cases) expectSecondGradient((xs) => fn(...xs), tensors(inputs));
  });
});

describe("the gradient is 0", () => {
  test.each(Object.entries(flat))("%s", (_, fns) => {
    for (const fn of fns) {
      const slope = grad((x: Tensor) => ops.cast(fn(x), "float64").sum())(tensor(vector));
      expect(slope.toArray()).toEqual([0, 0, 0, 0]);
    }
  });
});

test("every op stands in one of the tables", () => {
  const known = Object.keys({ ...smooth, ...kinked, ...flat });
  const helpers = ["unify"]; // brings operands to one type, by `cast`
  expect(Object.keys(ops).filter((name) => !known.includes(name) && !helpers.includes(name))).toEqual([]);
});

test("gradients have the type of their tensor, whatever they meet on the way", () => {
  const x = tensor(new Float32Array([1, 2]));
  const slope = grad((t: Tensor) => t.mul(tensor([3, 4])).sum())(x);
  expect([slope.dtype, slope.toArray()]).toEqual(["float32", [3, 4]]);
});

test("a third derivative", () => {
  const third = grad((x: Tensor) => grad((y: Tensor) => grad((z: Tensor) => z.square().mul(z.exp()))(y))(x));
  // (x² e^x)''' = (x² + 6x + 6) e^x
  expect(third(tensor(0.5)).item()).toBeCloseTo((0.25 + 3 + 6) * Math.exp(0.5), 12);
});
