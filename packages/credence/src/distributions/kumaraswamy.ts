import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { digamma, eq, lgamma, log1mexp, logGammaRatio, logRatio, where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { positive, unitInterval } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { fromKumaraswamy } from "./kl/kumaraswamy.js";
import { type CentralMoments, momentsOfExponential, wideMoments } from "./momentsOfExponential.js";
import { levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/** Euler's constant, -ψ(1). */
const EULER = 0.5772156649015329;

/** Below e^this, log(1 - e^u) is -e^u to rounding. */
const FAINT = -37;

/**
 * Kumaraswamy distribution: much like a beta distribution, with formulas for its quantiles.
 *
 *     log p(x) = log(a b) + (a - 1) log x + (b - 1) log(1 - x^a),  0 <= x <= 1
 *
 * @param concentration1  a > 0: of x near 0; cdf(x) = 1 - (1 - x^a)^b
 * @param concentration0  b > 0: of x near 1
 * @shape  batch = broadcast(concentration1, concentration0); event = []
 * @throws CredenceError `domain`: a known parameter is not > 0 or infinite; `shape`: they do not broadcast
 * @source Jones, Kumaraswamy's distribution: a beta-type distribution with some tractability advantages (2009)
 */
export class Kumaraswamy extends Distribution {
  readonly name = "Kumaraswamy";
  readonly support = unitInterval;
  readonly reparameterized = true;
  readonly concentration1: Tensor;
  readonly concentration0: Tensor;

  constructor(params: { readonly concentration1: TensorLike; readonly concentration0: TensorLike }) {
    const checked = check("Kumaraswamy", params, { concentration1: positive, concentration0: positive });
    super(scalars("Kumaraswamy", checked));
    this.concentration1 = checked.concentration1;
    this.concentration0 = checked.concentration0;
  }

  override get klRules() {
    return fromKumaraswamy;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const [a, b] = [this.concentration1, this.concentration0];
    const inside = value.gt(0).and(value.lt(1));
    const atEnd = where(eq(value, 0), limit(a, b), where(eq(value, 1), limit(b, a), Number.NEGATIVE_INFINITY));
    return onSupport(
      value,
      inside,
      0.5,
      (at) => {
        const log = at.log();
        const density = a
          .sub(1)
          .mul(log)
          .add(b.sub(1).mul(log1mexp(a.mul(log))));
        return a.log().add(b.log()).add(density);
      },
      where(eq(a.add(b), a.add(b)), atEnd, Number.NaN),
    );
  }

  override cdf(x: TensorLike): Tensor {
    return this.logAbove("cdf", x).expm1().abs();
  }

  override survival(x: TensorLike): Tensor {
    return this.logAbove("survival", x).exp();
  }

  override logCdf(x: TensorLike): Tensor {
    const log = this.logPower("logCdf", x);
    const above = this.concentration0.mul(log1mexp(log));
    const isFaint = log.lt(FAINT).and(above.gt(-1e-8));
    const faint = this.concentration0
      .log()
      .add(where(isFaint, log, FAINT))
      .add(above.mul(0.5));
    return where(isFaint, faint, log1mexp(where(isFaint, -1, above)));
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.logAbove("logSurvival", x);
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    return this.at(level.neg().log1p(), level.log());
  }

  override mean(): Tensor {
    return this.logMoments()[0].exp();
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return where(this.isNarrow(), this.narrow().deviation, wideMoments(this.logMoments()).logDeviation.exp());
  }

  override skewness(): Tensor {
    return where(this.isNarrow(), this.narrow().skewness, wideMoments(this.logMoments()).skewness);
  }

  /** NaN where there is none, or two: both concentrations at most 1. */
  override mode(): Tensor {
    const [a, b] = [this.concentration1, this.concentration0];
    const hasPeak = a.gt(1).and(b.gt(1));
    const [above, product] = [where(hasPeak, a, 2), where(hasPeak, a, 2).mul(where(hasPeak, b, 2))];
    const peak = logRatio(above.sub(1), product.sub(1)).div(above).exp();
    const atEnd = where(a.gt(1).and(b.le(1)), tensor(1), where(b.gt(1).and(a.le(1)), 0, Number.NaN));
    return where(hasPeak, peak, atEnd.add(a.add(b).mul(0)));
  }

  override entropy(): Tensor {
    const [a, b] = [this.concentration1, this.concentration0];
    const harmonic = digamma(b.add(1)).add(EULER);
    const rest = (t: Tensor): Tensor => t.sub(1).div(t); // 1 - 1 / t
    return rest(a).mul(harmonic).add(rest(b)).sub(a.log().add(b.log()));
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const { tail, isUpper } = uniformTail(key, [...shape, ...this.batchShape], { dtype });
    const rest = tail.neg().log1p();
    return this.at(where(isUpper, tail.log(), rest), where(isUpper, rest, tail.log()));
  }

  /** a log x. */
  private logPower(method: string, x: TensorLike): Tensor {
    return this.concentration1.mul(this.value(method, x).maximum(0).minimum(1).log());
  }

  /** The logarithm of the survival function, b log(1 - x^a). */
  private logAbove(method: string, x: TensorLike): Tensor {
    return this.concentration0.mul(log1mexp(this.logPower(method, x)));
  }

  /** The x of a survival function and cdf given by their logarithms. */
  private at(logAbove: Tensor, logBelow: Tensor): Tensor {
    const rest = logAbove.div(this.concentration0);
    const isFaint = rest.gt(-1e-20); // log(1 - e^rest) is log(-rest), which may be out of range
    const faint = logBelow.sub(this.concentration0.log());
    return where(isFaint, faint, log1mexp(where(isFaint, -1, rest)))
      .div(this.concentration1)
      .exp();
  }

  /** log E xⁿ = log Γ(1 + n / a) Γ(1 + b) / Γ(1 + b + n / a) for n of 1 to 3. */
  private logMoments(): [Tensor, Tensor, Tensor] {
    const [a, b] = [this.concentration1, this.concentration0];
    return [1, 2, 3].map((n) => {
      const power = tensor(n).div(a);
      const [lesser, greater] = [power.minimum(b), power.maximum(b)]; // in this order the two terms are small
      return lgamma(lesser.add(1)).sub(logGammaRatio(greater.add(1), lesser));
    }) as [Tensor, Tensor, Tensor];
  }

  /** Is the variance below three times the square of the mean? */
  private isNarrow(): Tensor {
    const [first, second] = this.logMoments();
    return second.sub(first.mul(2)).lt(2 * Math.LN2);
  }

  private narrow(): CentralMoments {
    const [a, b] = [this.concentration1, this.concentration0].map((t) => t.cast("float64").expandDims(-1)) as [
      Tensor,
      Tensor,
    ];
    return momentsOfExponential((logs) => log1mexp(logs.exp().div(b).neg()).div(a), this.dtype);
  }
}

/** The log density at the end whose own concentration is `own`. */
function limit(own: Tensor, other: Tensor): Tensor {
  const steep = where(own.lt(1), Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
  return where(eq(own, 1), other.log(), steep);
}
