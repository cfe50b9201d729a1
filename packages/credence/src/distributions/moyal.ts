import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { erf, erfinv, logNdtr, ndtr, ndtri, where } from "../ops/index.js";
import { fromMoyal } from "./kl/moyal.js";
import { LocationScale, locationAndScale } from "./locationScale.js";
import { logProbability } from "./logTails.js";
import { check } from "./parameters.js";

const EULER = 0.5772156649015329;
const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** Beyond this the upper tail is √(2/π) e^(-z/2) to rounding. */
const FAR = 80;

/**
 * Moyal distribution, which approximates Landau's of the energy that a charged particle loses in matter.
 *
 *     log p(x) = -(z + exp(-z)) / 2 - log(2π) / 2 - log scale,  z = (x - loc) / scale
 *
 * exp(-z / 2) is the size of a standard normal number.
 *
 * @param loc    mode; units of x
 * @param scale  √2 / π standard deviations, > 0; units of x
 * @shape  batch = broadcast(loc, scale); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Moyal, Theory of ionization fluctuations (1955); Walck, Hand-book on statistical distributions (2007), chapter 26
 */
export class Moyal extends LocationScale {
  readonly name = "Moyal";

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike }) {
    super("Moyal", check("Moyal", params, locationAndScale));
  }

  override get klRules() {
    return fromMoyal;
  }

  protected override logDensity(z: Tensor): Tensor {
    // exp(-z) is infinite long before -1e5; at -∞ the sum would be NaN
    const finite = z.maximum(-1e5);
    return finite.add(finite.neg().exp()).mul(-0.5).sub(HALF_LOG_TWO_PI);
  }

  protected override below(z: Tensor): Tensor {
    return ndtr(size(z).neg()).mul(2);
  }

  protected override above(z: Tensor): Tensor {
    return erf(size(z).mul(Math.SQRT1_2));
  }

  protected override logBelow(z: Tensor): Tensor {
    return logProbability(this.below(z), this.above(z), logNdtr(size(z).neg()).add(Math.LN2));
  }

  protected override logAbove(z: Tensor): Tensor {
    const isFar = z.gt(FAR);
    const far = z.mul(-0.5).add(0.5 * Math.log(2 / Math.PI));
    return where(isFar, far, logProbability(this.above(where(isFar, 0, z)), this.below(z)));
  }

  protected override tailQuantile(tail: Tensor, isUpper: Tensor): Tensor {
    const normal = where(isUpper, erfinv(tail).mul(Math.SQRT2), ndtri(tail.mul(0.5)).neg());
    return normal.log().mul(-2);
  }

  protected override standardEntropy(): number {
    return 0.5 * (1 + EULER + Math.LN2) + HALF_LOG_TWO_PI;
  }

  override mean(): Tensor {
    return this.loc.add(this.scale.mul(EULER + Math.LN2)).broadcastTo(this.batchShape);
  }

  override mode(): Tensor {
    return this.loc.broadcastTo(this.batchShape);
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.scale.mul(Math.PI * Math.SQRT1_2).broadcastTo(this.batchShape);
  }

  /** 28 √2 ζ(3) / π³ */
  override skewness(): Tensor {
    return this.scale.mul(0).add(1.5351415907229).broadcastTo(this.batchShape);
  }
}

/** Of the normal number. */
const size = (z: Tensor): Tensor => z.mul(-0.5).exp();
