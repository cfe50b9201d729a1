import type { Distribution } from "../distributions/distribution.js";
import { panels } from "../distributions/quadrature.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { stopGradient } from "../ops/index.js";
import { concat } from "../tensor/derived.js";

/** Levels between whose quantiles a distribution function is smooth. Their tails count by their square: less than 1e-15 lies beyond. */
const LOWER = [1e-8, 1e-6, 1e-4, 1e-3, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4];
const LEVELS = [...LOWER, 0.5, ...LOWER.map((p) => 1 - p).reverse()];
const RULE = panels([0, 1]);

/**
 * ∫ F² dx below y and ∫ (1 - F)² dx above it, in panels that end at quantiles.
 *
 * The gradient by the law's parameters is taken at fixed x, where F moves; where the panels end does not matter.
 */
export function byQuadrature(d: Distribution, y: Tensor): Tensor {
  const like = (numbers: readonly number[], axes: number): Tensor =>
    tensor(Float64Array.from(numbers), { shape: [numbers.length, ...new Array<number>(axes).fill(1)] }).cast(
      d.dtype === "float32" ? "float32" : "float64",
    );
  const axes = y.rank;
  const quantiles = stopGradient(d.quantile(like(LEVELS, axes)).broadcastTo([LEVELS.length, ...y.shape]));
  const here = y.expandDims(0);
  const below = concat([quantiles.minimum(y), here]);
  const above = concat([here, quantiles.maximum(y)]);
  const [points, weights] = [like(RULE.points, axes + 1), like(RULE.weights, axes + 1)];
  const integral = (ends: Tensor, f: (x: TensorLike) => Tensor): Tensor => {
    const from = ends.slice(0, 0, LEVELS.length);
    const width = ends.slice(0, 1).sub(from);
    const x = from.add(width.mul(points));
    return f(x).square().mul(weights).sum(0).mul(width).sum(0);
  };
  return integral(below, (x) => d.cdf(x)).add(integral(above, (x) => d.survival(x)));
}
