import type { Distribution } from "../distributions/distribution.js";
import { panels } from "../distributions/quadrature.js";
import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";

/** Numbers in an intermediate result: 8 MB each, of which few are kept at a time. */
const MOST_NUMBERS = 1_000_000;
/** So many terms of a sum over whole numbers at most; beyond, every second, third, ... stands for its neighbours. */
const MOST_TERMS = 400;
/** What lies outside of these levels counts with the square of its probability. */
const NEGLIGIBLE = 1e-9;

/**
 * Continuous ranked probability score of predicted laws of numbers at the observations, one a law of the batch, in their units:
 * ∫ (F(x) - 1{x >= y})² dx. Smaller is better; for a point it is the absolute error.
 *
 * Of continuous laws by quadrature over levels, right to some 1e-6 of itself, 1e-4 where the density has an edge: 2 ∫ |1{y < q(p)} - p| |q(p) - y| dp. Of laws of whole numbers
 * by the sum.
 *
 * @shape  [n], for a law of batch [n] and n observations
 * @throws CredenceError `shape`: the batch is not the observations'; `missing`: the law has no cdf or no quantile
 * @source Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation (2007), eq. 20; Laio and Tamea, Verification
 *   tools for probabilistic forecasts of continuous hydrological variables (2007), eq. 5
 */
export function crps(predicted: Distribution, observed: TensorLike): Float64Array {
  const y = tensor(observed);
  const { batchShape, eventShape } = predicted;
  if (y.rank !== 1 || batchShape.length !== 1 || batchShape[0] !== y.shape[0] || eventShape.length > 0) {
    fail({
      code: "shape",
      given: `crps: a law of batch ${showShape(batchShape)} and event ${showShape(eventShape)} for observations of shape ${showShape(y.shape)}`,
      allowed: "[n], [] and [n]",
    });
  }
  return Float64Array.from((predicted.support.discrete ? ofCounts(predicted, y) : ofNumbers(predicted, y)).data());
}

/** Levels on either side of the observation's, dense at both ends, where quantiles may go to infinity. */
function ofNumbers(law: Distribution, y: Tensor): Tensor {
  const { points, weights } = panels([0, 1]);
  const column = (of: (u: number, i: number) => number): Tensor =>
    tensor(Float64Array.from(points, of), { shape: [points.length, 1] });
  const share = column((u) => u * u * (3 - 2 * u));
  const weight = column((u, i) => 12 * u * (1 - u) * (weights[i] as number)); // of 2 dp
  const below = law.cdf(y);
  const above = law.survival(y);
  const low = share.mul(below);
  const high = share.mul(above); // distance from level 1
  const under = y.sub(law.quantile(low)).mul(low).mul(weight).sum(0).mul(below);
  const over = law.quantile(high.neg().add(1)).sub(y).mul(high).mul(weight).sum(0).mul(above);
  // with hardly any mass on a side its levels round to 0 and 1, and the other side is all that counts
  return where(below.gt(NEGLIGIBLE), under, 0).add(where(above.gt(NEGLIGIBLE), over, 0));
}

/** Σ F(k)² below the observation and Σ (1 - F(k))² from it on: the cdf is flat between whole numbers. */
function ofCounts(law: Distribution, y: Tensor): Tensor {
  const span = (k: Tensor): number => k.sub(y).abs().max().item();
  const reach = Math.max(span(law.quantile(NEGLIGIBLE)), span(law.quantile(1 - NEGLIGIBLE)), 1);
  const terms = Math.min(MOST_TERMS, Math.ceil(reach) + 1, Math.max(1, Math.floor(MOST_NUMBERS / y.size)));
  const stride = Math.ceil((reach + 1) / terms);
  const steps = tensor(
    Float64Array.from({ length: terms }, (_, i) => i * stride),
    { shape: [terms, 1] },
  );
  const whole = y.floor();
  const sum = (values: Tensor): Tensor => {
    const squares = values.square();
    const first = squares.slice(0, 0, 1).squeeze(0);
    return squares
      .sum(0)
      .mul(stride)
      .sub(first.mul((stride - 1) / 2)); // the trapezoid rule for those left out
  };
  return sum(law.cdf(whole.sub(1).sub(steps))).add(sum(law.survival(whole.add(steps))));
}
