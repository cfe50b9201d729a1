import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, logExcess, sinpi, where } from "../ops/index.js";
import { positive } from "./constraints.js";
import { locationAndScale } from "./locationScale.js";
import { Logistic } from "./logistic.js";
import { Mapped } from "./mapped.js";
import { onSupport } from "./onSupport.js";
import { check } from "./parameters.js";

/**
 * Log-logistic distribution: of numbers whose logarithm is logistic.
 *
 *     log p(x) = -|z| - 2 log(1 + exp(-|z|)) - log(x scale),  z = (log x - loc) / scale,  x > 0
 *
 * Economists call it Fisk's, with shape 1 / scale and scale e^loc.
 *
 * @param loc    mean of log x, and logarithm of the median
 * @param scale  √3 / π standard deviations of log x, > 0; from 1 on the mean is infinite, from 1/2 on the variance
 * @shape  batch = broadcast(loc, scale); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), section 23.11
 */
export class LogLogistic extends Mapped {
  readonly name = "LogLogistic";
  readonly support = positive;
  protected readonly within = 1;

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike }) {
    super("LogLogistic", check("LogLogistic", params, locationAndScale), Logistic);
  }

  protected override forward(y: Tensor): Tensor {
    return y.exp();
  }

  protected override distance(x: Tensor): Tensor {
    return logExcess(x.maximum(0), this.loc);
  }

  protected override logSlope(y: Tensor): Tensor {
    return y.neg();
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    // at 0 the limit of x^(1 / scale - 1) e^(-loc / scale) / scale
    const steep = where(this.scale.lt(1), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
    const atZero = where(eq(this.scale, 1), this.loc.neg(), steep);
    return where(
      eq(value, 0),
      onSupport(this.scale, eq(this.scale, this.scale), 1, () => atZero),
      super.logProb(value),
    );
  }

  override mean(): Tensor {
    const exists = this.scale.lt(1);
    return where(exists, this.loc.exp().mul(this.stretch(where(exists, this.scale, 0.5))), Number.POSITIVE_INFINITY);
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  /** With θ = π scale, e^loc √(θ (tan θ - θ)) / sin θ. */
  override stddev(): Tensor {
    const exists = this.scale.lt(0.5);
    const scale = where(exists, this.scale, 0.25);
    const angle = scale.mul(Math.PI);
    const spread = angle.mul(tanLess(scale)).sqrt().div(sinpi(scale));
    return where(exists, this.loc.exp().mul(spread), Number.POSITIVE_INFINITY);
  }

  override mode(): Tensor {
    const isInside = this.scale.lt(1);
    const scale = where(isInside, this.scale, 0.5);
    const lower = scale.neg().log1p().sub(scale.log1p()).mul(scale);
    return where(isInside, this.loc.add(lower).exp(), this.loc.add(this.scale).mul(0));
  }

  override entropy(): Tensor {
    return this.loc.add(this.inner.entropy());
  }

  /** E[x / e^loc] = π scale / sin(π scale). */
  private stretch(scale: Tensor): Tensor {
    return scale.mul(Math.PI).div(sinpi(scale));
  }
}

/** Below this tan θ - θ is computed without the tangent, from which little would be left. */
const SMALL = 0.25;

/** tan θ - θ for θ = π turn, 0 < turn < 1/2. @source DLMF 4.25.1, the continued fraction of the tangent */
function tanLess(turn: Tensor): Tensor {
  const angle = turn.mul(Math.PI);
  const square = where(turn.lt(SMALL), angle, 0.1).square();
  let fraction = square.neg().div(19).add(17);
  for (let odd = 15; odd >= 3; odd -= 2) fraction = square.neg().div(fraction).add(odd);
  const near = angle.mul(square).div(fraction.sub(square));
  // sin(2θ) / (1 + cos(2θ)) would cancel near π/2; cos θ is sin of the rest
  const tangent = sinpi(turn).div(sinpi(turn.neg().add(0.5)));
  return where(turn.lt(SMALL), near, tangent.sub(angle));
}
