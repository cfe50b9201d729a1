import { whileLoop } from "../autodiff/whileLoop.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { erfcx, logNdtr, ndtr, stopGradient, where } from "../ops/index.js";
import { panels } from "./quadrature.js";

/** Of the standard skew-normal law, for shapes α >= 0. All by sums of positive terms. */

const INVERSE_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

/** Beyond this any z will do: every density is 0. */
export const FURTHEST = 1e18;

/** What is deeper than this below the highest point has no share in a float64. */
const DEEPEST = 45;
const halves = panels([0, 0.5, 1]);

/** √(1 + α²) */
export function root(shape: Tensor): Tensor {
  const size = shape.abs();
  const isLarge = size.gt(1e9);
  return where(isLarge, size, where(isLarge, 0, size).square().add(1).sqrt());
}

/**
 * The mass below -out as exp(-depth) area. With Φ(-t) = exp(-t² / 2) erfcx(t / √2) / 2 the density falls like a normal one of
 * variance 1 / (1 + α²), times a factor that hardly changes.
 *
 * @param out  >= 0
 */
export function skewTail(out: Tensor, shape: Tensor): { readonly depth: Tensor; readonly area: Tensor } {
  const steepness = root(shape);
  const start = steepness.mul(out);
  const bounded = out.minimum(FURTHEST);
  const near = steepness.mul(bounded);
  const reach = tensor(2 * DEEPEST).div(
    near
      .square()
      .add(2 * DEEPEST)
      .sqrt()
      .add(near),
  );
  const each = (t: Tensor): Tensor => t.expandDims(-1);
  const at = each(reach).mul(tensor(halves.points).cast(reach.dtype));
  const fall = at
    .mul(each(near).add(at.mul(0.5)))
    .neg()
    .exp();
  const place = each(shape).mul(each(bounded).add(at.div(each(steepness))));
  const sum = fall
    .mul(erfcx(place.mul(Math.SQRT1_2)))
    .mul(tensor(halves.weights).cast(reach.dtype))
    .sum(-1);
  return {
    depth: start.mul(start.mul(0.5)),
    area: sum.mul(reach).div(steepness).mul(INVERSE_ROOT_TWO_PI),
  };
}

/** Beyond 9.5 the binary entropy of Φ(-u) is 0 to rounding, as is the normal density. */
const EVEN = 9.5;
const thirds = panels([0, 1 / 3, 2 / 3, 1]);

/** E H(Φ(α |Z|)) for a normal Z, with H the entropy of a coin: how much is left open about the side on which a draw lies. */
export function skewEvenness(shape: Tensor): Tensor {
  const reach = tensor(EVEN).div(shape.maximum(1));
  const at = reach.expandDims(-1).mul(tensor(thirds.points).cast(reach.dtype));
  const u = shape.expandDims(-1).mul(at);
  const one = (side: Tensor): Tensor => ndtr(side).mul(logNdtr(side)).neg();
  const density = at
    .mul(at.mul(-0.5))
    .exp()
    .mul(2 * INVERSE_ROOT_TWO_PI);
  const terms = density.mul(one(u).add(one(u.neg())));
  return terms.mul(tensor(thirds.weights).cast(reach.dtype)).sum(-1).mul(reach);
}

const MOST_STEPS = 200;

/** The z with z = α φ(αz) / Φ(αz). The difference is concave and grows, so that Newton's method climbs to it from 0. */
export function skewMode(shape: Tensor): Tensor {
  const stepFrom = (z: Tensor, a: Tensor): Tensor => {
    const u = a.mul(z);
    const hazard = tensor(Math.sqrt(2 / Math.PI)).div(erfcx(u.mul(-Math.SQRT1_2)));
    const slope = stopGradient(
      a
        .mul(a)
        .mul(hazard.mul(u.add(hazard)))
        .add(1),
    );
    return z.sub(a.mul(hazard)).div(slope);
  };
  const still = stopGradient(shape);
  const found = whileLoop(
    ({ moving, count }) => moving.sum().gt(0).and(count.lt(MOST_STEPS)),
    ({ z, moving, count }) => {
      const next = z.sub(stepFrom(z, still));
      return {
        z: where(moving, next, z),
        moving: moving.and(next.gt(z.mul(1 + 1e-12))),
        count: count.add(1),
      };
    },
    { z: still.mul(0), moving: still.ge(0), count: tensor(new Int32Array([0]), { shape: [] }) },
    { limit: MOST_STEPS },
  );
  const top = stopGradient(found.z);
  return top.sub(stepFrom(top, shape)); // the last step carries the gradient
}
