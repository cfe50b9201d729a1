import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { gammainccInv, gammaincInv, where } from "../ops/index.js";
import { standardGamma } from "../random/index.js";
import { positive } from "./constraints.js";
import { Distribution } from "./distribution.js";
import {
  gammaAbove,
  gammaBelow,
  gammaEntropy,
  gammaLogProb,
  logGammaAbove,
  logGammaBelow,
  type Standard,
  standardOf,
} from "./gammaParts.js";
import { fromInverseGamma } from "./kl/inverseGamma.js";
import { clampTo, levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/** Draws stay finite. */
const MOST = { float32: 3.4028234663852886e38, float64: Number.MAX_VALUE } as const;

/**
 * Inverse gamma distribution: one over a gamma number, as the variance of normal numbers is known from some of them.
 *
 *     log p(x) = concentration log(rate) - (concentration + 1) log x - rate / x - log Γ(concentration),  x > 0
 *
 * @param concentration  shape, > 0; moments of this order and above do not exist
 * @param rate           that of the gamma number 1 / x, > 0; units of x, of which it is the scale
 * @shape  batch = broadcast(concentration, rate); event = []
 * @throws CredenceError `domain`: a known parameter is not > 0 or infinite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 17, section 8.3
 */
export class InverseGamma extends Distribution {
  readonly name = "InverseGamma";
  readonly support = positive;
  readonly reparameterized = true;
  readonly concentration: Tensor;
  readonly rate: Tensor;

  constructor(params: { readonly concentration: TensorLike; readonly rate: TensorLike }) {
    const given = check("InverseGamma", params, { concentration: positive, rate: positive });
    super(scalars("InverseGamma", given));
    this.concentration = given.concentration;
    this.rate = given.rate;
  }

  override get klRules() {
    return fromInverseGamma;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    return onSupport(value, this.support.contains(value), this.rate, (at) =>
      gammaLogProb(this.concentration, this.rate, at, -1),
    );
  }

  override cdf(x: TensorLike): Tensor {
    return gammaAbove(this.concentration, this.clamped("cdf", x));
  }

  override survival(x: TensorLike): Tensor {
    return gammaBelow(this.concentration, this.clamped("survival", x));
  }

  override logCdf(x: TensorLike): Tensor {
    return logGammaAbove(this.concentration, this.clamped("logCdf", x));
  }

  override logSurvival(x: TensorLike): Tensor {
    return logGammaBelow(this.concentration, this.clamped("logSurvival", x));
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const isUpper = level.gt(0.5);
    const lower = gammainccInv(this.concentration, where(isUpper, 0.5, level));
    const upper = gammaincInv(this.concentration, where(isUpper, level.neg().add(1), 0.5));
    return this.rate.div(where(isUpper, upper, lower));
  }

  /** Infinite for concentrations up to 1. */
  override mean(): Tensor {
    return this.moment(1, (a) => this.rate.div(a.sub(1)));
  }

  /** Infinite for concentrations up to 2. */
  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.moment(2, (a) => this.rate.div(a.sub(1)).div(a.sub(2).sqrt()));
  }

  /** NaN for concentrations up to 3. */
  override skewness(): Tensor {
    const skewness = (a: Tensor): Tensor => a.sub(2).sqrt().mul(4).div(a.sub(3));
    return this.moment(3, skewness, Number.NaN).broadcastTo(this.batchShape);
  }

  override mode(): Tensor {
    return this.rate.div(this.concentration.add(1));
  }

  override entropy(): Tensor {
    return gammaEntropy(this.concentration, this.rate, -1);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const standard = standardGamma(key, [...shape, ...this.batchShape], this.concentration);
    return this.rate.div(standard).minimum(MOST[this.dtype as "float32" | "float64"]);
  }

  private moment(order: number, formula: (a: Tensor) => Tensor, otherwise = Number.POSITIVE_INFINITY): Tensor {
    const exists = this.concentration.gt(order);
    const value = formula(where(exists, this.concentration, order + 1));
    return where(exists, value, where(this.concentration.le(order), otherwise, Number.NaN));
  }

  private clamped(method: string, x: TensorLike): Standard {
    return standardOf(clampTo(this.value(method, x), 0), this.rate, -1);
  }
}
