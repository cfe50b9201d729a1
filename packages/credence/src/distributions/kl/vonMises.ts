import { tensor } from "../../graph/literal.js";
import type { Tensor } from "../../graph/tensor.js";
import { atan, circularVariance, i0e, i1e, logI0, stopGradient, where } from "../../ops/index.js";
import type { VonMises } from "../vonMises.js";
import { depthAt } from "../vonMisesTail.js";
import { expm1Less, type Rules } from "./parts.js";

/** [log I0(κ_q) - log I0(κ_p) - A (κ_q - κ_p)] + κ_q A (1 - cos d), with A = I1 / I0 of κ_p and d the distance of the two directions. */
function vonMisesVonMises(p: VonMises, q: VonMises): Tensor {
  const resultant = i1e(p.concentration).div(i0e(p.concentration));
  return logI0Rise(q.concentration, p.concentration).add(depthAt(p.loc.sub(q.loc), q.concentration).mul(resultant));
}

/** At sin²(θ / 2) = DEEPEST / κ half of κ puts the density out of a float64's reach. */
const DEEPEST = 45;

/** The trapezoid rule over the half circle, or the part of it that counts: exact to rounding for functions that are even and periodic. */
const COUNT = 40;
const points = Array.from({ length: COUNT + 1 }, (_, i) => i / COUNT);
const weights = points.map((_, i) => (i === 0 || i === COUNT ? 0.5 : 1));

/**
 * log I0(b) - log I0(a) - A(a) (b - a), which is never below 0. Near b = a it is the logarithm of E exp((b - a) (cos θ - A(a))) for θ of
 * concentration a: the exponent has mean 0, so that nothing of the first order need cancel.
 */
function logI0Rise(b: Tensor, a: Tensor): Tensor {
  const step = b.sub(a);
  const isNear = step.abs().lt(a.mul(0.5));
  const near = where(isNear, step, 0).expandDims(-1);
  const at = where(isNear, a, 1);
  const share = tensor(DEEPEST).div(stopGradient(at)).minimum(1);
  const half = atan(share.div(share.neg().add(1)).sqrt()); // atan(∞) is π / 2
  const depth = depthAt(half.mul(2).expandDims(-1).mul(tensor(points).cast(half.dtype)), tensor(1));
  const mass = depth.mul(at.expandDims(-1)).neg().exp().mul(tensor(weights).cast(half.dtype));
  const excess = expm1Less(circularVariance(at).expandDims(-1).sub(depth).mul(near)).mul(mass);
  const rise = excess.sum(-1).div(mass.sum(-1)).log1p();
  return where(isNear, rise, where(a.maximum(b).lt(2), nearZero(b, a, step), apart(b, a, step)));
}

const nearZero = (b: Tensor, a: Tensor, step: Tensor): Tensor =>
  logI0(b)
    .sub(logI0(a))
    .sub(i1e(a).div(i0e(a)).mul(step));

/** The same by e^-κ I0(κ), so that what grows like κ need not cancel. */
const apart = (b: Tensor, a: Tensor, step: Tensor): Tensor =>
  i0e(b).log().sub(i0e(a).log()).add(circularVariance(a).mul(step));

/** From the von Mises law to other families. */
export const fromVonMises: Rules = { VonMises: vonMisesVonMises };
