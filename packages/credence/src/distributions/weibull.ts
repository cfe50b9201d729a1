import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, lgamma, log1mexp, logRatio, where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { nonNegative, positive } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { fromWeibull } from "./kl/weibull.js";
import { type CentralMoments, momentsOfExponential, wideMoments } from "./momentsOfExponential.js";
import { levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/** Euler's constant, -ψ(1). */
const EULER = 0.5772156649015329;

/** Where the hazard is below e^-20, log(1 - e^-hazard) is log(hazard) - hazard / 2 to rounding. */
const FAINT = -20;

/**
 * Weibull distribution: the time to a failure whose rate changes as a power of the age.
 *
 *     log p(x) = log(concentration / scale) + (concentration - 1) log(x / scale) - (x / scale)^concentration,  x >= 0
 *
 * (x / scale)^concentration is a standard exponential number.
 *
 * @param scale          the 63rd percentile, > 0; units of x
 * @param concentration  > 0; below 1 the failure rate falls with age, at 1 it is constant, above it grows
 * @shape  batch = broadcast(scale, concentration); event = []
 * @throws CredenceError `domain`: a known parameter is not > 0 or infinite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 21
 */
export class Weibull extends Distribution {
  readonly name = "Weibull";
  readonly support = nonNegative;
  readonly reparameterized = true;
  readonly scale: Tensor;
  readonly concentration: Tensor;

  constructor(params: { readonly scale: TensorLike; readonly concentration: TensorLike }) {
    const { scale, concentration } = check("Weibull", params, { scale: positive, concentration: positive });
    super(scalars("Weibull", { scale, concentration }));
    this.scale = scale;
    this.concentration = concentration;
  }

  override get klRules() {
    return fromWeibull;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const k = this.concentration;
    const inside = value.gt(0).and(value.lt(Number.POSITIVE_INFINITY));
    const steep = where(k.lt(1), Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    const atZero = where(eq(k, 1), this.scale.log().neg(), steep);
    return onSupport(
      value,
      inside,
      this.scale,
      (at) => {
        const ratio = logRatio(at, this.scale);
        return logRatio(k, this.scale).add(k.sub(1).mul(ratio)).sub(k.mul(ratio).exp());
      },
      where(eq(value, 0), atZero, Number.NEGATIVE_INFINITY),
    );
  }

  override cdf(x: TensorLike): Tensor {
    return this.logHazard("cdf", x).exp().neg().expm1().neg();
  }

  override survival(x: TensorLike): Tensor {
    return this.logHazard("survival", x).exp().neg().exp();
  }

  override logCdf(x: TensorLike): Tensor {
    const logHazard = this.logHazard("logCdf", x);
    const hazard = logHazard.exp();
    return where(logHazard.lt(FAINT), logHazard.sub(hazard.mul(0.5)), log1mexp(hazard.neg()));
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.logHazard("logSurvival", x).exp().neg();
  }

  override quantile(p: TensorLike): Tensor {
    return this.at(levelOf(p).neg().log1p().neg());
  }

  override mean(): Tensor {
    return this.stretch(lgamma(this.power(1).add(1)));
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    const wide = this.stretch(wideMoments(this.logMoments()).logDeviation);
    return where(this.concentration.gt(1), this.scale.mul(this.narrow().deviation), wide);
  }

  override skewness(): Tensor {
    const wide = wideMoments(this.logMoments()).skewness;
    return where(this.concentration.gt(1), this.narrow().skewness, wide).add(this.scale.mul(0));
  }

  override mode(): Tensor {
    const hasPeak = this.concentration.gt(1);
    const k = where(hasPeak, this.concentration, 2);
    return where(hasPeak, this.scale.mul(k.sub(1).div(k).log().div(k).exp()), this.scale.mul(0));
  }

  override entropy(): Tensor {
    return logRatio(this.scale, this.concentration)
      .sub(this.power(EULER))
      .add(1 + EULER);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const { tail, isUpper } = uniformTail(key, [...shape, ...this.batchShape], { dtype });
    return this.at(where(isUpper, tail.log(), tail.neg().log1p()).neg());
  }

  /** The logarithm of (x / scale)^concentration. */
  private logHazard(method: string, x: TensorLike): Tensor {
    return this.concentration.mul(logRatio(this.value(method, x).maximum(0), this.scale));
  }

  /** The x of an exponential number. */
  private at(exponential: Tensor): Tensor {
    return this.stretch(exponential.log().div(this.concentration));
  }

  /** scale e^power, by the root of the power, which may overflow where the product does not. */
  private stretch(power: Tensor): Tensor {
    const root = power.mul(0.5).exp();
    return this.scale.mul(root).mul(root);
  }

  /** n / concentration */
  private power(n: number): Tensor {
    return tensor(n).div(this.concentration);
  }

  /** Logarithms of the moments of x / scale for concentrations up to 1. */
  private logMoments(): [Tensor, Tensor, Tensor] {
    const k = this.concentration.minimum(1);
    return [1, 2, 3].map((n) => lgamma(tensor(n).div(k).add(1))) as [Tensor, Tensor, Tensor];
  }

  /** Of x / scale for concentrations above 1, where the sums over gamma functions cancel. */
  private narrow(): CentralMoments {
    const k = this.concentration.maximum(1);
    return momentsOfExponential((logs) => logs.div(k.cast("float64").expandDims(-1)), this.dtype);
  }
}
