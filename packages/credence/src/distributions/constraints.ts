import { isFloat } from "../graph/dtype.js";
import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { abs, and, eq, floor, ge, gt, iota, le, lt, max, mul, slice, sub, sum, where } from "../ops/index.js";

export * from "./matrixConstraints.js";

/** A set of numbers or vectors: where a parameter may lie, or where a distribution has its mass. */
export interface Constraint {
  readonly name: string;
  /** The set in words, for errors. */
  readonly allowed: string;
  /** How a network's output gets there. */
  readonly mend?: string;
  /** How many trailing axes make one element: 0 for numbers, 1 for vectors. */
  readonly eventRank: number;
  readonly discrete: boolean;
  /** The ends of a set of numbers, where they do not depend on parameters. */
  readonly bounds?: readonly [lower: number, upper: number];
  /** The ends of a set of numbers, where they depend on parameters. */
  readonly limits?: readonly [lower: TensorLike, upper: TensorLike];
  /** Of a set of vectors whose numbers all lie in one set: that set, and over how many axes. */
  readonly each?: { readonly base: Constraint; readonly axes: number };
  /** Does each element lie in the set? NaN does not. @shape x without its event axes; bool */
  contains(x: Tensor): Tensor;
  /** Position, in row-major order over all numbers, where the first element outside is or begins; below 0: there is none. */
  firstOutside(x: Tensor): number;
}

interface Interval {
  readonly name: string;
  readonly allowed: string;
  readonly mend?: string;
  readonly lower?: number;
  readonly upper?: number;
  /** Which ends belong to the set: "[)" has the lower alone. */
  readonly ends?: "()" | "[)" | "(]" | "[]";
  readonly discrete?: boolean;
}

/** Numbers between two bounds, by default excluded and infinite. */
/* @__NO_SIDE_EFFECTS__ */
export function interval(spec: Interval): Constraint {
  const { name, allowed, mend, discrete = false, ends = "()" } = spec;
  const { lower = Number.NEGATIVE_INFINITY, upper = Number.POSITIVE_INFINITY } = spec;
  const [withLower, withUpper] = [ends[0] === "[", ends[1] === "]"];
  const holds = (x: number): boolean =>
    (withLower ? x >= lower : x > lower) && (withUpper ? x <= upper : x < upper) && (!discrete || x === Math.floor(x));
  return {
    name,
    allowed,
    ...(mend === undefined ? {} : { mend }),
    eventRank: 0,
    discrete,
    bounds: [lower, upper],
    contains(x) {
      const inside = and(withLower ? ge(x, lower) : gt(x, lower), withUpper ? le(x, upper) : lt(x, upper));
      return discrete && isFloat(x.dtype) ? and(inside, eq(x, floor(x))) : inside;
    },
    firstOutside: (x) => (x.data() as Float64Array).findIndex((value) => !holds(value)),
  };
}

export const real = interval({
  name: "real",
  allowed: "finite numbers",
  mend: "look for the NaN or infinity where this comes from",
});
export const angle = interval({ name: "angle", allowed: "finite angles in radians, of any number of turns" });
export const positive = interval({
  name: "positive",
  allowed: "finite numbers > 0",
  mend: "give raw.softplus() or raw.exp()",
  lower: 0,
});
export const nonNegative = interval({ name: "nonNegative", allowed: "finite numbers >= 0", lower: 0, ends: "[)" });
export const unitInterval = interval({
  name: "unitInterval",
  allowed: "numbers from 0 to 1",
  mend: "give raw.sigmoid()",
  lower: 0,
  upper: 1,
  ends: "[]",
});
export const positiveProbability = interval({
  name: "positiveProbability",
  allowed: "numbers above 0, at most 1",
  mend: "give raw.sigmoid()",
  lower: 0,
  upper: 1,
  ends: "(]",
});
export const probabilityBelowOne = interval({
  name: "probabilityBelowOne",
  allowed: "numbers from 0 to below 1",
  mend: "give raw.sigmoid()",
  lower: 0,
  upper: 1,
  ends: "[)",
});
export const openUnitInterval = interval({
  name: "openUnitInterval",
  allowed: "numbers between 0 and 1, both excluded",
  mend: "give raw.sigmoid()",
  lower: 0,
  upper: 1,
});
export const correlation = interval({
  name: "correlation",
  allowed: "numbers between -1 and 1, both excluded",
  mend: "give raw.tanh()",
  lower: -1,
  upper: 1,
});
export const nonZero: Constraint = {
  name: "nonZero",
  allowed: "finite numbers but 0",
  eventRank: 0,
  discrete: false,
  contains: (x) => and(lt(abs(x), Number.POSITIVE_INFINITY), gt(abs(x), 0)),
  firstOutside: (x) => (x.data() as Float64Array).findIndex((value) => !Number.isFinite(value) || value === 0),
};
/** Anything but NaN: ends of intervals that may be open. */
export const extendedReal = interval({ name: "extendedReal", allowed: "numbers, -Infinity or Infinity", ends: "[]" });
/** Logarithms of weights that need not sum to 1: -Infinity is a weight of 0. */
export const logWeights = interval({
  name: "logWeights",
  allowed: "finite numbers, or -Infinity for a weight of 0",
  lower: Number.NEGATIVE_INFINITY,
  ends: "[)",
});
export const integers = interval({ name: "integers", allowed: "whole numbers", discrete: true });
export const nonNegativeIntegers = interval({
  name: "nonNegativeIntegers",
  allowed: "whole numbers >= 0",
  lower: 0,
  ends: "[)",
  discrete: true,
});

/** The whole numbers from `lower` to `upper`, both included. */
export const integersFrom = (lower: number, upper: number): Constraint =>
  interval({
    name: `integersFrom(${lower}, ${upper})`,
    allowed: `whole numbers from ${lower} to ${upper}`,
    lower,
    upper,
    ends: "[]",
    discrete: true,
  });

/** The whole numbers from 0 to a parameter. @shape  x and `upper` broadcast */
export const wholeUpTo = (upper: TensorLike): Constraint => ({
  ...wholeBetween(0, upper),
  name: "wholeUpTo",
  allowed: "whole numbers from 0 to the distribution's greatest",
});

/** The whole numbers from one parameter to another, both included. @shape  x and the bounds broadcast */
export function wholeBetween(lower: TensorLike, upper: TensorLike): Constraint {
  const contains = (x: Tensor): Tensor => and(and(ge(x, lower), le(x, upper)), eq(x, floor(x)));
  return {
    name: "wholeBetween",
    allowed: "whole numbers from the distribution's least to its greatest",
    eventRank: 0,
    discrete: true,
    contains,
    firstOutside: (x) => contains(x).data().indexOf(0),
  };
}

/** Numbers between bounds that depend on parameters, by default included. @shape  x and the bounds broadcast */
export function between(lower: TensorLike, upper: TensorLike, ends: "()" | "[)" | "(]" | "[]" = "[]"): Constraint {
  const contains = (x: Tensor): Tensor =>
    and(ends[0] === "[" ? ge(x, lower) : gt(x, lower), ends[1] === "]" ? le(x, upper) : lt(x, upper));
  return {
    name: "between",
    allowed: "numbers between the distribution's bounds",
    eventRank: 0,
    discrete: false,
    limits: [lower, upper],
    contains,
    firstOutside: (x) => contains(x).data().indexOf(0),
  };
}

/** Vectors whose numbers all satisfy `base`: its set over one more axis, or over several. */
/* @__NO_SIDE_EFFECTS__ */
export function each(base: Constraint, axes: number): Constraint {
  if (axes === 0) return base;
  const contains = (x: Tensor): Tensor => {
    const inside = base.contains(x);
    const own = Array.from({ length: axes }, (_, i) => i - axes);
    return eq(
      sum(inside, own),
      own.reduce((n, axis) => n * (inside.shape[inside.rank + axis] as number), 1),
    );
  };
  return { ...base, name: `each(${base.name})`, eventRank: base.eventRank + axes, each: { base, axes }, contains };
}

/** Sums of probabilities are rounded: as many units in the last place as there are terms, and some more. */
const sumTolerance = (x: Tensor): number =>
  ((x.shape[x.rank - 1] ?? 1) + 8) * (x.dtype === "float32" ? 2 ** -23 : 2 ** -52);

/** Probabilities along the last axis: none negative, and their sum 1 as far as rounding lets it. */
export const simplex: Constraint = {
  name: "simplex",
  allowed: "along the last axis numbers >= 0 whose sum is 1",
  mend: "give softmax(raw), or divide by the sum",
  eventRank: 1,
  discrete: false,
  contains: (x) => and(each(nonNegative, 1).contains(x), le(abs(sub(sum(x, -1), 1)), sumTolerance(x))),
  firstOutside: (x) => simplex.contains(x).data().indexOf(0) * (x.shape[x.rank - 1] as number),
};

/** Vectors in which each number is above the one before it. */
export const increasing: Constraint = {
  name: "increasing",
  allowed: "along the last axis finite numbers, each above the one before it",
  mend: "give new Ordered().forward(raw)",
  eventRank: 1,
  discrete: false,
  contains: (x) =>
    and(each(real, 1).contains(x), each(positive, 1).contains(sub(slice(x, -1, 1), slice(x, -1, 0, -1)))),
  firstOutside: (x) => increasing.contains(x).data().indexOf(0) * (x.shape[x.rank - 1] as number),
};

/** Lower triangular matrices with a diagonal above 0. */
export const choleskyFactor: Constraint = {
  name: "choleskyFactor",
  allowed: "lower triangular matrices of finite numbers, above 0 on the diagonal",
  mend: "give new CholeskyFactor().forward(raw)",
  eventRank: 2,
  discrete: false,
  contains(x) {
    const n = x.shape[x.rank - 1] as number;
    const [row, column] = [iota([n, 1]), iota([n])];
    const onDiagonal = where(eq(row, column), x, 1);
    const above = where(lt(row, column), x, 0);
    return and(
      and(each(real, 2).contains(x), each(positive, 2).contains(onDiagonal)),
      eq(sum(abs(above), [-2, -1]), 0),
    );
  },
  firstOutside: (x) => choleskyFactor.contains(x).data().indexOf(0) * (x.shape[x.rank - 1] as number) ** 2,
};

/** Cholesky factors of correlation matrices: their rows have length 1 as far as rounding lets them. */
export const correlationCholesky: Constraint = {
  name: "correlationCholesky",
  allowed: "lower triangular matrices, above 0 on the diagonal, with rows of length 1",
  mend: "give new CorrelationCholesky().forward(raw)",
  eventRank: 2,
  discrete: false,
  contains(x) {
    const excess = abs(sub(sum(mul(x, x), -1), 1));
    const isUnit = le(max(excess, -1), 2 * sumTolerance(x));
    return and(choleskyFactor.contains(x), isUnit);
  },
  firstOutside: (x) => correlationCholesky.contains(x).data().indexOf(0) * (x.shape[x.rank - 1] as number) ** 2,
};

/** Vectors of zeros with one 1. */
export const oneHot: Constraint = {
  name: "oneHot",
  allowed: "along the last axis zeros and one 1",
  eventRank: 1,
  discrete: true,
  contains: (x) => and(each(integersFrom(0, 1), 1).contains(x), eq(sum(x, -1), 1)),
  firstOutside: (x) => oneHot.contains(x).data().indexOf(0) * (x.shape[x.rank - 1] as number),
};

/** A single number, which a parameter gives. */
export const atPoint = (point: Tensor): Constraint => ({
  name: "atPoint",
  allowed: "the point of the distribution",
  eventRank: 0,
  discrete: true,
  contains: (x) => eq(x, point),
  firstOutside: (x) => eq(x, point).data().indexOf(0),
});

/** Whole numbers >= 0 along the last axis whose sum is a given one. */
export const countsOf = (total: Tensor): Constraint => {
  const contains = (x: Tensor): Tensor => and(each(nonNegativeIntegers, 1).contains(x), eq(sum(x, -1), total));
  return {
    name: "countsOf",
    allowed: "along the last axis whole numbers >= 0 that add up to totalCount",
    eventRank: 1,
    discrete: true,
    contains,
    firstOutside: (x) => contains(x).data().indexOf(0),
  };
};
