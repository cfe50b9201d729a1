import type { Tensor } from "../graph/tensor.js";
import { pullBoth, pullDiv, pullMul } from "./adjoint.js";
import * as fn from "./functions/index.js";
import { elementwise } from "./op.js";
import { where } from "./where.js";

/** Logarithms of sums, and their products, as ops: the formula is in `functions/`, the gradient here. */

/** log(1 - e^x): the logarithm of what a probability e^x leaves over. @domain x < 0; -∞ at 0, NaN above */
export const log1mexp = elementwise("log1mexp", {
  inputs: ["x"],
  cost: 60,
  lower: (m, { x }) => fn.log1mexp(m, x),
  grad: ({ x, dy }) => ({ x: pullDiv(dy, x.neg().expm1().neg()) }),
});

/** log(x / y), with its full relative accuracy where x is near y, and where the quotient would over- or underflow. @domain x, y >= 0 */
export const logRatio = elementwise("logRatio", {
  inputs: ["x", "y"],
  cost: 45,
  lower: (m, { x, y }) => fn.logRatio(m, x, y),
  grad: ({ x, y, dy }) => ({ x: pullDiv(dy, x), y: pullDiv(dy, y).neg() }),
});

/** log(x) - y, with nearly its full relative accuracy where the two are close. @domain x >= 0 */
export const logExcess = elementwise("logExcess", {
  inputs: ["x", "y"],
  cost: 40,
  lower: (m, { x, y }) => fn.logExcess(m, x, y),
  grad: ({ x, dy }) => ({ x: pullDiv(dy, x), y: dy.neg() }),
});

/** log(1 + x) - x, which near 0 is -x² / 2, with its full relative accuracy. @domain x > -1; -∞ at -1, NaN below */
export const log1pmx = elementwise("log1pmx", {
  inputs: ["x"],
  cost: 45,
  lower: (m, { x }) => fn.log1pmx(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, x.div(x.add(1)).neg()) }),
});

/** log(1 / (1 + e^-x)), without underflow. */
export const logSigmoid = elementwise("logSigmoid", {
  inputs: ["x"],
  cost: 45,
  lower: (m, { x }) => fn.logSigmoid(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, x.neg().sigmoid()) }),
});

/** log(e^a + e^b), without overflow. Where both are infinite alike, each takes half of the gradient. @shape broadcast(a, b) */
export const logAddExp = elementwise("logAddExp", {
  inputs: ["a", "b"],
  cost: 45,
  lower: (m, { a, b }) => fn.logAddExp(m, a, b),
  grad: ({ a, b, dy }) => {
    const given = a.sub(b);
    const difference = where(given.eq(given), given, 0); // ∞ - ∞ is NaN
    return { a: pullMul(dy, difference.sigmoid()), b: pullMul(dy, difference.neg().sigmoid()) };
  },
});

/**
 * x log(y), 0 where x is 0. Its gradient by x is 0 where both are 0.
 *
 * @shape  broadcast(x, y)
 * @domain y >= 0; NaN below, but where x is 0
 */
export const xlogy = elementwise("xlogy", {
  inputs: ["x", "y"],
  cost: 30,
  lower: (m, { x, y }) => fn.xlogy(m, x, y),
  grad: ({ x, y, dy }) => ({
    x: pullMul(where(x.eq(0).and(y.le(0)), 0, dy), y.log()),
    y: pullDiv(pullBoth(dy, x), y),
  }),
});

/**
 * x log(1 + y), exact for small y; 0 where x is 0. Its gradient by x is 0 where x is 0 and y is -1.
 *
 * @shape  broadcast(x, y)
 * @domain y >= -1; NaN below, but where x is 0
 */
export const xlog1py = elementwise("xlog1py", {
  inputs: ["x", "y"],
  cost: 35,
  lower: (m, { x, y }) => fn.xlog1py(m, x, y),
  grad: ({ x, y, dy }) => ({
    x: pullMul(where(x.eq(0).and(y.le(-1)), 0, dy), y.log1p()),
    y: pullDiv(pullBoth(dy, x), y.add(1)),
  }),
});

/**
 * x log(x / y) + y - x, half the deviance of a Poisson law of mean y at x: as exact where they are near each other as elsewhere.
 *
 * @shape  broadcast(x, y)
 * @domain x, y >= 0; NaN below
 * @source Loader, Fast and accurate computation of binomial probabilities (2000), section 3, which names it
 */
export const bd0 = elementwise("bd0", {
  inputs: ["x", "y"],
  cost: 60,
  lower: (m, { x, y }) => fn.bd0(m, x, y),
  grad: ({ x, y, dy }): { x: Tensor; y: Tensor } => ({
    x: pullMul(dy, logRatio(x, y)),
    y: pullMul(dy, where(x.eq(0), 1, y.sub(x).div(y))),
  }),
});

/**
 * The principal branch W of Lambert's function, w e^w = x.
 *
 * @domain x >= -1 / e; NaN below, as at the number nearest to that
 * @source DLMF 4.13.1
 */
export const lambertW = elementwise("lambertW", {
  inputs: ["x"],
  cost: 160,
  lower: (m, { x }) => fn.lambertW(m, x),
  grad: ({ out, dy }) => ({ x: pullDiv(dy, out.add(1).mul(out.exp())) }),
});
