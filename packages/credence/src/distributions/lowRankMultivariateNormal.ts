import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { choleskySolve, halfLogDeterminant } from "../linalg/cholesky.js";
import { add, broadcastTo, cholesky, diagonalMatrix, matmul, matrixTranspose } from "../ops/index.js";
import { normal, split } from "../random/index.js";
import { each, positive, real } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { vectors } from "./elliptic.js";
import { MultivariateNormal } from "./multivariateNormal.js";
import { onEvents } from "./onSupport.js";
import { check } from "./parameters.js";

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/**
 * Normal distribution of d numbers whose covariance is that of few factors, plus noise of each number's own.
 *
 *     covariance = W Wᵀ + diag(D)
 *     log p(x) = -(|y - V b|² + |b|²) / 2 - Σ log D / 2 - log det(C) - d log(2π) / 2
 *     y = (x - loc) / √D,  V = W / √D,  I + Vᵀ V = C Cᵀ,  b = (I + Vᵀ V)⁻¹ Vᵀ y
 *
 * No matrix of d × d numbers is formed: the work is that of r × r. |y|² less what the factors explain would cancel; the squares of the
 * regression of y on V do not.
 *
 * @param loc        mean, [..., d]; units of x
 * @param covFactor  W, [..., d, r]; units of x
 * @param covDiag    D, [..., d], > 0; units of x squared
 * @shape  batch = broadcast(loc, covFactor, covDiag without their last one, two and one axes); event = [d]
 * @throws CredenceError `domain`: a known parameter is outside; `shape`
 * @source Woodbury, Inverting modified matrices (1950); Hoerl and Kennard, Ridge regression (1970), for the squares
 */
export class LowRankMultivariateNormal extends Distribution {
  readonly name = "LowRankMultivariateNormal";
  readonly support = vectors;
  readonly reparameterized = true;
  readonly loc: Tensor;
  readonly covFactor: Tensor;
  readonly covDiag: Tensor;

  constructor(params: { readonly loc: TensorLike; readonly covFactor: TensorLike; readonly covDiag: TensorLike }) {
    requireShapes(params);
    const checked = check("LowRankMultivariateNormal", params, {
      loc: vectors,
      covFactor: each(real, 2),
      covDiag: each(positive, 1),
    });
    const { loc, covFactor, covDiag } = checked;
    const batch = broadcastShapes("LowRankMultivariateNormal", [
      loc.shape.slice(0, -1),
      covFactor.shape.slice(0, -2),
      covDiag.shape.slice(0, -1),
    ]);
    super({
      batch,
      event: loc.shape.slice(-1),
      dtype: loc.dtype,
      parameters: checked,
      parameterAxes: { loc: 1, covFactor: 2, covDiag: 1 },
    });
    this.loc = loc;
    this.covFactor = covFactor;
    this.covDiag = covDiag;
  }

  /** The same law by its covariance matrix. */
  override get asGeneral(): MultivariateNormal {
    return new MultivariateNormal({ loc: this.loc, covarianceMatrix: this.fullCovariance() });
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const constant = this.halfLogDeterminant().add(HALF_LOG_TWO_PI * this.eventShape[0]!);
    return onEvents(value, vectors.contains(value), this.loc, (inside) => {
      const y = inside.sub(this.loc).div(this.covDiag.sqrt()).expandDims(-1);
      const v = this.scaledFactor();
      const b = choleskySolve(this.capacitance(), matmul(matrixTranspose(v), y));
      const rest = y.sub(matmul(v, b));
      const squares = (t: Tensor): Tensor => t.mul(t.mul(0.5)).sum([-2, -1]);
      return squares(rest).add(squares(b)).add(constant).neg();
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
    return this.fullCovariance().broadcastTo([...this.batchShape, ...this.eventShape, ...this.eventShape]);
  }

  override variance(): Tensor {
    return this.covFactor
      .square()
      .sum(-1)
      .add(this.covDiag)
      .broadcastTo([...this.batchShape, ...this.eventShape]);
  }

  override skewness(): Tensor {
    return this.mean().mul(0);
  }

  override entropy(): Tensor {
    const constant = (HALF_LOG_TWO_PI + 0.5) * this.eventShape[0]!;
    return this.halfLogDeterminant().add(constant).broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const outer = [...shape, ...this.batchShape];
    const [ofFactors, ofNoise] = split(key) as [Tensor, Tensor];
    const factors = normal(ofFactors, [...outer, this.covFactor.shape.at(-1)!, 1], { dtype });
    const noise = normal(ofNoise, [...outer, ...this.eventShape], { dtype });
    const explained = matmul(this.covFactor, factors).squeeze(-1);
    return this.loc.add(explained).add(noise.mul(this.covDiag.sqrt()));
  }

  private scaledFactor(): Tensor {
    return this.covFactor.div(this.covDiag.sqrt().expandDims(-1));
  }

  /** C of I + Vᵀ V = C Cᵀ. @shape [..., r, r] */
  private capacitance(): Tensor {
    const v = this.scaledFactor();
    const product = matmul(matrixTranspose(v), v);
    const ones = broadcastTo(tensor(1).cast(v.dtype), v.shape.slice(-1));
    return cholesky(add(product, diagonalMatrix(ones)));
  }

  private halfLogDeterminant(): Tensor {
    return halfLogDeterminant(this.capacitance()).add(this.covDiag.log().mul(0.5).sum(-1));
  }

  private fullCovariance(): Tensor {
    return add(matmul(this.covFactor, matrixTranspose(this.covFactor)), diagonalMatrix(this.covDiag));
  }
}

/** @throws CredenceError `shape`: not vectors and a matrix of as many rows */
function requireShapes(params: Readonly<Record<"loc" | "covFactor" | "covDiag", TensorLike>>): void {
  if (Object.values(params).includes(undefined as never)) return; // `check` says so
  const [loc, factor, diag] = [params.loc, params.covFactor, params.covDiag].map((value) => tensor(value).shape);
  const d = loc!.at(-1);
  if (d !== undefined && factor!.length >= 2 && factor!.at(-2) === d && diag!.at(-1) === d) return;
  fail({
    code: "shape",
    given: `LowRankMultivariateNormal: loc of shape ${showShape(loc!)}, covFactor of shape ${showShape(factor!)} and covDiag of shape ${showShape(diag!)}`,
    allowed: "[..., d], [..., d, r] and [..., d]",
  });
}
