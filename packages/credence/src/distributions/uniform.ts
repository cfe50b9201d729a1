import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, where } from "../ops/index.js";
import { uniform } from "../random/index.js";
import { between, type Constraint, real } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { fromUniform } from "./kl/uniform.js";
import { logProbability } from "./logTails.js";
import { levelOf, onSupport } from "./onSupport.js";
import { ordered } from "./ordered.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/**
 * Uniform distribution: no number of an interval is more likely than another.
 *
 *     log p(x) = -log(high - low),  low <= x < high
 *
 * Where rounding has made the ends equal it is the point mass there.
 *
 * @param low   lower end, which belongs to the support; units of x
 * @param high  upper end, which does not, >= low; units of x
 * @shape  batch = broadcast(low, high); event = []
 * @throws CredenceError `domain`: a known end is not finite, or low is above high; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), chapter 26
 */
export class Uniform extends Distribution {
  readonly name = "Uniform";
  readonly support: Constraint;
  readonly reparameterized = true;
  readonly low: Tensor;
  readonly high: Tensor;
  /** 1, or 1/2 where the width would overflow. */
  private readonly unit: Tensor;
  /** In those units. */
  private readonly width: Tensor;

  constructor(params: { readonly low: TensorLike; readonly high: TensorLike }) {
    const { low, high } = ordered("Uniform", check("Uniform", params, { low: real, high: real }), false);
    super(scalars("Uniform", { low, high }));
    this.low = low;
    this.high = high;
    this.unit = where(eq(high.sub(low), Number.POSITIVE_INFINITY), tensor(0.5), 1);
    this.width = this.distance(low, high);
    this.support = between(low, high, "[)");
  }

  override get klRules() {
    return fromUniform;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = value.ge(this.low).and(value.lt(this.high).or(eq(value, this.low)));
    const outside = where(eq(this.width, this.width), Number.NEGATIVE_INFINITY, Number.NaN);
    return onSupport(value, inside, this.low, () => this.entropy().neg(), outside);
  }

  override cdf(x: TensorLike): Tensor {
    const value = this.value("cdf", x);
    return where(value.ge(this.high), 1, share(this.distance(this.low, value).div(this.width)));
  }

  override survival(x: TensorLike): Tensor {
    const value = this.value("survival", x);
    return where(value.ge(this.high), 0, share(this.distance(value, this.high).div(this.width)));
  }

  override logCdf(x: TensorLike): Tensor {
    return logProbability(this.cdf(x), this.survival(x));
  }

  override logSurvival(x: TensorLike): Tensor {
    return logProbability(this.survival(x), this.cdf(x));
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const rest = level.neg().add(1); // exact above 1/2
    return where(level.gt(0.5), this.beside(this.high, rest.neg()), this.beside(this.low, level));
  }

  override mean(): Tensor {
    return this.low.mul(0.5).add(this.high.mul(0.5));
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.width.mul(Math.sqrt(1 / 12)).div(this.unit);
  }

  override skewness(): Tensor {
    return this.mean().mul(0);
  }

  /** None: the density is the same everywhere. */
  override mode(): Tensor {
    return this.missing("mode", "any number of the support will do: d.mean()");
  }

  override entropy(): Tensor {
    return this.width.log().sub(this.unit.log());
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const u = uniform(key, [...shape, ...this.batchShape], { dtype: this.dtype as "float32" | "float64" });
    const x = this.beside(this.low, u);
    return where(x.lt(this.high), x, this.low); // high itself, by rounding, is not of the support
  }

  private distance(from: Tensor, to: Tensor): Tensor {
    return to.mul(this.unit).sub(from.mul(this.unit));
  }

  /** So many widths from an end. */
  private beside(end: Tensor, widths: Tensor): Tensor {
    return end.mul(this.unit).add(this.width.mul(widths)).div(this.unit);
  }
}

/** A share of the interval: 0 and 1 outside of it. */
const share = (x: Tensor): Tensor => x.maximum(0).minimum(1);
