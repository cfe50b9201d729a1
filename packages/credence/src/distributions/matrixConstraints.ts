import type { Tensor } from "../graph/tensor.js";
import {
  abs,
  add,
  and,
  cholesky,
  diagonal,
  eq,
  gt,
  le,
  lt,
  matrixTranspose,
  mul,
  sub,
  sum,
  tril,
} from "../ops/index.js";
import type { Constraint } from "./constraints.js";

/** Sets of square matrices. */

const sizeOfLast = (x: Tensor): number => x.shape[x.rank - 1] as number;

/** Does the mask hold at all numbers of the last two axes? */
const everywhere = (mask: Tensor): Tensor => eq(sum(mask, [-2, -1]), sizeOfLast(mask) * (mask.shape.at(-2) as number));

function matrices(spec: Pick<Constraint, "name" | "allowed" | "mend" | "contains">): Constraint {
  return {
    ...spec,
    eventRank: 2,
    discrete: false,
    firstOutside: (x) => spec.contains(x).data().indexOf(0) * sizeOfLast(x) ** 2,
  };
}

/** What rounding may make of a symmetric matrix, relative to its diagonal. */
const ASYMMETRY = { float32: 1e-4, float64: 1e-8 } as const;

/** Finite, and equal to its transpose but for rounding. */
export const symmetricMatrix = matrices({
  name: "symmetric matrix",
  allowed: "symmetric matrices of finite numbers",
  mend: "give the mean of the matrix and its transpose",
  contains(x) {
    const scale = abs(diagonal(x));
    const tolerance = mul(add(scale.expandDims(-1), scale.expandDims(-2)), ASYMMETRY[x.dtype as "float32" | "float64"]);
    const isSame = le(abs(sub(x, matrixTranspose(x))), tolerance);
    return everywhere(and(isSame, lt(abs(x), Number.POSITIVE_INFINITY)));
  },
});

/** Symmetric with a Cholesky factor. */
export const positiveDefinite = matrices({
  name: "positive definite matrix",
  allowed: "symmetric matrices whose pivots are all > 0",
  mend: "add a little to the diagonal",
  contains(x) {
    const hasPivots = gt(diagonal(cholesky(x)), 0);
    return and(symmetricMatrix.contains(x), eq(sum(hasPivots, -1), sizeOfLast(x)));
  },
});

/** Lower triangular with a diagonal > 0. */
export const lowerCholesky = matrices({
  name: "lower triangular matrix with a diagonal > 0",
  allowed: "finite numbers, above the diagonal zeros and on it numbers > 0",
  mend: "give linalg.cholesky(covariance)",
  contains(x) {
    const isDiagonalFine = eq(sum(gt(diagonal(x), 0), -1), sizeOfLast(x));
    const isLower = everywhere(and(eq(x, tril(x)), lt(abs(x), Number.POSITIVE_INFINITY)));
    return and(isDiagonalFine, isLower);
  },
});
