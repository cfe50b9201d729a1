import type { Tensor } from "../../graph/tensor.js";
import { bd0, log1pmx, where } from "../../ops/index.js";
import type { Chance } from "../chance.js";
import { expm1Less } from "./parts.js";

/**
 * KL of two chances, of one trial: p log(p / q) + (1 - p) log((1 - p) / (1 - q)).
 *
 * By half deviances each term is of second order where the two are near; impossible outcomes come right too.
 */
export function chanceDivergence(p: Chance, q: Chance): Tensor {
  if (p.byLogits && q.byLogits) return logitsDivergence(p, q);
  return bd0(p.success, q.success).add(bd0(p.failure, q.failure));
}

/**
 * With d the difference of the logits and p <= 1/2, else mirrored: log(1 + p (e^d - 1)) - p d, for small d as a sum of terms of
 * second order.
 */
function logitsDivergence(p: Chance, q: Chance): Tensor {
  const sign = where(p.logits.gt(0), -1, 1);
  const d = q.logits.sub(p.logits).mul(sign);
  const isNear = d.abs().lt(1);
  const step = where(isNear, d, 0);
  const least = p.logits.abs().neg().sigmoid();
  const near = log1pmx(least.mul(step.expm1())).add(least.mul(expm1Less(step)));
  const far = p.success.mul(p.logSuccess.sub(q.logSuccess)).add(p.failure.mul(p.logFailure.sub(q.logFailure)));
  return where(isNear, near, far);
}
