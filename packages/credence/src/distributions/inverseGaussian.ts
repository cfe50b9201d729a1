import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, erfcx, erfcxSlope, logRatio, ndtr, ndtri, where } from "../ops/index.js";
import { normal, split, uniformOpen } from "../random/index.js";
import { positive } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { exponentialLogs, exponentialLogWeights } from "./exponentialRule.js";
import { implicitly } from "./implicit.js";
import { quantileByRoot } from "./invertCdf.js";
import { fromInverseGaussian } from "./kl/inverseGaussian.js";
import { logProbability } from "./logTails.js";
import { onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { panels } from "./quadrature.js";
import { scalars } from "./scalars.js";

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
const EULER = 0.5772156649015329;

/** The rule for integrals over the slope of erfcx between two points that are near each other. */
const { points, weights } = panels([0, 1]);

/**
 * Inverse Gaussian distribution: the time at which a Brownian motion with drift first reaches a level. Also named after Wald.
 *
 *     log p(x) = log(λ / (2π x³)) / 2 - λ (x - μ)² / (2 μ² x),  x > 0
 *
 * @param loc            μ > 0, the mean; units of x
 * @param concentration  λ > 0; the variance is μ³ / λ; units of x
 * @shape  batch = broadcast(loc, concentration); event = []
 * @throws CredenceError `domain`: a known parameter is not > 0 or infinite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 15
 */
export class InverseGaussian extends Distribution {
  readonly name = "InverseGaussian";
  readonly support = positive;
  readonly reparameterized = true;
  readonly loc: Tensor;
  readonly concentration: Tensor;
  /** λ / μ, on which the form of the law depends. */
  private readonly form: Tensor;

  constructor(params: { readonly loc: TensorLike; readonly concentration: TensorLike }) {
    const { loc, concentration } = check("InverseGaussian", params, { loc: positive, concentration: positive });
    super(scalars("InverseGaussian", { loc, concentration }));
    this.loc = loc;
    this.concentration = concentration;
    this.form = concentration.div(loc);
  }

  override get klRules() {
    return fromInverseGaussian;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = value.gt(0).and(value.lt(Number.POSITIVE_INFINITY));
    const outside = where(eq(this.form, this.form), Number.NEGATIVE_INFINITY, Number.NaN);
    return onSupport(
      value,
      inside,
      this.loc,
      (at) => {
        // all in log(x / μ), so that gradients meet there before they are stretched
        const y = logRatio(at, this.loc);
        const bend = y.expm1().mul(y.neg().expm1()).mul(0.5).mul(this.form); // -λ (x - μ)² / (2 μ² x)
        return bend.sub(y.mul(1.5)).add(this.form.log().mul(0.5)).sub(this.loc.log()).sub(HALF_LOG_TWO_PI);
      },
      outside,
    );
  }

  override cdf(x: TensorLike): Tensor {
    return this.sides("cdf", x, (at) => at.below(), 0, 1);
  }

  override survival(x: TensorLike): Tensor {
    return this.sides("survival", x, (at) => at.above(), 1, 0);
  }

  override logCdf(x: TensorLike): Tensor {
    const inner = (at: Sides): Tensor => logProbability(at.below(), at.above(), at.logBelow());
    return this.sides("logCdf", x, inner, Number.NEGATIVE_INFINITY, 0);
  }

  override logSurvival(x: TensorLike): Tensor {
    const inner = (at: Sides): Tensor => logProbability(at.above(), at.below(), at.logAbove());
    return this.sides("logSurvival", x, inner, 0, Number.NEGATIVE_INFINITY);
  }

  override quantile(p: TensorLike): Tensor {
    const level = tensor(p);
    // near log-normal of small variance, or like the first passage without drift
    const narrow = this.loc.mul(ndtri(level).div(this.form.maximum(1).sqrt()).exp());
    const early = this.concentration.div(ndtri(level.mul(0.5)).square());
    const guess = where(this.form.gt(1), narrow, early.minimum(this.loc.mul(10)));
    return quantileByRoot(this, level, { lower: 0, upper: Number.POSITIVE_INFINITY, guess });
  }

  override mean(): Tensor {
    return this.loc.broadcastTo(this.batchShape);
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.loc.div(this.form.sqrt());
  }

  override skewness(): Tensor {
    return tensor(3).div(this.form.sqrt());
  }

  override mode(): Tensor {
    const ratio = tensor(1.5).div(this.form);
    const isLarge = ratio.gt(1e9);
    const bounded = where(isLarge, 1, ratio);
    const sum = bounded.square().add(1).sqrt().add(bounded);
    return this.loc.div(where(isLarge, ratio.mul(2), sum));
  }

  override entropy(): Tensor {
    const half = logRatio(this.loc, this.form).mul(0.5).add(this.loc.log().mul(0.5));
    return half.add(HALF_LOG_TWO_PI + 0.5).sub(scaledIntegral(this.form.mul(2)).mul(1.5));
  }

  /** By the root of a quadratic that a normal number's square chooses. @source Michael, Schucany and Haas (1976) */
  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const full = [...shape, ...this.batchShape];
    const [first, second] = split(key) as [Tensor, Tensor];
    const lean = normal(first, full, { dtype }).square().div(this.form.mul(2));
    const root = lean.mul(lean.add(2)).sqrt().add(lean).add(1); // μ over the smaller root
    const isSmaller = uniformOpen(second, full, { dtype }).mul(root.add(1)).le(root);
    return implicitly(where(isSmaller, this.loc.div(root), this.loc.mul(root)), this);
  }

  /** A function of x > 0, and what it is at 0 and at infinity. */
  private sides(method: string, x: TensorLike, inner: (at: Sides) => Tensor, low: number, high: number): Tensor {
    const value = this.value(method, x);
    const inside = value.gt(0).and(value.lt(Number.POSITIVE_INFINITY));
    const beside = where(eq(this.form, this.form), where(value.le(0), tensor(low), high), Number.NaN);
    return onSupport(
      value,
      inside,
      this.loc,
      (at) => inner(new Sides(at, this.loc, this.concentration, this.form)),
      beside,
    );
  }
}

/**
 * Both tails at x. With a = √(λ/x) (x/μ - 1) and b = √(λ/x) (x/μ + 1) the cdf is Φ(a) + e^(2λ/μ) Φ(-b), and since b² - a² = 4λ/μ
 * that is e^(-a²/2) / 2 times erfcx(-a/√2) + erfcx(b/√2).
 */
class Sides {
  /** a / √2 and b / √2. */
  private readonly a: Tensor;
  private readonly b: Tensor;
  /** (b - a) / √2 */
  private readonly apart: Tensor;

  constructor(x: Tensor, loc: Tensor, concentration: Tensor, form: Tensor) {
    const y = logRatio(x, loc);
    const early = concentration.div(x).sqrt().mul(Math.SQRT1_2);
    const late = form.mul(0.5).sqrt().mul(y.mul(0.5).exp());
    this.a = where(y.lt(0), early.mul(y.expm1()), late.mul(y.neg().expm1()).neg());
    this.b = early.add(late);
    this.apart = early.mul(2);
  }

  below(): Tensor {
    const far = this.b.minimum(1e150);
    return ndtr(this.a.mul(Math.SQRT2))
      .add(this.height().mul(erfcx(far)).mul(0.5))
      .minimum(1);
  }

  above(): Tensor {
    const beside = ndtr(this.a.mul(-Math.SQRT2)).sub(this.height().mul(erfcx(this.b)).mul(0.5));
    return where(this.a.lt(-1), beside, this.height().mul(this.difference()).mul(0.5));
  }

  logBelow(): Tensor {
    const left = this.a.minimum(0);
    const far = erfcx(left.neg()).add(erfcx(this.b)).log().sub(left.square()).sub(Math.LN2);
    return where(this.a.lt(0), far, this.below().log());
  }

  logAbove(): Tensor {
    const far = this.difference().log().sub(this.a.square()).sub(Math.LN2);
    return where(this.a.lt(-1), this.above().log(), far);
  }

  private height(): Tensor {
    return this.a.square().neg().exp();
  }

  /** erfcx(a) - erfcx(b) for a >= -√½, by its slope between them where they are near each other. */
  private difference(): Tensor {
    const a = this.a.maximum(-1);
    const isNear = this.apart.lt(a.maximum(0).add(1).mul(0.5));
    const apart = where(isNear, this.apart, 0);
    const at = a.expandDims(-1).add(apart.expandDims(-1).mul(tensor(points).cast(a.dtype)));
    const near = erfcxSlope(at).mul(tensor(weights).cast(a.dtype)).sum(-1).mul(apart);
    return where(isNear, near, erfcx(a).sub(erfcx(this.b)));
  }
}

/** e^z E₁(z) = E[1 / (z + T)] for an exponential T; where z is small, -log z - γ. @source DLMF 6.2.1, 6.6.2 */
function scaledIntegral(z: Tensor): Tensor {
  const wide = z.cast("float64");
  const terms = wide.maximum(1e-20).expandDims(-1).add(tensor(exponentialLogs).exp());
  const sum = tensor(exponentialLogWeights).exp().div(terms).sum(-1);
  return where(wide.lt(1e-20), wide.log().neg().sub(EULER), sum).cast(z.dtype);
}
