import { fail } from "../errors.js";
import { filled, type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { requireSystem } from "../linalg/operands.js";
import {
  cholesky,
  diagonal,
  diagonalMatrix,
  digamma,
  exp,
  iota,
  matmul,
  matrixTranspose,
  sub,
  triangularSolve,
  tril,
  where,
} from "../ops/index.js";
import { logStandardGamma, normal, split } from "../random/index.js";
import { choleskyFactor, positive, positiveDefinite, symmetricParameter } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { gammaEntropy, gammaLogProb } from "./gammaParts.js";
import type { Rules } from "./kl/parts.js";
import { fromWishart } from "./kl/wishart.js";
import { onEvents } from "./onSupport.js";
import { check } from "./parameters.js";
import { givenOf, type ScaleMatrix, scaleMatrix } from "./scaleMatrix.js";

export type WishartParams = { readonly df: TensorLike } & (
  | { readonly covarianceMatrix: TensorLike; readonly precisionMatrix?: undefined; readonly scaleTril?: undefined }
  | { readonly precisionMatrix: TensorLike; readonly covarianceMatrix?: undefined; readonly scaleTril?: undefined }
  | { readonly scaleTril: TensorLike; readonly covarianceMatrix?: undefined; readonly precisionMatrix?: undefined }
);

const FORMS = { covarianceMatrix: "matrix", precisionMatrix: "inverse", scaleTril: "factor" } as const;

/**
 * Wishart distribution: the sum of x xᵀ over df normal vectors x of mean 0, for any df > p - 1.
 *
 *     log p(X) = (df - p - 1) / 2 log det X - tr(Σ⁻¹ X) / 2 - df p / 2 log 2 - df / 2 log det Σ - log Γ_p(df / 2),  Σ = L Lᵀ
 *
 * Computed by M = L⁻¹ chol(X), whose squared diagonal numbers are twice gamma numbers of concentration (df - i) / 2 and whose others
 * are standard normal ones: so nothing large cancels, however large df is.
 *
 * @param df                degrees of freedom, > p - 1
 * @param covarianceMatrix  of the vectors, [..., p, p], symmetric and positive definite; the mean is df times that
 * @param precisionMatrix   or its inverse
 * @param scaleTril         or its lower Cholesky factor L
 * @shape  batch = broadcast(df, matrix without its last two axes); event = [p, p]
 * @throws CredenceError `argument`: none or several of the matrices are given; `domain`: a known parameter is outside; `shape`
 * @source Muirhead, Aspects of Multivariate Statistical Theory (1982), theorems 3.2.1 and 3.2.14 (Bartlett's decomposition)
 */
export class Wishart extends Distribution {
  readonly name = "Wishart";
  readonly support = positiveDefinite;
  readonly reparameterized = true;
  readonly df: Tensor;
  /** @internal */
  readonly scale: ScaleMatrix;

  constructor(params: WishartParams) {
    const key = givenOf("Wishart", params, ["covarianceMatrix", "precisionMatrix", "scaleTril"]);
    const form = FORMS[key];
    const given = tensor(params[key] as TensorLike);
    requireSquare(key, given.shape);
    const constraint = form === "factor" ? choleskyFactor : symmetricParameter;
    const checked: Record<string, Tensor> = check(
      "Wishart",
      { df: params.df, [key]: given },
      { df: positive, [key]: constraint },
    );
    const matrix = checked[key] as Tensor;
    const p = matrix.shape[matrix.rank - 1]!;
    super({
      batch: broadcastShapes("Wishart", [checked.df!.shape, matrix.shape.slice(0, -2)]),
      event: [p, p],
      dtype: matrix.dtype,
      parameters: checked,
      parameterAxes: { [key]: 2 },
    });
    this.df = enough(checked.df!, p);
    this.scale = scaleMatrix(`Wishart: ${key}`, matrix, form);
  }

  override get klRules(): Rules {
    return fromWishart;
  }

  /** The lower Cholesky factor of Σ. @shape [...batch of the matrix, p, p] */
  get scaleTril(): Tensor {
    return this.scale.tril;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const p = this.eventShape[0]!;
    const inside = (at: Tensor): Tensor => {
      const symmetric = at.add(matrixTranspose(at)).mul(0.5);
      const system = requireSystem("Wishart.logProb", this.scaleTril, cholesky(symmetric));
      const m = triangularSolve(...system, { lower: true, transposed: false });
      const onDiagonal = diagonal(m);
      const others = m.sub(diagonalMatrix(onDiagonal));
      const halves = onDiagonal.square().mul(0.5);
      return gammaLogProb(this.halves(), tensor(1), halves, 1)
        .add(this.powers().mul(halves.log()))
        .sum(-1)
        .sub(others.mul(others.mul(0.5)).sum([-2, -1]))
        .sub(this.logVolume());
    };
    const safe = diagonalMatrix(filled(1, [p], this.dtype));
    return onEvents(value, positiveDefinite.contains(value), safe, inside, 2);
  }

  override mean(): Tensor {
    return this.times(this.df);
  }

  /** (df - p - 1) Σ; NaN for df < p + 1, where the density has no greatest value. */
  override mode(): Tensor {
    const rest = this.df.sub(this.eventShape[0]! + 1);
    return this.times(where(rest.ge(0), rest, Number.NaN));
  }

  override variance(): Tensor {
    const sigma = this.scale.matrix();
    const own = this.scale.diagonal();
    const spread = sigma.square().add(own.expandDims(-1).mul(own.expandDims(-2)));
    return spread.mul(this.df.expandDims(-1).expandDims(-1)).broadcastTo([...this.batchShape, ...this.eventShape]);
  }

  override entropy(): Tensor {
    const concentration = this.halves();
    const p = this.eventShape[0]!;
    return gammaEntropy(concentration, tensor(1), 1)
      .sub(this.powers().mul(digamma(concentration)))
      .sum(-1)
      .add((p * (p - 1)) / 4) // E of the squared normal numbers, halved
      .add(this.logVolume())
      .broadcastTo(this.batchShape);
  }

  /** By Bartlett's decomposition. */
  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const all = [...shape, ...this.batchShape, ...this.eventShape];
    const [ofNormal, ofGamma] = split(key) as [Tensor, Tensor];
    const below = normal(ofNormal, all, { dtype });
    const logs = logStandardGamma(ofGamma, all.slice(0, -1), this.halves());
    const onDiagonal = exp(logs.add(Math.LN2).mul(0.5));
    const strict = tril(below).sub(diagonalMatrix(diagonal(below)));
    const root = matmul(this.scaleTril, strict.add(diagonalMatrix(onDiagonal)));
    return matmul(root, matrixTranspose(root));
  }

  /** (df - i) / 2 for i from 0 to p - 1. @shape [...df, p] */
  private halves(): Tensor {
    return this.df
      .expandDims(-1)
      .sub(iota([this.eventShape[0]!]))
      .mul(0.5);
  }

  /** What the powers of the diagonal have beside those of gamma densities: (i - p + 1) / 2. @shape [p] */
  private powers(): Tensor {
    const p = this.eventShape[0]!;
    return sub(iota([p]), p - 1)
      .cast(this.dtype)
      .mul(0.5);
  }

  /** (p + 1) log det L + p (p + 1) / 2 log 2 + p (p - 1) / 4 log π. */
  private logVolume(): Tensor {
    const p = this.eventShape[0]!;
    const constant = (p * (p + 1) * Math.LN2) / 2 + (p * (p - 1) * Math.log(Math.PI)) / 4;
    return this.scale
      .halfLogDeterminant()
      .mul(p + 1)
      .add(constant);
  }

  private times(factor: Tensor): Tensor {
    const matrix = this.scale.matrix();
    return matrix.mul(factor.expandDims(-1).expandDims(-1)).broadcastTo([...this.batchShape, ...this.eventShape]);
  }
}

function requireSquare(key: string, shape: Shape): void {
  if (shape.length >= 2 && shape.at(-1) === shape.at(-2) && shape.at(-1)! > 0) return;
  fail({ code: "shape", given: `Wishart: ${key} of shape ${showShape(shape)}`, allowed: "[..., p, p]" });
}

/** df where it is > p - 1, NaN where it is not. @throws CredenceError `domain`: known, and not */
function enough(df: Tensor, p: number): Tensor {
  if (df.source.kind !== "data") return where(df.gt(p - 1), df, Number.NaN);
  const low = [...df.source.data].find((value) => !(value > p - 1));
  if (low !== undefined) {
    fail({
      code: "domain",
      given: `Wishart: df is ${low} for matrices of ${p} rows`,
      allowed: `numbers > ${p - 1}: with fewer vectors their sum is singular`,
    });
  }
  return df;
}
