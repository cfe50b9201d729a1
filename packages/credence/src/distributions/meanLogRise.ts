import type { Tensor } from "../graph/tensor.js";
import { iota, stopGradient, where } from "../ops/index.js";
import type { NegativeBinomial } from "./negativeBinomial.js";

/** Points of the trapezoid rule over log t, which is analytic within π / 2 of the real line: exact to rounding in steps up to 0.25. */
const POINTS = 400;

/** Below the first t and above the last so little is left: e^-38 and e^-45; in float32 e^-18. */
const LEFT = { float32: 18, float64: 38 } as const;
const BEYOND = 45;
/** t stays a normal number. */
const LEAST = { float32: -80, float64: -690 } as const;

/**
 * E log (Γ(k + b) Γ(a) / (Γ(k + a) Γ(b))) over a negative binomial k, by Malmstén's formula for log Γ: the integral of
 *
 *     (1 - M(t)) (e^-at - e^-bt) / (1 - e^-t) / t
 *
 * over t from 0 on, where M(t) = E e^-kt. All of it has one sign.
 *
 * @param a  > 0, as is b
 * @shape  broadcast(law's batch, a, b)
 * @source Cheraghchi, Expressions for the entropy of binomial-type distributions (2018), section 4; DLMF 5.9.13
 */
export function meanLogRise(law: NegativeBinomial, a: Tensor, b: Tensor): Tensor {
  const precision = law.dtype as "float32" | "float64";
  const [less, more] = [a.minimum(b), a.maximum(b)];
  const first = law.chance.logFailure.sub(more.maximum(1).log()).sub(LEFT[precision]).maximum(LEAST[precision]);
  const last = less.minimum(1).log().neg().add(Math.log(BEYOND));
  const width = last.sub(first).div(POINTS - 1);
  const [start, step] = [stopGradient(first).expandDims(-1), stopGradient(width)];
  const t = start.add(step.expandDims(-1).mul(iota([POINTS]).cast(precision))).exp();
  const [count, odds] = [law.totalCount, law.mean().div(law.totalCount)].map((x) => x.expandDims(-1)) as [
    Tensor,
    Tensor,
  ];
  const rise = t.neg().expm1().neg(); // 1 - e^-t
  const others = odds.mul(rise).log1p().mul(count).neg().expm1().neg(); // 1 - M
  const gap = t.mul(more.sub(less).expandDims(-1)).neg().expm1().neg();
  const kernel = t.mul(less.expandDims(-1)).neg().exp().mul(gap).div(rise);
  const size = others.mul(kernel).sum(-1).mul(step);
  return size.mul(where(b.ge(a), 1, -1));
}
