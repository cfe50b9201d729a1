import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { digammaDifferenceRest, div, exp, logGammaRatioRest, stopGradient, where } from "../ops/index.js";
import { logStandardGamma, normal, split } from "../random/index.js";
import { positive } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { elliptic, vectors } from "./elliptic.js";
import { onEvents } from "./onSupport.js";
import type { ScaleMatrix } from "./scaleMatrix.js";

export type MultivariateStudentTParams = { readonly df: TensorLike; readonly loc: TensorLike } & (
  | { readonly scaleMatrix: TensorLike; readonly scaleTril?: undefined }
  | { readonly scaleTril: TensorLike; readonly scaleMatrix?: undefined }
);

const FORMS = { scaleMatrix: "matrix", scaleTril: "factor" } as const;
const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;
/** Beyond this length squares lose nothing to 1 + square, and may overflow. */
const FAR = 1e8;

/**
 * Student's t distribution of vectors of d numbers: a normal one divided by one root of a chi-squared number over df.
 *
 *     log p(x) = log(Γ((df + d) / 2) / (Γ(df / 2) (df π)^(d / 2))) - Σ log L_ii - (df + d) / 2 log(1 + |L⁻¹ (x - loc)|² / df)
 *
 * The scale matrix is L Lᵀ; the covariance is df / (df - 2) times that.
 *
 * @param df           degrees of freedom, > 0; moments of this order and above do not exist
 * @param loc          mode, and mean where it exists, [..., d]; units of x
 * @param scaleMatrix  [..., d, d], symmetric and positive definite; units of x squared
 * @param scaleTril    or its lower Cholesky factor L
 * @shape  batch = broadcast(df, loc without its last axis, matrix without its last two); event = [d]
 * @throws CredenceError `argument`: none or both of the matrices are given; `domain`: a known parameter is outside, as for
 *   MultivariateNormal; `shape`
 * @source Kotz and Nadarajah, Multivariate t Distributions and Their Applications (2004), section 1.1
 */
export class MultivariateStudentT extends Distribution {
  readonly name = "MultivariateStudentT";
  readonly support = vectors;
  readonly reparameterized = true;
  readonly df: Tensor;
  readonly loc: Tensor;
  /** @internal */
  readonly scale: ScaleMatrix;

  constructor(params: MultivariateStudentTParams) {
    const { shape, loc, scale, others } = elliptic("MultivariateStudentT", params, FORMS, { df: positive });
    super(shape);
    this.df = others.df as Tensor;
    this.loc = loc;
    this.scale = scale;
  }

  /** The lower Cholesky factor of the scale matrix. @shape [...batch of the matrix, d, d] */
  get scaleTril(): Tensor {
    return this.scale.tril;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const d = this.eventShape[0]!;
    return onEvents(value, vectors.contains(value), this.loc, (inside) => {
      const z = this.scale.whiten(inside.sub(this.loc)).div(this.df.sqrt().expandDims(-1));
      return logBeside(z)
        .mul(this.df.add(d).mul(-0.5))
        .add(logGammaRatioRest(this.df.mul(0.5), d / 2))
        .sub(this.logVolume());
    });
  }

  /** NaN for df <= 1: the integral does not exist. */
  override mean(): Tensor {
    return this.existing(1, this.mode());
  }

  override mode(): Tensor {
    return this.loc.broadcastTo([...this.batchShape, ...this.eventShape]);
  }

  /** E[(x - mean)(x - mean)ᵀ]: infinite for df <= 2, NaN for df <= 1. @shape [...batch, d, d] */
  covariance(): Tensor {
    const spread = this.spread().expandDims(-1).expandDims(-1);
    return this.scale
      .matrix()
      .mul(spread)
      .broadcastTo([...this.batchShape, ...this.eventShape, ...this.eventShape]);
  }

  /** Infinite for df <= 2, NaN for df <= 1. */
  override variance(): Tensor {
    const spread = this.spread().expandDims(-1);
    return this.scale
      .diagonal()
      .mul(spread)
      .broadcastTo([...this.batchShape, ...this.eventShape]);
  }

  /** 0; NaN for df <= 3. */
  override skewness(): Tensor {
    return this.existing(3, this.mode().mul(0));
  }

  override entropy(): Tensor {
    const d = this.eventShape[0]!;
    const half = this.df.mul(0.5);
    // digamma((df + d) / 2) - digamma(df / 2) is this rest and d / df
    return digammaDifferenceRest(half, d / 2)
      .mul(this.df.add(d).mul(0.5))
      .sub(logGammaRatioRest(half, d / 2))
      .add(div(d * d * 0.5, this.df))
      .add(d / 2)
      .add(this.logVolume())
      .broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const outer = [...shape, ...this.batchShape];
    const [ofNormal, ofGamma] = split(key) as [Tensor, Tensor];
    const z = normal(ofNormal, [...outer, ...this.eventShape], { dtype });
    const half = this.df.mul(0.5);
    // √(df / chi-squared) by logarithms, since a small df makes that number underflow
    const stretch = exp(
      half
        .log()
        .sub(logStandardGamma(ofGamma, outer, half))
        .mul(0.5),
    );
    return this.loc.add(this.scale.apply(z).mul(stretch.expandDims(-1)));
  }

  /** log det L + d log(2π) / 2, what is left of the constant for large df. */
  private logVolume(): Tensor {
    return this.scale.halfLogDeterminant().add(HALF_LOG_TWO_PI * this.eventShape[0]!);
  }

  /** Variance in units of the scale matrix. */
  private spread(): Tensor {
    const exists = this.df.gt(2);
    const df = where(exists, this.df, 3);
    const value = where(exists, df.div(df.sub(2)), Number.POSITIVE_INFINITY);
    return where(this.df.gt(1), value, Number.NaN);
  }

  /** NaN where the moment of this order does not exist. */
  private existing(order: number, value: Tensor): Tensor {
    return where(this.df.gt(order).expandDims(-1), value, Number.NaN);
  }
}

/** log(1 + |z|²), also where the squares overflow. @shape [..., d] to [...] */
function logBeside(z: Tensor): Tensor {
  const size = stopGradient(z.abs().max(-1, { keepDims: true }));
  const isFar = size.gt(FAR);
  const unit = where(isFar, size, 1);
  const square = z.div(unit).square().sum(-1);
  const far = isFar.squeeze(-1);
  const beyond = where(far, square, 1).log().add(unit.squeeze(-1).log().mul(2));
  return where(far, beyond, where(far, 0, square).log1p());
}
