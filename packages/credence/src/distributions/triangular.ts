import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, logRatio, where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { between, type Constraint, real } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { fromTriangular } from "./kl/triangular.js";
import { logProbability } from "./logTails.js";
import { levelOf, onSupport } from "./onSupport.js";
import { ordered } from "./ordered.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/**
 * Triangular distribution: the density rises in a straight line to a peak, and falls in one.
 *
 *     log p(x) = log 2 - log(high - low) + log((x - low) / (peak - low)) up to the peak, log((high - x) / (high - peak)) beyond
 *
 * @param low   lower end; units of x
 * @param high  upper end, > low
 * @param peak  mode, from low to high
 * @shape  batch = broadcast(low, high, peak); event = []
 * @throws CredenceError `domain`: a known parameter is not finite, or they are not in the order low, peak, high; `shape`
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), section 26.9
 */
export class Triangular extends Distribution {
  readonly name = "Triangular";
  readonly support: Constraint;
  readonly reparameterized = true;
  readonly low: Tensor;
  readonly high: Tensor;
  readonly peak: Tensor;
  private readonly width: Tensor;
  /** Lengths of the rise and of the fall. */
  private readonly rise: Tensor;
  private readonly fall: Tensor;

  constructor(params: { readonly low: TensorLike; readonly high: TensorLike; readonly peak: TensorLike }) {
    const given = check("Triangular", params, { low: real, high: real, peak: real });
    const { low, high } = ordered("Triangular", { low: given.low, high: given.high });
    const { peak: above } = ordered("Triangular", { low, peak: given.peak }, false);
    const { peak } = ordered("Triangular", { peak: above, high }, false);
    super(scalars("Triangular", { low, high, peak }));
    this.low = low;
    this.high = high;
    this.peak = peak;
    this.width = high.sub(low);
    this.rise = peak.sub(low);
    this.fall = high.sub(peak);
    this.support = between(low, high);
  }

  override get klRules() {
    return fromTriangular;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const outside = where(eq(this.fall, this.fall), Number.NEGATIVE_INFINITY, Number.NaN);
    const density = (at: Tensor): Tensor => {
      const isRising = this.isRising(at);
      const run = where(isRising, at.sub(this.low), this.high.sub(at));
      const height = logRatio(run, where(isRising, this.rise, this.fall));
      return height.add(Math.LN2).sub(this.width.log());
    };
    return onSupport(value, this.support.contains(value), this.peak, density, outside);
  }

  override cdf(x: TensorLike): Tensor {
    return this.shares("cdf", x).below;
  }

  override survival(x: TensorLike): Tensor {
    return this.shares("survival", x).above;
  }

  override logCdf(x: TensorLike): Tensor {
    const { below, above } = this.shares("logCdf", x);
    return logProbability(below, above);
  }

  override logSurvival(x: TensorLike): Tensor {
    const { below, above } = this.shares("logSurvival", x);
    return logProbability(above, below);
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const isUpper = level.gt(0.5);
    // above 1/2 the difference is exact
    return this.place(where(isUpper, level.neg().add(1), level), isUpper);
  }

  override mean(): Tensor {
    return this.low.div(3).add(this.peak.div(3)).add(this.high.div(3));
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.width.mul(this.roundness().div(18).sqrt());
  }

  override skewness(): Tensor {
    const [u, v] = [this.rise.div(this.width), this.fall.div(this.width)];
    const size = this.roundness();
    const lean = v
      .sub(u)
      .mul(u.add(1))
      .mul(v.add(1))
      .mul(Math.SQRT2 / 5);
    return lean.div(size.mul(size.sqrt()));
  }

  override mode(): Tensor {
    return this.peak.broadcastTo(this.batchShape);
  }

  override entropy(): Tensor {
    return this.width
      .log()
      .add(0.5 - Math.LN2)
      .broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const { tail, isUpper } = uniformTail(key, [...shape, ...this.batchShape], { dtype });
    return this.place(tail, isUpper);
  }

  /** 1 - u + u² for the share u of the rise: 18 times the variance in units of the width. */
  private roundness(): Tensor {
    return this.rise.div(this.width).mul(this.fall.div(this.width)).neg().add(1);
  }

  /** Is a value on the side of the rise? Its end may be the upper one. */
  private isRising(x: Tensor): Tensor {
    return x.lt(this.peak).or(eq(this.fall, 0));
  }

  private shares(method: string, x: TensorLike): { below: Tensor; above: Tensor } {
    const value = this.value(method, x).maximum(this.low).minimum(this.high);
    const isRising = this.isRising(value);
    const run = where(isRising, value.sub(this.low), this.high.sub(value));
    const share = run.div(this.width).mul(run.div(where(isRising, this.rise, this.fall)));
    const rest = share.neg().add(1);
    return { below: where(isRising, share, rest), above: where(isRising, rest, share) };
  }

  /** The x with cdf(x) = tail, or survival(x) = tail where `isUpper`. */
  private place(tail: Tensor, isUpper: Tensor): Tensor {
    const [near, far] = [where(isUpper, this.fall, this.rise), where(isUpper, this.rise, this.fall)];
    const isNear = tail.mul(this.width).le(near);
    const share = where(isNear, tail, tail.neg().add(1));
    const run = share
      .mul(this.width)
      .sqrt()
      .mul(where(isNear, near, far).sqrt());
    const fromLow = isNear.eq(isUpper.not());
    return where(fromLow, this.low.add(run), this.high.sub(run));
  }
}
