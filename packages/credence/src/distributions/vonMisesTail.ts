import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { atan, cospi, i0e, sinpi, stopGradient, where } from "../ops/index.js";
import { panels } from "./quadrature.js";

/** Of the von Mises law at 0 with concentration κ, whose density is exp(-2 κ sin²(θ / 2)) / (2π e^-κ I0(κ)). */

/** What is deeper than this below the highest point has no share in a float64. */
const DEEPEST = 45;
const thirds = panels([0, 1 / 3, 2 / 3, 1]);

/** sin(θ / 2) and cos(θ / 2), for any number of turns. */
export const halfSine = (angle: Tensor): Tensor => sinpi(angle.mul(0.5 / Math.PI));
const halfCosine = (angle: Tensor): Tensor => cospi(angle.mul(0.5 / Math.PI));

/** 2 κ sin²(θ / 2): how far the log density at θ is below that at 0. */
export function depthAt(angle: Tensor, concentration: Tensor): Tensor {
  const sine = halfSine(angle);
  return concentration.mul(sine).mul(sine.mul(2));
}

/**
 * The mass between `angle` and π as exp(-depth) area, by quadrature over the part that counts: cos t = cos θ - DEEPEST / κ ends it, or π.
 *
 * @param angle  from 0 to π
 */
export function vonMisesTail(angle: Tensor, concentration: Tensor): { readonly depth: Tensor; readonly area: Tensor } {
  const width = reach(angle, concentration);
  const across = width.expandDims(-1).mul(tensor(thirds.points).cast(width.dtype));
  // 2 sin²((θ + u) / 2) - 2 sin²(θ / 2)
  const rise = halfSine(across)
    .mul(2)
    .mul(sinOf(angle.expandDims(-1).add(across.mul(0.5))));
  const fall = concentration.expandDims(-1).mul(rise).neg().exp();
  const sum = fall.mul(tensor(thirds.weights).cast(width.dtype)).sum(-1);
  return {
    depth: depthAt(angle, concentration),
    area: sum.mul(width).div(i0e(concentration).mul(2 * Math.PI)),
  };
}

/** sin t, for t from 0 to π. */
const sinOf = (t: Tensor): Tensor => sinpi(t.mul(1 / Math.PI));

function reach(angle: Tensor, concentration: Tensor): Tensor {
  const rest = angle.neg().add(Math.PI).maximum(0);
  const [at, still] = [stopGradient(angle), stopGradient(concentration)];
  const [sine, cosine] = [halfSine(at), halfCosine(at)];
  const drop = tensor(DEEPEST / 2).div(still); // of sin², on the way there
  const isShort = drop.lt(cosine.square());
  const end = sine.square().add(where(isShort, drop, 0)); // its sin²
  // the sine of half the difference of the two angles
  const half = where(isShort, drop, 0).div(end.sqrt().mul(cosine).add(end.neg().add(1).sqrt().mul(sine)));
  const short = atan(half.div(half.square().neg().add(1).sqrt())).mul(2);
  return where(isShort, short.minimum(stopGradient(rest)), rest);
}
