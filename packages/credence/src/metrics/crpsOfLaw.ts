import type { Distribution } from "../distributions/distribution.js";
import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { crps as crpsLoss } from "../losses/crps.js";

/** Numbers in an intermediate result: 8 MB each, of which few are kept at a time. */
const MOST_NUMBERS = 1_000_000;
/** So many terms of a sum over whole numbers at most; beyond, every second, third, ... stands for its neighbours. */
const MOST_TERMS = 400;
/** What lies outside of these levels counts with the square of its probability. */
const NEGLIGIBLE = 1e-8;

/**
 * Continuous ranked probability score of predicted laws of numbers at the observations, one a law of the batch, in their units:
 * ∫ (F(x) - 1{x >= y})² dx. Smaller is better; for a point it is the absolute error.
 *
 * Of continuous laws as `losses.crps`, by formula or quadrature; of laws of whole numbers by the sum.
 *
 * @shape  [n], for a law of batch [n] and n observations
 * @throws CredenceError `shape`: the batch is not the observations'; `missing`: the law has no cdf or no quantile
 * @source Gneiting and Raftery, Strictly proper scoring rules, prediction, and estimation (2007), eq. 20
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
  return Float64Array.from(
    (predicted.support.discrete ? ofCounts(predicted, y) : crpsLoss(predicted, y, { reduction: "none" })).data(),
  );
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
