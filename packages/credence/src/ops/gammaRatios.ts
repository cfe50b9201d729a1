import type { Tensor } from "../graph/tensor.js";
import { pullMul } from "./adjoint.js";
import { div } from "./arithmetic.js";
import * as fn from "./functions/index.js";
import { digamma, trigamma } from "./gamma.js";
import { elementwise } from "./op.js";

/** Quotients and products of gamma functions, as logarithms that do not cancel: formulas in `functions/`, gradients here. */

/** Gradients that name ops defined later need their type said. */
interface Pair {
  readonly x: Tensor;
  readonly d: Tensor;
}

/**
 * log B(p, q) = lgamma(p) + lgamma(q) - lgamma(p + q), as exact for large p and q as for small ones.
 *
 * @shape  broadcast(p, q)
 * @domain p, q > 0; ∞ where one is 0, NaN below
 * @source DLMF 5.12.1
 */
export const lbeta = elementwise("lbeta", {
  inputs: ["p", "q"],
  cost: 300,
  lower: (m, { p, q }) => fn.lbeta(m, p, q),
  grad: ({ p, q, dy }) => ({
    p: pullMul(dy, digammaDifference(p, q)).neg(),
    q: pullMul(dy, digammaDifference(q, p)).neg(),
  }),
});

/**
 * lgamma(x + d) - lgamma(x), the logarithm of the rising factorial (x)_d, as exact for large x as for small ones.
 *
 * @shape  broadcast(x, d)
 * @domain x > 0 and x + d > 0
 * @source DLMF 5.2.4 and 5.11.12
 */
export const logGammaRatio = elementwise("logGammaRatio", {
  inputs: ["x", "d"],
  cost: 250,
  lower: (m, { x, d }) => fn.logGammaRatio(m, x, d),
  grad: ({ x, d, dy }) => ({ x: pullMul(dy, digammaDifference(x, d)), d: pullMul(dy, digamma(x.add(d))) }),
});

/**
 * lgamma(x + d) - lgamma(x) - d log(x), which vanishes as d (d - 1) / (2x) for large x.
 *
 * @shape  broadcast(x, d)
 * @domain x > 0 and x + d > 0; 0 for infinite x
 * @source DLMF 5.11.12
 */
export const logGammaRatioRest = elementwise("logGammaRatioRest", {
  inputs: ["x", "d"],
  cost: 230,
  lower: (m, { x, d }) => fn.logGammaRatioRest(m, x, d),
  grad: ({ x, d, dy }) => ({
    x: pullMul(dy, digammaDifferenceRest(x, d)),
    d: pullMul(dy, digamma(x.add(d)).sub(x.log())),
  }),
});

/**
 * digamma(x + d) - digamma(x), as exact for small d and large x as elsewhere.
 *
 * @shape  broadcast(x, d)
 * @domain x > 0 and x + d > 0
 */
export const digammaDifference = elementwise("digammaDifference", {
  inputs: ["x", "d"],
  cost: 250,
  lower: (m, { x, d }) => fn.digammaDifference(m, x, d),
  grad: ({ x, d, dy }): Pair => {
    const s = x.add(d);
    const poles = d
      .div(s)
      .div(x)
      .mul(div(1, x).add(div(1, s)));
    return { x: pullMul(dy, trigammaFrom(x, s).sub(poles)), d: pullMul(dy, trigamma(s)) };
  },
});

/**
 * digamma(x + d) - digamma(x) - d / x, which vanishes as d (1 - d) / (2x²) for large x.
 *
 * @shape  broadcast(x, d)
 * @domain x > 0 and x + d > 0
 */
export const digammaDifferenceRest = elementwise("digammaDifferenceRest", {
  inputs: ["x", "d"],
  cost: 250,
  lower: (m, { x, d }) => fn.digammaDifferenceRest(m, x, d),
  grad: ({ x, d, dy }): Pair => {
    const s = x.add(d);
    // d / x² - 1 / x² + 1 / s², none of which may overflow by itself
    const poles = div(-1, s).mul(x.div(s).add(1)).add(1).mul(d.div(x)).div(x);
    return { x: pullMul(dy, trigammaFrom(x, s).add(poles)), d: pullMul(dy, trigamma(s).sub(div(1, x))) };
  },
});

/** trigamma(s) - trigamma(x) without their poles 1 / s² and 1 / x², which may overflow where the difference has a sign. */
const trigammaFrom = (x: Tensor, s: Tensor): Tensor => trigamma(s.add(1)).sub(trigamma(x.add(1)));

/**
 * lgamma(x) - (x - 1/2) log(x) + x - log(2π) / 2: what Stirling's formula leaves over, about 1 / (12x).
 *
 * @domain x > 0; ∞ at 0, NaN below. Relative accuracy from 1 on, an absolute one below
 * @source DLMF 5.11.1; the name is Loader's, Fast and accurate computation of binomial probabilities (2000)
 */
export const stirlingError = elementwise("stirlingError", {
  inputs: ["x"],
  cost: 60,
  lower: (m, { x }) => fn.stirlingError(m, x),
  grad: ({ x, dy }) => ({ x: pullMul(dy, stirlingErrorSlope(x)) }),
});

/** The derivative of `stirlingError`: digamma(x) - log(x) + 1 / (2x), about -1 / (12x²). @domain x > 0 */
export const stirlingErrorSlope = elementwise("stirlingErrorSlope", {
  inputs: ["x"],
  cost: 60,
  lower: (m, { x }) => fn.stirlingErrorSlope(m, x),
  grad: ({ x, dy }): { x: Tensor } => {
    const inverse = div(1, x);
    return { x: pullMul(dy, trigamma(x).sub(inverse).sub(inverse.square().mul(0.5))) };
  },
});

/**
 * lgamma(x) - lgamma(y) - digamma(y) (x - y) - bd0(x, y), which is never below 0: half of x / y - 1 - log(x / y) for large x and y.
 *
 * @shape  broadcast(x, y)
 * @domain x, y > 0; NaN below
 * @source DLMF 5.11.1
 */
export const stirlingRise = elementwise("stirlingRise", {
  inputs: ["x", "y"],
  cost: 250,
  outlined: true,
  lower: (m, { x, y }) => fn.stirlingRise(m, x, y),
  grad: ({ x, y, dy }): Sides => {
    const slopes = riseSlopes(x, y);
    return { x: pullMul(dy, slopes.x), y: pullMul(dy, slopes.y) };
  },
});

/**
 * stirlingRise(x + d, y + e) - stirlingRise(x, y), as exact for small d and e as elsewhere.
 *
 * @shape  broadcast(x, y, d, e)
 * @domain all > 0
 */
export const stirlingRiseGain = elementwise("stirlingRiseGain", {
  inputs: ["x", "y", "d", "e"],
  cost: 500,
  outlined: true,
  lower: (m, { x, y, d, e }) => fn.stirlingRiseGain(m, x, y, d, e),
  grad: ({ x, y, d, e, dy }) => {
    const [from, to] = [riseSlopes(x, y), riseSlopes(x.add(d), y.add(e))];
    return {
      x: pullMul(dy, to.x.sub(from.x)),
      y: pullMul(dy, to.y.sub(from.y)),
      d: pullMul(dy, to.x),
      e: pullMul(dy, to.y),
    };
  },
});

interface Sides {
  readonly x: Tensor;
  readonly y: Tensor;
}

/** Of `stirlingRise`. */
function riseSlopes(x: Tensor, y: Tensor): Sides {
  const step = x.sub(y);
  const slopes = stirlingErrorSlope(x).sub(stirlingErrorSlope(y));
  return { x: step.div(x).div(y).mul(0.5).add(slopes), y: step.mul(div(1, y).sub(trigamma(y))) };
}
