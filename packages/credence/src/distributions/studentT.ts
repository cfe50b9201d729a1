import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import {
  digammaDifferenceRest,
  div,
  eq,
  lbeta,
  logGammaRatioRest,
  logStudentT,
  logStudentTail,
  ndtri,
  studentTail,
  where,
} from "../ops/index.js";
import { logStandardGamma, normal, split } from "../random/index.js";
import { positive } from "./constraints.js";
import { implicitly } from "./implicit.js";
import { invertCdf } from "./invertCdf.js";
import { locationAndScale, Symmetric } from "./locationScale.js";
import { check } from "./parameters.js";

const HALF_LOG_TWO_PI_E = 0.5 * Math.log(2 * Math.PI * Math.E);

/** Draws beyond end here, where they still have a density. */
const LARGEST = { float32: 3.4e38, float64: 1.7e308 } as const;

/** sinh of this is about the largest float. */
const ENDS = { float32: 89, float64: 710 } as const;

/**
 * Student's t distribution: a normal one whose variance is known from `df` squares only, so that its tails fall as a power.
 *
 *     log p(x) = log(Γ((df + 1) / 2) / (Γ(df / 2) √(df π) scale)) - (df + 1) / 2 log(1 + z² / df),  z = (x - loc) / scale
 *
 * With df = 1 it is Cauchy's; for large df it becomes the normal one.
 *
 * @param df     degrees of freedom, > 0; moments of this order and above do not exist
 * @param loc    median and mode; units of x
 * @param scale  > 0; units of x. The standard deviation is scale √(df / (df - 2))
 * @shape  batch = broadcast(df, loc, scale); event = []
 * @throws CredenceError `domain`: a known df or scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), chapter 28
 */
export class StudentT extends Symmetric {
  readonly name = "StudentT";
  readonly df: Tensor;

  constructor(params: { readonly df: TensorLike; readonly loc: TensorLike; readonly scale: TensorLike }) {
    const checked = check("StudentT", params, { df: positive, ...locationAndScale });
    super("StudentT", checked);
    this.df = checked.df;
  }

  protected override logDensity(z: Tensor): Tensor {
    return logStudentT(this.df, z);
  }

  protected override below(z: Tensor): Tensor {
    const tail = studentTail(this.df, z.abs());
    return where(z.lt(0), tail, tail.neg().add(1));
  }

  protected override logBelow(z: Tensor): Tensor {
    const size = z.abs();
    return where(z.lt(0), logStudentTail(this.df, size), studentTail(this.df, size).neg().log1p());
  }

  /** With z = √df sinh(y): the logarithm of a far tail is then a straight line, which Newton's method meets at once. */
  protected override lowerQuantile(tail: Tensor): Tensor {
    const { df } = this;
    const root = df.sqrt();
    const zOf = (y: Tensor): Tensor => root.mul(sinh(y));
    const below = (y: Tensor): Tensor => studentTail(df, zOf(y).abs());
    const law = {
      cdf: below,
      survival: (y: Tensor) => below(y).neg().add(1),
      prob: (y: Tensor) => logStudentT(df, zOf(y)).add(logCosh(y)).exp().mul(root),
    };
    const most = ENDS[this.dtype as "float32" | "float64"];
    const guess = this.farGuess(tail, most);
    const y = invertCdf(law, tail, { lower: -most, upper: 0, guess }, df.shape);
    const z = where(eq(tail, 0).or(guess.le(-most)), Number.NEGATIVE_INFINITY, where(eq(tail, 0.5), 0, zOf(y)));
    return implicitly(z, this.standard(), tail);
  }

  /** A normal draw over the root of a gamma draw, by its logarithm, as that may underflow. */
  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const full = [...shape, ...this.batchShape];
    const [first, second] = split(key) as [Tensor, Tensor];
    const half = this.df.mul(0.5);
    const stretch = half
      .log()
      .sub(logStandardGamma(second, full, half))
      .mul(0.5)
      .exp();
    const z = normal(first, full, { dtype }).mul(stretch).maximum(-LARGEST[dtype]).minimum(LARGEST[dtype]);
    return this.place(implicitly(z, this.standard()));
  }

  private standard(): StudentT {
    return new StudentT({ df: this.df, loc: 0, scale: 1 });
  }

  /** y by the leading term of a far tail, (z / √df)^-df / (df B(df / 2, 1 / 2)), or by the first terms around the normal law. */
  private farGuess(tail: Tensor, most: number): Tensor {
    const { df } = this;
    const far = tail
      .log()
      .add(df.log())
      .add(lbeta(df.mul(0.5), 0.5))
      .div(df)
      .sub(Math.LN2);
    const normal = ndtri(tail);
    const bent = normal.add(normal.square().add(1).mul(normal).div(df.mul(4)));
    const near = asinh(bent.div(df.sqrt()).abs()).neg();
    return where(df.gt(4), far.maximum(near), far).maximum(-most);
  }

  protected override standardEntropy(): Tensor {
    const half = this.df.mul(0.5);
    return digammaDifferenceRest(half, 0.5)
      .mul(this.df.add(1).mul(0.5))
      .sub(logGammaRatioRest(half, 0.5))
      .add(div(0.5, this.df))
      .add(HALF_LOG_TWO_PI_E);
  }

  /** NaN for df <= 1: the integral does not exist. */
  override mean(): Tensor {
    return this.existing(1, super.mean());
  }

  /** Infinite for df <= 2, NaN for df <= 1. */
  override variance(): Tensor {
    return this.scale.square().mul(this.spread());
  }

  override stddev(): Tensor {
    return this.scale.mul(this.spread().sqrt());
  }

  /** 0; NaN for df <= 3. */
  override skewness(): Tensor {
    return this.existing(3, super.skewness());
  }

  /** Variance in units of scale². */
  private spread(): Tensor {
    const bounded = this.df.gt(2);
    const df = where(bounded, this.df, 3);
    return this.existing(1, where(bounded, df.div(df.sub(2)), Number.POSITIVE_INFINITY));
  }

  private existing(least: number, moment: Tensor): Tensor {
    return where(this.df.gt(least), moment, Number.NaN).broadcastTo(this.batchShape);
  }
}

/** Also of tiny y; of |y| <= 710. */
function sinh(y: Tensor): Tensor {
  const size = y.abs();
  const half = size.mul(0.5).exp();
  const grown = half.mul(half.mul(0.5)); // e^y / 2, which does not overflow where e^y does
  const small = size.minimum(1).expm1();
  const near = small.add(small.div(small.add(1))).mul(0.5);
  const value = where(size.gt(1), grown.sub(div(0.25, grown)), near);
  return where(y.lt(0), value.neg(), value);
}

const logCosh = (y: Tensor): Tensor => y.abs().add(y.abs().mul(-2).exp().log1p()).sub(Math.LN2);

/** Of x >= 0; a guess. */
const asinh = (x: Tensor): Tensor => x.add(x.square().add(1).sqrt()).log();
