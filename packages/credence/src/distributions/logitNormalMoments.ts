import { whileLoop } from "../autodiff/whileLoop.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { exp } from "../ops/functions/index.js";
import { ndtr, stopGradient, where } from "../ops/index.js";
import { float64Machine } from "../ops/numbers.js";

const INVERSE_ROOT_TWO_PI = 1 / Math.sqrt(2 * Math.PI);

/**
 * Up to this scale the sigmoid is smooth beside the normal density, whose points serve; beyond it the normal distribution function is
 * smooth beside the sigmoid's slope, whose points do. Either way the trapezoid rule is exact to rounding.
 */
const WIDE = 2;
const normalPoints = Array.from({ length: 105 }, (_, i) => (i - 52) / 4);
const normalWeights = normalPoints.map((z) => (exp(float64Machine, -0.5 * z * z) * INVERSE_ROOT_TWO_PI) / 4);
const logisticPoints = Array.from({ length: 161 }, (_, i) => (i - 80) / 2);
const logisticWeights = logisticPoints.map((t) => {
  const odds = exp(float64Machine, -Math.abs(t));
  return (0.5 * odds) / (1 + odds) ** 2;
});

interface Moments {
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly skewness: Tensor;
  /** E[-log x - log(1 - x)]. */
  readonly curve: Tensor;
}

/**
 * Of x = σ(y) for a normal y.
 *
 * @source Trefethen and Weideman, The exponentially convergent trapezoidal rule (2014), sections 5 and 12
 * @shape  each broadcast(loc, scale)
 */
export function logitNormalMoments(loc: Tensor, scale: Tensor): Moments {
  const shape = loc.add(scale);
  const [centre, width] = [loc.add(scale.mul(0)), scale.add(loc.mul(0))].map((t) => t.cast("float64")) as [
    Tensor,
    Tensor,
  ];
  const isWide = width.gt(WIDE);
  const narrow = narrowMoments(centre, where(isWide, 1, width));
  const wide = wideMoments(centre, where(isWide, width, 2 * WIDE));
  const pick = (of: (m: Moments) => Tensor): Tensor => where(isWide, of(wide), of(narrow)).cast(shape.dtype);
  return {
    mean: pick((m) => m.mean),
    variance: pick((m) => m.variance),
    skewness: pick((m) => m.skewness),
    curve: pick((m) => m.curve),
  };
}

function narrowMoments(loc: Tensor, scale: Tensor): Moments {
  const over = (values: Tensor): Tensor => values.mul(tensor(normalWeights)).sum(-1);
  const away = scale.expandDims(-1).mul(tensor(normalPoints));
  const y = loc.expandDims(-1).add(away);
  // σ(y) - σ(loc), not as a difference
  const off = away.neg().expm1().neg().mul(y.sigmoid()).mul(loc.neg().sigmoid().expandDims(-1));
  const shift = over(off);
  const centred = off.sub(shift.expandDims(-1));
  const variance = over(centred.square());
  return {
    mean: loc.sigmoid().add(shift),
    variance,
    skewness: over(centred.square().mul(centred)).div(variance.mul(variance.sqrt())),
    curve: loc.add(over(y.neg().softplus()).mul(2)),
  };
}

/** By parts: E g(y) = g(-∞) + ∫ g′(t) P(y > t) dt. */
function wideMoments(loc: Tensor, scale: Tensor): Moments {
  const over = (values: Tensor): Tensor => values.mul(tensor(logisticWeights)).sum(-1);
  const points = tensor(logisticPoints);
  const [centre, width] = [loc.expandDims(-1), scale.expandDims(-1)];
  const z = points.sub(centre).div(width);
  const above = ndtr(z.neg());
  const mean = over(above);
  const density = z.mul(z.mul(-0.5)).exp().mul(INVERSE_ROOT_TWO_PI);
  const slope = over(density).div(scale); // E x (1 - x)
  const variance = mean
    .mul(over(ndtr(z)))
    .sub(slope)
    .maximum(0);
  const off = points.sigmoid().sub(mean.expandDims(-1));
  const third = over(off.square().mul(above)).mul(3).sub(mean.square().mul(mean));
  // E softplus(-y) = ∫ σ′(t) E max(-y - t, 0) dt
  const lower = points.neg().sub(centre).div(width);
  const excess = lower
    .mul(lower.mul(-0.5))
    .exp()
    .mul(INVERSE_ROOT_TWO_PI)
    .add(lower.mul(ndtr(lower)));
  return {
    mean,
    variance,
    skewness: third.div(variance.mul(variance.sqrt())),
    curve: loc.add(over(excess).mul(scale).mul(2)),
  };
}

/** A double root halves its distance a step; others take some six. */
const STEPS = 60;

/**
 * The greatest y with y - loc = scale² tanh(y / 2), where the density of σ(y) has its highest peak, for loc >= 0: from above, where
 * the difference is convex, Newton's method comes down on it.
 */
export function logitNormalMode(loc: Tensor, scale: Tensor): Tensor {
  const square = scale.square();
  const stepFrom = (y: Tensor, at: Tensor, spread: Tensor): Tensor => {
    const bend = y.mul(0.5).tanh();
    const slope = stopGradient(bend.square().neg().add(1).mul(spread).mul(-0.5).add(1));
    const isSteep = slope.gt(0);
    return where(
      isSteep,
      y
        .sub(at)
        .sub(spread.mul(bend))
        .div(where(isSteep, slope, 1)),
      0,
    );
  };
  const [at, spread] = [stopGradient(loc.add(square.mul(0))), stopGradient(square.add(loc.mul(0)))];
  const { y } = whileLoop(
    ({ count }) => count.lt(STEPS),
    ({ y, count }) => ({ y: y.sub(stepFrom(y, at, spread)), count: count.add(1) }),
    { y: at.add(spread), count: tensor(new Int32Array([0]), { shape: [] }) },
    { limit: STEPS },
  );
  const root = stopGradient(y);
  return root.sub(stepFrom(root, loc, square)); // the last step carries the gradient
}
