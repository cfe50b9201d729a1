import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { erf, erfc, erfcx, logNdtr, ndtri, where } from "../ops/index.js";
import { normal, split } from "../random/index.js";
import { real } from "./constraints.js";
import { implicitly } from "./implicit.js";
import { invertCdf } from "./invertCdf.js";
import { LocationScale, locationAndScale } from "./locationScale.js";
import { logProbability } from "./logTails.js";
import { levelOf } from "./onSupport.js";
import { check } from "./parameters.js";
import { FURTHEST, root, skewEvenness, skewMode, skewTail } from "./skewTail.js";

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * Skew-normal distribution: a normal one whose two sides are weighted by a normal distribution function.
 *
 *     log p(x) = log 2 - z² / 2 - log(2π) / 2 + log Φ(shape z) - log scale,  z = (x - loc) / scale
 *
 * @param loc    where both sides would meet; the mean of the normal law at shape 0; units of x
 * @param scale  > 0; units of x
 * @param shape  α, any number: positive ones lean to the right, large ones towards a half-normal law
 * @shape  batch = broadcast(loc, scale, shape); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, loc or shape not finite; `shape`: they do not broadcast
 * @source Azzalini and Capitanio, The Skew-Normal and Related Families (2014), chapter 2
 */
export class SkewNormal extends LocationScale {
  readonly name = "SkewNormal";
  readonly shape: Tensor;

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike; readonly shape: TensorLike }) {
    const checked = check("SkewNormal", params, { ...locationAndScale, shape: real });
    super("SkewNormal", checked);
    this.shape = checked.shape;
  }

  protected override logDensity(z: Tensor): Tensor {
    const weighed = this.shape.mul(where(z.abs().lt(Number.POSITIVE_INFINITY), z, 0)); // 0 · ∞ would be NaN
    return z
      .mul(z.mul(-0.5))
      .sub(HALF_LOG_TWO_PI - Math.LN2)
      .add(logNdtr(weighed));
  }

  protected override below(z: Tensor): Tensor {
    return where(this.shape.lt(0), this.upper(z.neg()), this.lower(z));
  }

  protected override above(z: Tensor): Tensor {
    return where(this.shape.lt(0), this.lower(z.neg()), this.upper(z));
  }

  protected override logBelow(z: Tensor): Tensor {
    const far = where(this.shape.lt(0), this.logUpper(z.neg()), this.logLower(z));
    return logProbability(this.below(z), this.above(z), far);
  }

  protected override logAbove(z: Tensor): Tensor {
    const far = where(this.shape.lt(0), this.logLower(z.neg()), this.logUpper(z));
    return logProbability(this.above(z), this.below(z), far);
  }

  protected override tailQuantile(tail: Tensor, isUpper: Tensor): Tensor {
    // the upper tail is the lower one of the mirrored law
    const turned = (z: Tensor): Tensor => where(isUpper, z.neg(), z);
    const law = {
      cdf: (z: Tensor) => where(isUpper, this.above(turned(z)), this.below(turned(z))),
      survival: (z: Tensor) => where(isUpper, this.below(turned(z)), this.above(turned(z))),
      prob: (z: Tensor) => this.logDensity(turned(z)).exp(),
    };
    const mean = this.share().mul(Math.sqrt(2 / Math.PI));
    const guess = turned(mean).add(ndtri(tail.maximum(1e-9)).mul(this.spread()));
    const bracket = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY, guess };
    return turned(invertCdf(law, tail, bracket, this.batchShape));
  }

  protected override standardEntropy(): Tensor {
    return skewEvenness(this.shape.abs()).add(HALF_LOG_TWO_PI + 0.5 - Math.LN2);
  }

  override quantile(p: TensorLike): Tensor {
    return implicitly(super.quantile(p), this, levelOf(p));
  }

  override mean(): Tensor {
    return this.loc.add(this.scale.mul(this.share()).mul(Math.sqrt(2 / Math.PI)));
  }

  override mode(): Tensor {
    const z = skewMode(this.shape.abs());
    return this.loc.add(this.scale.mul(where(this.shape.lt(0), z.neg(), z)));
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.scale.mul(this.spread()).broadcastTo(this.batchShape);
  }

  override skewness(): Tensor {
    const lean = this.share()
      .mul(Math.sqrt(2 / Math.PI))
      .div(this.spread());
    return lean
      .square()
      .mul(lean)
      .mul((4 - Math.PI) / 2)
      .add(this.loc.add(this.scale).mul(0));
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const [first, second] = split(key).map((k) => normal(k, [...shape, ...this.batchShape], { dtype })) as [
      Tensor,
      Tensor,
    ];
    // δ |u| + √(1 - δ²) v
    const z = this.share()
      .mul(first.abs())
      .add(second.div(root(this.shape)));
    return implicitly(this.place(z), this);
  }

  /** δ = α / √(1 + α²) */
  private share(): Tensor {
    return this.shape.div(root(this.shape));
  }

  /** √(1 - 2 δ² / π), the standard deviation of z. */
  private spread(): Tensor {
    return this.share()
      .square()
      .mul(-2 / Math.PI)
      .add(1)
      .sqrt();
  }

  /** P(Z <= z) for shapes of at least 0. */
  private lower(z: Tensor): Tensor {
    const { depth, area } = skewTail(z.abs(), this.shape.abs());
    const tail = depth.neg().exp().mul(area);
    return where(z.lt(0), tail, erf(z.mul(Math.SQRT1_2)).add(tail).minimum(1));
  }

  private upper(z: Tensor): Tensor {
    const { depth, area } = skewTail(z.abs(), this.shape.abs());
    const tail = depth.neg().exp().mul(area);
    return where(z.lt(0), tail.neg().add(1), erfc(z.mul(Math.SQRT1_2)).sub(tail));
  }

  private logLower(z: Tensor): Tensor {
    const { depth, area } = skewTail(z.minimum(0).neg(), this.shape.abs());
    return where(z.lt(0), area.log().sub(depth), this.lower(z).log());
  }

  private logUpper(z: Tensor): Tensor {
    const out = z.maximum(0);
    const { area } = skewTail(out, this.shape.abs());
    const bounded = out.minimum(FURTHEST);
    const steeper = this.shape.mul(bounded);
    const rest = erfcx(bounded.mul(Math.SQRT1_2)).sub(steeper.mul(steeper.mul(-0.5)).exp().mul(area));
    return where(z.lt(0), this.upper(z).log(), rest.log().sub(out.mul(out.mul(0.5))));
  }
}
