import type { Distribution } from "../distributions/distribution.js";
import { panels } from "../distributions/quadrature.js";
import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";

const { points, weights } = panels([0, 0.25, 0.5, 0.75, 1]);
/** Levels go as the fifth power of the points, so that they crowd at the ends, where quantiles run off. */
const LEVELS = points.map((t) => t ** 3 * t * t);
const FACTORS = points.map((t, i) => (weights[i] as number) * 5 * t * t * t * t * (LEVELS[i] as number));

/**
 * CRPS as the sum of all pinball losses, 2 ∫₀^F(y) p (y - q(p)) dp + 2 ∫₀^S(y) s (q(1 - s) - y) ds.
 *
 * @source Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation (2007), eq. 40
 */
export function byQuantiles(d: Distribution, y: Tensor): Tensor {
  const column = [LEVELS.length, ...y.shape.map(() => 1)];
  const like = (numbers: readonly number[]): Tensor =>
    tensor(Float64Array.from(numbers), { shape: column }).cast(d.dtype === "float32" ? "float32" : "float64");
  const [levels, factors] = [like(LEVELS), like(FACTORS)];
  const [below, above] = [d.cdf(y), d.survival(y)];
  const lower = y.sub(d.quantile(levels.mul(below)));
  const upper = d.quantile(levels.mul(above).neg().add(1)).sub(y);
  const total = lower.mul(below.square()).add(upper.mul(above.square()));
  return total.mul(factors).sum(0).mul(2);
}
