import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { erf, erfcx, where } from "../ops/index.js";

/**
 * Pieces of the area under exp(-z² / 2), of whatever width and however far out, each measured against the height at its own point
 * nearest to 0: nothing under- or overflows, and no two numbers are subtracted that are nearly equal.
 */

const HALF_PI_ROOT = Math.sqrt(Math.PI / 2);

/** Up to this product of width and farther end the piece is summed as a series. */
const NARROW = 0.5;

/** The height at which the density falls off over its whole infinite tail: ∫ exp(-z t - t² / 2) dt from 0 on, for z >= 0. */
export const millsRatio = (z: Tensor): Tensor => erfcx(z.mul(Math.SQRT1_2)).mul(HALF_PI_ROOT);

/** ∫ exp(-near t - t² / 2) dt from 0 to a width, for near >= 0. */
function tailArea(near: Tensor, width: Tensor): Tensor {
  const isNarrow = width.mul(near.add(width)).lt(NARROW);
  const short = where(isNarrow, width, 0);
  const long = where(isNarrow, 1, width);
  const fall = long.mul(near.add(long.mul(0.5))).neg();
  const wide = millsRatio(near).sub(fall.exp().mul(millsRatio(near.add(long))));
  return where(isNarrow, narrowArea(where(isNarrow, near, 0), short), wide);
}

/**
 * The same by Taylor's series around the middle c = near + width / 2: with h = width / 2 it is
 * width exp(-h (near + h / 2)) Σ He_2j(c) h^2j / (2j + 1)!, Hermite's polynomials taken with their powers of h.
 *
 * @source DLMF 18.12.16, integrated term by term
 */
function narrowArea(near: Tensor, width: Tensor): Tensor {
  const half = width.mul(0.5);
  const slope = near.add(half).mul(half);
  const square = half.square();
  let [before, last]: [Tensor, Tensor] = [tensor(1), slope];
  let sum: Tensor = tensor(1);
  let factorial = 1;
  for (let n = 2; n <= 18; n++) {
    [before, last] = [last, slope.mul(last).sub(square.mul(before).mul(n - 1))];
    if (n % 2 === 1) continue;
    factorial *= n * (n + 1);
    sum = sum.add(last.div(factorial));
  }
  return width
    .mul(
      half
        .mul(near.add(half.mul(0.5)))
        .neg()
        .exp(),
    )
    .mul(sum);
}

/**
 * ∫ exp(-(z² - n²) / 2) dz from `lower` to `upper`, with n the point of the piece nearest to 0.
 *
 * @param width  upper - lower, which the caller may know better than their difference tells
 */
export function normalArea(lower: Tensor, upper: Tensor, width: TensorLike): Tensor {
  const straddles = lower.lt(0).and(upper.gt(0));
  const near = where(straddles, 1, where(lower.ge(0), lower, upper.neg()));
  const aside = tailArea(near, where(straddles, 1, width));
  const around = erf(upper.mul(Math.SQRT1_2))
    .sub(erf(lower.mul(Math.SQRT1_2)))
    .mul(HALF_PI_ROOT);
  return where(straddles, around, aside);
}
