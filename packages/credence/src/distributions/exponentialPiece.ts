import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { stopGradient, where } from "../ops/index.js";
import { panels } from "./quadrature.js";

/** Of the law on [0, 1] whose density falls like e^(-a t), a >= 0. */

/** The terms of the series below from here on are below rounding, up to a = 1. */
const TERMS = 18;

/** (1 - e^-y) / y, which at 0 is 1, for y >= 0. */
export function meanOfDecay(y: Tensor): Tensor {
  const isSmall = y.lt(1);
  const small = where(isSmall, y, 0);
  let sum = tensor(1);
  for (let k = TERMS; k >= 2; k--) sum = sum.mul(small.div(-k)).add(1);
  return where(
    isSmall,
    sum,
    where(isSmall, 1, y)
      .neg()
      .expm1()
      .neg()
      .div(where(isSmall, 1, y)),
  );
}

/** log((sinh y) / y), for |y| <= 1/2. */
export function logSinhRatio(y: Tensor): Tensor {
  const square = y.square();
  let sum = tensor(1);
  for (let k = 8; k >= 2; k--) sum = sum.mul(square.div(2 * k * (2 * k + 1))).add(1);
  return square.div(6).mul(sum).log1p();
}

/** What is deeper than this below the highest point has no share in a float64. */
const DEEPEST = 45;
const rule = panels([0, 0.5, 1]);

/** E f(t), by quadrature over the part that counts. @param f  of t along a new last axis */
export function meanOver(a: Tensor, f: (t: Tensor) => Tensor): Tensor {
  const reach = tensor(DEEPEST).div(stopGradient(a).maximum(1)).minimum(1).expandDims(-1);
  const t = reach.mul(tensor(rule.points).cast(reach.dtype));
  const weights = t.mul(a.expandDims(-1)).neg().exp().mul(tensor(rule.weights).cast(reach.dtype));
  return f(t).mul(weights).sum(-1).div(weights.sum(-1));
}

/** 1/2 - E t, all in terms of one sign. */
export function lean(a: Tensor): Tensor {
  const isSmall = a.lt(1);
  const small = where(isSmall, a, 0).expandDims(-1);
  const off = tensor(rule.points).cast(a.dtype).neg().add(0.5);
  const weights = tensor(rule.weights).cast(a.dtype);
  const mass = off.mul(small).exp().mul(weights).sum(-1);
  const near = off.mul(off.mul(small).expm1()).mul(weights).sum(-1).div(mass);
  return where(
    isSmall,
    near,
    heavyMean(where(isSmall, 1, a))
      .neg()
      .add(0.5),
  );
}

/** E t. Its difference from 1/2 has more digits by `lean`. */
export const heavyMean = (a: Tensor): Tensor => meanOver(a, (t) => t);
