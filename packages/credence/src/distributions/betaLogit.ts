import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { betainc, betaincc, div, eq, lbeta, logRatio, ndtri, where, xlogy } from "../ops/index.js";
import { invertCdf } from "./invertCdf.js";

/** Logits beyond which quantiles are not told apart. */
interface Ends {
  readonly low: TensorLike;
  readonly high: TensorLike;
}

/**
 * log(x / (1 - x)) for the quantile x of a beta distribution, so that neither x nor 1 - x underflows. Distribution functions of this
 * law are concave in logarithms, so that Newton's method converges from anywhere.
 *
 * @shape  broadcast(level, batch)
 */
export function betaLogit(a: Tensor, b: Tensor, level: Tensor, { low, high }: Ends, batch: Shape): Tensor {
  const isUpper = level.gt(0.5);
  // whichever of x and 1 - x is the smaller has the digits
  const tail = (logit: Tensor): Tensor => {
    const isRight = logit.gt(0);
    const [own, other] = [where(isRight, b, a), where(isRight, a, b)];
    const z = logit.abs().neg().sigmoid();
    return where(eq(isUpper, isRight), betainc(own, other, z), betaincc(own, other, z));
  };
  const law = {
    cdf: tail,
    survival: tail,
    prob: (logit: Tensor) => xlogy(a, logit.sigmoid()).add(xlogy(b, logit.neg().sigmoid())).sub(lbeta(a, b)).exp(),
  };
  // by the first term of the power series of either tail
  const fromZero = level.log().add(a.log()).add(lbeta(a, b)).div(a);
  const fromOne = level.neg().log1p().add(b.log()).add(lbeta(a, b)).div(b);
  const far = where(isUpper, fromOne, fromZero);
  const spread = div(1, a).add(div(1, b)).sqrt();
  const middle = logRatio(a, b).add(ndtri(level).mul(spread));
  const guess = where(far.lt(-2), where(isUpper, far.neg(), far), middle);
  const logit = invertCdf(law, level, { lower: low, upper: high, guess }, batch);
  return where(fromZero.le(low), low, where(fromOne.neg().ge(high), high, logit));
}
