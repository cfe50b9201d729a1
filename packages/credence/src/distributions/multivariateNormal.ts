import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { normal } from "../random/index.js";
import { Distribution } from "./distribution.js";
import { elliptic, vectors } from "./elliptic.js";
import { fromMultivariateNormal } from "./kl/multivariateNormal.js";
import type { Rules } from "./kl/parts.js";
import { onEvents } from "./onSupport.js";
import type { ScaleMatrix } from "./scaleMatrix.js";

export type MultivariateNormalParams = { readonly loc: TensorLike } & (
  | { readonly covarianceMatrix: TensorLike; readonly precisionMatrix?: undefined; readonly scaleTril?: undefined }
  | { readonly precisionMatrix: TensorLike; readonly covarianceMatrix?: undefined; readonly scaleTril?: undefined }
  | { readonly scaleTril: TensorLike; readonly covarianceMatrix?: undefined; readonly precisionMatrix?: undefined }
);

const FORMS = { covarianceMatrix: "matrix", precisionMatrix: "inverse", scaleTril: "factor" } as const;
const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/**
 * Normal distribution of vectors of d numbers.
 *
 *     log p(x) = -|L⁻¹ (x - loc)|² / 2 - Σ log L_ii - d log(2π) / 2,  covariance = L Lᵀ
 *
 * The density needs a Cholesky factor and triangular systems, no inverse and no determinant. One matrix serves any number of
 * values: they are the columns of one system.
 *
 * @param loc               mean, [..., d]; units of x
 * @param covarianceMatrix  [..., d, d], symmetric and positive definite; units of x squared
 * @param precisionMatrix   or its inverse
 * @param scaleTril         or its lower Cholesky factor L, zeros above the diagonal and numbers > 0 on it; takes no factorisation
 * @shape  batch = broadcast(loc without its last axis, matrix without its last two); event = [d]
 * @throws CredenceError `argument`: none or several of the matrices are given; `domain`: a known one is not symmetric, or not positive
 *   definite: the error names the pivot at which the factorisation stopped; `shape`
 * @source Anderson, An Introduction to Multivariate Statistical Analysis (2003), section 2.3
 */
export class MultivariateNormal extends Distribution {
  readonly name = "MultivariateNormal";
  readonly support = vectors;
  readonly reparameterized = true;
  readonly loc: Tensor;
  /** @internal */
  readonly scale: ScaleMatrix;

  constructor(params: MultivariateNormalParams) {
    const { shape, loc, scale } = elliptic("MultivariateNormal", params, FORMS);
    super(shape);
    this.loc = loc;
    this.scale = scale;
  }

  override get klRules(): Rules {
    return fromMultivariateNormal;
  }

  /** The lower Cholesky factor of the covariance. @shape [...batch of the matrix, d, d] */
  get scaleTril(): Tensor {
    return this.scale.tril;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const constant = this.scale.halfLogDeterminant().add(HALF_LOG_TWO_PI * this.eventShape[0]!);
    return onEvents(value, vectors.contains(value), this.loc, (inside) => {
      const z = this.scale.whiten(inside.sub(this.loc));
      return z.mul(z.mul(-0.5)).sum(-1).sub(constant);
    });
  }

  override mean(): Tensor {
    return this.loc.broadcastTo([...this.batchShape, ...this.eventShape]);
  }

  override mode(): Tensor {
    return this.mean();
  }

  /** E[(x - mean)(x - mean)ᵀ]. @shape [...batch, d, d] */
  covariance(): Tensor {
    return this.scale.matrix().broadcastTo([...this.batchShape, ...this.eventShape, ...this.eventShape]);
  }

  override variance(): Tensor {
    return this.scale.diagonal().broadcastTo([...this.batchShape, ...this.eventShape]);
  }

  override skewness(): Tensor {
    return this.mean().mul(0);
  }

  override entropy(): Tensor {
    const constant = (HALF_LOG_TWO_PI + 0.5) * this.eventShape[0]!;
    return this.scale.halfLogDeterminant().add(constant).broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const z = normal(key, [...shape, ...this.batchShape, ...this.eventShape], { dtype });
    return this.loc.add(this.scale.apply(z));
  }
}
