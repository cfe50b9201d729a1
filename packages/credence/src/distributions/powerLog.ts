import type { Tensor } from "../graph/tensor.js";
import { log1pRatio, where } from "../ops/index.js";

/**
 * log(1 + ξ z) / ξ, which is z at ξ = 0: the logarithm that Box and Cox's power undoes. Where 1 + ξ z is below 0 it is what it is at 0.
 */
export function powerLog(z: Tensor, concentration: Tensor): Tensor {
  const u = concentration.mul(where(z.abs().lt(Number.POSITIVE_INFINITY), z, 0)); // an infinite z is its own logarithm
  const isNear = u.abs().lt(1);
  const near = z.mul(log1pRatio(where(isNear, u, 0)));
  const beyond = where(isNear, 1, u.maximum(-1));
  // the product may overflow where its logarithm does not
  const isFar = beyond.gt(1e15);
  const sizes = (t: Tensor): Tensor => where(isFar, t.abs(), 1).log();
  const logarithm = where(isFar, sizes(z).add(sizes(concentration)), where(isFar, 1, beyond).log1p());
  return where(isNear, near, logarithm.div(where(isNear, 1, concentration)));
}

/** (e^(ξ y) - 1) / ξ, which is y at ξ = 0. */
export function powerPlace(y: Tensor, concentration: Tensor): Tensor {
  const power = concentration.mul(y);
  const isStraight = power.abs().lt(1e-20).or(concentration.eq(0));
  return where(
    isStraight,
    y,
    where(isStraight, 1, power)
      .expm1()
      .div(where(isStraight, 1, concentration)),
  );
}
