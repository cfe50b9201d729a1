import type { Tensor } from "../graph/tensor.js";
import { bd0, lbeta, stirlingError, where } from "../ops/index.js";

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** From here on, both, Stirling's formula serves. */
export const LARGE_SHAPE = 2;

/** Below this, in float32 too, the logarithm of a variable outweighs all that cancels. */
const LEAST = 1e-35;

/** Are the logarithms of a mass large, and their sum not? */
export const isCancelling = (a: Tensor, b: Tensor, x: Tensor): Tensor =>
  a.ge(LARGE_SHAPE).and(b.ge(LARGE_SHAPE)).and(x.gt(LEAST));

/** A point x of (0, 1) with y = 1 - x, of full accuracy both. */
interface Place {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly x: Tensor;
  readonly y: Tensor;
  readonly logX: Tensor;
  readonly logY: Tensor;
}

/** log(x^a y^b / B(a, b)), the density of the logit in a beta distribution. */
export function logBetaMass({ a, b, x, y, logX, logY }: Place): Tensor {
  const isLarge = isCancelling(a, b, x).and(y.gt(LEAST));
  const at = (t: Tensor, safe: number): Tensor => where(isLarge, t, safe);
  const large = stirlingMass(at(a, LARGE_SHAPE), at(b, LARGE_SHAPE), at(x, 0.5), at(y, 0.5));
  return where(isLarge, large, a.mul(logX).add(b.mul(logY)).sub(lbeta(a, b)));
}

/** The same with Stirling's formula written out. @source Loader, Fast and accurate computation of binomial probabilities (2000) */
export function stirlingMass(a: Tensor, b: Tensor, x: Tensor, y: Tensor): Tensor {
  const n = a.add(b);
  return a
    .mul(b.div(n))
    .log()
    .mul(0.5)
    .sub(HALF_LOG_TWO_PI)
    .add(stirlingError(n).sub(stirlingError(a)).sub(stirlingError(b)))
    .sub(bd0(a, n.mul(x)))
    .sub(bd0(b, n.mul(y)));
}
