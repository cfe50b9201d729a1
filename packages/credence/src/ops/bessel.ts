import type { Tensor } from "../graph/tensor.js";
import { pullMul } from "./adjoint.js";
import { div } from "./arithmetic.js";
import * as fn from "./functions/index.js";
import { elementwise } from "./op.js";
import { where } from "./where.js";

/** Modified Bessel functions of the first kind as ops: the formula is in `functions/`, the gradient here. */

/** e^-|x| I0(x). @source DLMF 10.25.2 */
export const i0e = elementwise("i0e", {
  inputs: ["x"],
  cost: 100,
  lower: (m, { x }) => fn.i0e(m, x),
  grad: ({ x, out, dy }) => ({ x: pullMul(dy, out.mul(circularVariance(x)).mul(x.sign())).neg() }),
});

/** e^-|x| I1(x). @source DLMF 10.25.2 */
export const i1e = elementwise("i1e", {
  inputs: ["x"],
  cost: 100,
  lower: (m, { x }) => fn.i1e(m, x),
  grad: ({ x, out, dy }): { x: Tensor } => ({
    x: pullMul(dy, i0e(x).mul(circularVariance(x)).sub(overSelf(out, x))),
  }),
});

/** log(I0(x)), which near 0 is x² / 4, without overflow. */
export const logI0 = elementwise("logI0", {
  inputs: ["x"],
  cost: 130,
  lower: (m, { x }) => fn.logI0(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, i1e(x).div(i0e(x))) }),
});

/**
 * 1 - I1(|x|) / I0(|x|): the circular variance of a von Mises law of concentration x, about 1 / (2x) where it is large.
 *
 * @source Mardia and Jupp, Directional Statistics (2000), section 3.5.4
 */
export const circularVariance = elementwise("circularVariance", {
  inputs: ["x"],
  cost: 130,
  lower: (m, { x }) => fn.circularVariance(m, x),
  // A = I1 / I0 has the derivative 1 - A / x - A², here with v = 1 - A
  grad: ({ x, out, dy }): { x: Tensor } => {
    const slope = overSelf(i1e(x), x)
      .div(i0e(x))
      .sub(out.mul(out.neg().add(2)));
    return { x: pullMul(dy, slope.mul(x.sign())) };
  },
});

/** i1e(x) / x, which at 0 is 1/2. */
function overSelf(value: Tensor, x: Tensor): Tensor {
  return where(x.eq(0), 0.5, div(value, x));
}
