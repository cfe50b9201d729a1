import type { Distribution } from "../distributions/distribution.js";
import type { TensorLike } from "../graph/literal.js";

/** Mean negative log-likelihood of the observations, one a distribution of the batch; nats in their units. May be negative. */
export const nll = (predicted: Distribution, observed: TensorLike): number =>
  predicted.logProb(observed).mean().neg().item();

/**
 * The probability integral transform: the predicted cdf at each observation. Of predictions that are right it is uniform on
 * [0, 1].
 *
 * @source Dawid, Present position and potential developments: the prequential approach (1984)
 */
export const pit = (predicted: Distribution, observed: TensorLike): Float64Array =>
  Float64Array.from(predicted.cdf(observed).data());
