import type { Tensor } from "../graph/tensor.js";
import { abs, add, and, cholesky, diagonal, eq, gt, le, lt, matrixTranspose, mul, sub, sum } from "../ops/index.js";
import type { Constraint } from "./constraints.js";

/** Sets of square matrices, and the sphere. */

const sizeOfLast = (x: Tensor): number => x.shape[x.rank - 1] as number;

/** Does the mask hold at all numbers of the last two axes? */
const everywhere = (mask: Tensor): Tensor => eq(sum(mask, [-2, -1]), sizeOfLast(mask) * (mask.shape.at(-2) as number));

const firstOutside = (contains: Constraint["contains"], x: Tensor): number =>
  contains(x).data().indexOf(0) * sizeOfLast(x) ** 2;

/** What rounding may make of a symmetric matrix, relative to its diagonal. */
const ASYMMETRY = { float32: 1e-4, float64: 1e-8 } as const;

/** Finite, and equal to its transpose but for rounding. @shape [..., n, n] to [...]; bool */
function isSymmetric(x: Tensor): Tensor {
  const scale = abs(diagonal(x));
  const tolerance = mul(add(scale.expandDims(-1), scale.expandDims(-2)), ASYMMETRY[x.dtype as "float32" | "float64"]);
  const isSame = le(abs(sub(x, matrixTranspose(x))), tolerance);
  return everywhere(and(isSame, lt(abs(x), Number.POSITIVE_INFINITY)));
}

/** Symmetric matrices with a Cholesky factor. */
export const positiveDefinite: Constraint = {
  name: "positiveDefinite",
  allowed: "symmetric matrices of finite numbers whose pivots are all > 0",
  mend: "give the mean of the matrix and its transpose, and add a little to the diagonal",
  eventRank: 2,
  discrete: false,
  contains: (x) => and(isSymmetric(x), eq(sum(gt(diagonal(cholesky(x)), 0), -1), sizeOfLast(x))),
  firstOutside: (x) => firstOutside(positiveDefinite.contains, x),
};

/** The same for parameters, of which the factor is made in any case: it tells whether they have one. */
export const symmetricParameter: Constraint = {
  ...positiveDefinite,
  mend: "give the mean of the matrix and its transpose",
  contains: isSymmetric,
  firstOutside: (x) => firstOutside(isSymmetric, x),
};

/** How far from 1 the square of a length may be: it is a sum of rounded squares of rounded numbers. */
const lengthTolerance = (x: Tensor): number => (sizeOfLast(x) + 8) * (x.dtype === "float32" ? 2 ** -21 : 2 ** -50);

/** Vectors of length 1, as far as rounding lets them. */
export const unitVector: Constraint = {
  name: "unitVector",
  allowed: "vectors of length 1",
  mend: "divide by the length",
  eventRank: 1,
  discrete: false,
  contains: (x) => le(abs(sub(sum(mul(x, x), -1), 1)), lengthTolerance(x)),
  firstOutside: (x) => unitVector.contains(x).data().indexOf(0) * sizeOfLast(x),
};
