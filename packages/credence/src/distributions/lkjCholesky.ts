import { fail } from "../errors.js";
import { filled, type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import {
  diagonal,
  diagonalMatrix,
  digammaDifference,
  exp,
  iota,
  logAddExp,
  logGammaRatio,
  sub,
  tril,
  where,
} from "../ops/index.js";
import { logStandardGamma, normal, split } from "../random/index.js";
import { concat } from "../tensor/derived.js";
import { correlationCholesky, positive } from "./constraints.js";
import { Distribution, type ParameterChange } from "./distribution.js";
import { onEvents } from "./onSupport.js";
import { check } from "./parameters.js";
import type { DistributionJson } from "./toJson.js";

/**
 * Law of Lewandowski, Kurowicka and Joe for correlation matrices, by their lower Cholesky factors L: the density of the matrix is proportional to its
 * determinant to the power of concentration - 1.
 *
 *     log p(L) = Σ (n - 3 - i + 2 concentration) log L_ii - log c,  i from 1 to n - 1, rows counted from 0
 *     log c = Σ i / 2 log π + lgamma(a - i / 2) - lgamma(a),  a = concentration + (n - 1) / 2
 *
 * The density is with respect to the numbers below the diagonal. With concentration 1 all correlation matrices are equally likely, above 1 those near
 * to no correlation.
 *
 * @param dimension      rows of the matrix, a whole number >= 2
 * @param concentration  > 0
 * @shape  batch = concentration's; event = [dimension, dimension]
 * @throws CredenceError `domain`: a known concentration is not > 0 or infinite; `argument`: the dimension
 * @source Lewandowski, Kurowicka and Joe, Generating random correlation matrices based on vines and extended onion method (2009), section 3
 */
export class LKJCholesky extends Distribution {
  readonly name = "LKJCholesky";
  readonly support = correlationCholesky;
  readonly reparameterized = true;
  readonly dimension: number;
  readonly concentration: Tensor;

  constructor({ dimension, concentration }: { readonly dimension: number; readonly concentration: TensorLike }) {
    const checked = check("LKJCholesky", { concentration }, { concentration: positive });
    if (!Number.isSafeInteger(dimension) || dimension < 2) {
      fail({ code: "argument", given: `LKJCholesky: dimension is ${dimension}`, allowed: "a whole number >= 2" });
    }
    const { dtype, shape } = checked.concentration;
    super({ batch: shape, event: [dimension, dimension], dtype, parameters: checked });
    this.dimension = dimension;
    this.concentration = checked.concentration;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const safe = diagonalMatrix(filled(1, [this.dimension], this.dtype));
    const inside = (l: Tensor): Tensor => {
      const rows = diagonal(l).slice(-1, 1);
      return rows.log().mul(this.powers()).sum(-1).sub(this.logVolume());
    };
    return onEvents(value, correlationCholesky.contains(value), safe, inside, 2);
  }

  /** Below the diagonal 0; on it E √(1 - y), of a beta number y. */
  override mean(): Tensor {
    const left = logGammaRatio(this.unexplained(), 0.5).sub(logGammaRatio(this.total(), 0.5));
    return this.onDiagonal(exp(left));
  }

  /** The identity; NaN for a concentration below 1, of which the density is infinite at singular matrices. */
  override mode(): Tensor {
    const height = where(this.concentration.ge(1).expandDims(-1), 1, Number.NaN);
    return this.onDiagonal(height.broadcastTo([...this.batchShape, this.dimension - 1]));
  }

  override variance(): Tensor {
    const { dimension } = this;
    const all = [...this.batchShape, dimension, dimension];
    const share = tensor(0.5).div(this.total()).expandDims(-1);
    const below = tril(share.broadcastTo(all));
    const strict = below.sub(diagonalMatrix(diagonal(below)));
    const mean = diagonal(this.mean()).slice(-1, 1);
    const rest = this.unexplained().div(this.total()).sub(mean.square()).maximum(0);
    return strict.add(this.onDiagonal(rest, 0));
  }

  override entropy(): Tensor {
    const logs = digammaDifference(this.unexplained(), this.rows().mul(0.5)).mul(-0.5);
    return this.logVolume().sub(this.powers().mul(logs).sum(-1)).broadcastTo(this.batchShape);
  }

  /** By the onion: a direction and a beta length for each row. */
  override draw(key: Tensor, shape: Shape): Tensor {
    const { dimension } = this;
    const dtype = this.dtype as "float32" | "float64";
    const outer = [...shape, ...this.batchShape];
    const [ofNormal, ofBelow, ofRest] = split(key, 3) as [Tensor, Tensor, Tensor];
    const gammas = (k: Tensor, concentration: Tensor): Tensor =>
      logStandardGamma(k, [...outer, dimension - 1], concentration);
    const [below, rest] = [gammas(ofBelow, this.rows().mul(0.5)), gammas(ofRest, this.unexplained())];
    const both = logAddExp(below, rest);
    const numbers = normal(ofNormal, [...outer, dimension - 1, dimension], { dtype });
    const strict = where(iota([dimension]).le(iota([dimension - 1, 1])), numbers, 0);
    const length = strict.square().sum(-1, { keepDims: true }).sqrt();
    const rows = strict.div(length).mul(exp(below.sub(both).mul(0.5)).expandDims(-1));
    const first = rows.slice(-2, 0, 1).mul(0);
    return concat([first, rows], -2).add(this.onDiagonal(exp(rest.sub(both).mul(0.5))));
  }

  override withParameters(change: ParameterChange): LKJCholesky {
    return new LKJCholesky({ dimension: this.dimension, concentration: change(this.concentration, 0) });
  }

  override toJSON(): DistributionJson {
    return { ...super.toJSON(), dimension: this.dimension };
  }

  /** 1 to n - 1, the numbers of the rows that are free. @shape [n - 1] */
  private rows(): Tensor {
    return iota([this.dimension - 1])
      .add(1)
      .cast(this.dtype);
  }

  /** a. @shape [...batch, 1] */
  private total(): Tensor {
    return this.concentration.expandDims(-1).add((this.dimension - 1) / 2);
  }

  /** Of the gamma numbers that the diagonals are made of: a - i / 2. @shape [...batch, n - 1] */
  private unexplained(): Tensor {
    return this.concentration.expandDims(-1).add(sub(this.dimension - 1, this.rows()).mul(0.5));
  }

  private powers(): Tensor {
    return this.unexplained().sub(1).mul(2);
  }

  private logVolume(): Tensor {
    const rows = this.rows();
    const pi = rows.mul(Math.log(Math.PI) / 2);
    return pi.sub(logGammaRatio(this.unexplained(), rows.mul(0.5))).sum(-1);
  }

  /** A diagonal matrix of the first number, for row 0, and these. */
  private onDiagonal(rest: Tensor, first = 1): Tensor {
    const start = rest.slice(-1, 0, 1).mul(0).add(first);
    return diagonalMatrix(concat([start, rest], -1));
  }
}
