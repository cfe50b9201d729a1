import { type TensorLike, tensor } from "../../graph/literal.js";
import { broadcastShapes } from "../../graph/shape.js";
import type { Tensor } from "../../graph/tensor.js";
import {
  bd0,
  digamma,
  erf,
  exp,
  expm1,
  lgamma,
  logRatio,
  stirlingError,
  stirlingErrorSlope,
  trigamma,
  where,
} from "../../ops/index.js";
import type { Distribution, KlRule } from "../distribution.js";
import { panels } from "../quadrature.js";

/** What several divergences are made of: each never below 0, and with all its digits where two laws are nearly equal. */

/** r - 1 - log r with r = x / y, whose logarithm keeps its digits where the quotient itself is too small to have any. */
export function scaleTerm(x: Tensor, y: Tensor): Tensor {
  const r = x.div(y);
  const isNear = r.gt(0.5).and(r.lt(2));
  return where(isNear, bd0(1, where(isNear, r, 1)), r.sub(1).sub(logRatio(x, y)));
}

/** e^v - 1 - v, by its series near 0. */
export function expm1Less(v: Tensor): Tensor {
  const isSmall = v.abs().lt(0.5);
  const small = where(isSmall, v, 0);
  return where(isSmall, small.square().mul(series(small)), expm1(v).sub(v));
}

/** (e^v - 1 - v) / v² = (1 + v/3 (1 + v/4 (1 + ...))) / 2, to rounding in float64 for |v| < 1/2. */
function series(v: Tensor): Tensor {
  let sum = tensor(1);
  for (let k = 17; k >= 3; k--) sum = sum.mul(v.div(k)).add(1);
  return sum.div(2);
}

const RULE = panels([0, 1]);

/**
 * lgamma(b) - lgamma(a) - digamma(a) (b - a), which is never below 0. Near b = a it is (b - a)² ∫ (1 - t) trigamma(a + t (b - a)) dt over [0, 1],
 * by quadrature.
 */
export function lgammaRise(b: Tensor, a: Tensor): Tensor {
  const step = b.sub(a);
  const isNear = step.abs().lt(a.mul(0.25));
  const near = where(isNear, step, 0);
  const far = lgamma(b).sub(lgamma(a)).sub(digamma(a).mul(step));
  return where(isNear, near.mul(near.mul(remainder(trigamma, a, near))), far);
}

/** B_2n: the second derivative of `stirlingError` is Σ B_2n / a^(2n+1). */
const BERNOULLI = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];

/** Where their series is exact to rounding. */
const SERIES_START = 8;

/** trigamma(a) - 1 / a - 1 / (2a²), what Stirling's formula leaves over, differentiated twice. */
function stirlingErrorCurve(a: Tensor): Tensor {
  const isLarge = a.ge(SERIES_START);
  const inverse = tensor(1).div(where(isLarge, a, SERIES_START));
  const square = inverse.square();
  const sum = BERNOULLI.reduceRight((rest, b) => rest.mul(square).add(b), tensor(0));
  const small = where(isLarge, 1, a);
  const direct = trigamma(small).sub(tensor(1).div(small)).sub(tensor(0.5).div(small.square()));
  return where(isLarge, sum.mul(square).mul(inverse), direct);
}

/** s(b) - s(a) - s'(a) (b - a) for s = stirlingError, which is convex; near b = a as `lgammaRise`. */
export function stirlingRise(b: Tensor, a: Tensor): Tensor {
  const step = b.sub(a);
  const isNear = step.abs().lt(a.mul(0.25));
  const near = where(isNear, step, 0);
  const far = stirlingError(b).sub(stirlingError(a)).sub(stirlingErrorSlope(a).mul(step));
  return where(isNear, near.mul(near.mul(remainder(stirlingErrorCurve, a, near))), far);
}

/** ∫ (1 - t) f(a + t step) dt over [0, 1]. */
function remainder(f: (x: Tensor) => Tensor, a: Tensor, step: Tensor): Tensor {
  const points = tensor(RULE.points).cast(a.dtype);
  const weights = tensor(RULE.points.map((t, i) => (1 - t) * RULE.weights[i]!)).cast(a.dtype);
  return f(a.expandDims(-1).add(step.expandDims(-1).mul(points)))
    .mul(weights)
    .sum(-1);
}

/** E|x| of a normal with this mean and scale. */
export function foldedMean(mean: Tensor, scale: Tensor): Tensor {
  const z = mean.div(scale);
  const density = exp(z.mul(z.mul(-0.5))).mul(Math.sqrt(2 / Math.PI));
  return scale.mul(density).add(mean.mul(erf(z.mul(Math.SQRT1_2))));
}

/** ((x - y) / z)², where the quotient is formed first. */
export const squaredDistance = (x: TensorLike, y: Tensor, scale: Tensor): Tensor =>
  tensor(x).sub(y).div(scale).square();

/** Infinite whatever the parameters: p has mass where q has none. NaN where a parameter is. */
export const never: KlRule = (p: Distribution, q: Distribution) => {
  const shape = broadcastShapes("klDivergence", [p.batchShape, q.batchShape]);
  const parameters = [...Object.values(p.parameters), ...Object.values(q.parameters)];
  const nothing = parameters.reduce((sum, t) => sum.add(where(t.eq(t), 0, Number.NaN)), tensor(0));
  return nothing.add(Number.POSITIVE_INFINITY).broadcastTo(shape);
};

/** A law on [0, 1] with density x^(concentration1 - 1) (1 - x)^(concentration0 - 1) / B(concentration1, concentration0). */
export interface BetaLaw extends Distribution {
  readonly concentration1: Tensor;
  readonly concentration0: Tensor;
}

/** A law on positive numbers with density rate^a x^(a - 1) e^(-rate x) / Γ(a), a the concentration. */
export interface GammaLaw extends Distribution {
  readonly concentration: Tensor;
  readonly rate: Tensor;
}

/** -E log q of a gamma law q, given E log x and E x. */
export function gammaCross(q: GammaLaw, meanLog: Tensor, mean: Tensor): Tensor {
  const { concentration, rate } = q;
  return lgamma(concentration)
    .sub(concentration.mul(rate.log()))
    .sub(concentration.sub(1).mul(meanLog))
    .add(rate.mul(mean));
}

export type Rules = Readonly<Record<string, KlRule>>;
