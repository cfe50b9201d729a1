import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, stopGradient, where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { between, type Constraint, extendedReal } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { implicitly } from "./implicit.js";
import { locationAndScale } from "./locationScale.js";
import { NormalPiece, type Position } from "./normalPiece.js";
import { momentsOf } from "./normalPieceMoments.js";
import { pieceQuantile } from "./normalPieceQuantile.js";
import { levelOf, onSupport } from "./onSupport.js";
import { ordered } from "./ordered.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/**
 * Normal distribution between two limits: what is left of one, raised to mass 1.
 *
 *     log p(x) = -z² / 2 - log(scale) - log ∫ exp(-t² / 2) dt,  z = (x - loc) / scale,  low <= x <= high
 *
 * The limits may lie any number of standard deviations out on one side.
 *
 * @param loc    mean of the whole normal distribution; units of x
 * @param scale  its standard deviation, > 0; units of x
 * @param low    lower limit, may be -Infinity
 * @param high   upper limit, > low, may be Infinity
 * @shape  batch = broadcast(loc, scale, low, high); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, loc not finite, a limit NaN, or low not below high; `shape`
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), section 13.10.1
 */
export class TruncatedNormal extends Distribution {
  readonly name = "TruncatedNormal";
  readonly support: Constraint;
  readonly reparameterized = true;
  readonly loc: Tensor;
  readonly scale: Tensor;
  readonly low: Tensor;
  readonly high: Tensor;
  /** The limits in standard deviations from loc. */
  private readonly piece: NormalPiece;

  constructor(params: {
    readonly loc: TensorLike;
    readonly scale: TensorLike;
    readonly low: TensorLike;
    readonly high: TensorLike;
  }) {
    const constraints = { ...locationAndScale, low: extendedReal, high: extendedReal };
    const { loc, scale, ...limits } = check("TruncatedNormal", params, constraints);
    const { low, high } = ordered("TruncatedNormal", limits);
    super(scalars("TruncatedNormal", { loc, scale, low, high }));
    this.loc = loc;
    this.scale = scale;
    this.low = low;
    this.high = high;
    this.support = between(low, high);
    this.piece = new NormalPiece(low.sub(loc).div(scale), high.sub(loc).div(scale), high.sub(low).div(scale));
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = this.support.contains(value).and(value.abs().lt(Number.POSITIVE_INFINITY));
    const outside = where(eq(this.piece.area, this.piece.area), Number.NEGATIVE_INFINITY, Number.NaN);
    const density = (at: Tensor): Tensor => this.piece.logDensity(this.position(at)).sub(this.scale.log());
    return onSupport(value, inside, this.mode(), density, outside);
  }

  override cdf(x: TensorLike): Tensor {
    return this.between(this.value("cdf", x), 0, 1, (at) => this.piece.below(at));
  }

  override survival(x: TensorLike): Tensor {
    return this.between(this.value("survival", x), 1, 0, (at) => this.piece.above(at));
  }

  override logCdf(x: TensorLike): Tensor {
    return this.between(this.value("logCdf", x), Number.NEGATIVE_INFINITY, 0, (at) => this.piece.logBelow(at));
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.between(this.value("logSurvival", x), 0, Number.NEGATIVE_INFINITY, (at) => this.piece.logAbove(at));
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const isUpper = level.gt(0.5);
    // above 1/2 the difference is exact
    return implicitly(this.place(where(isUpper, level.neg().add(1), level), isUpper), this, level);
  }

  override mean(): Tensor {
    const { side, shift } = momentsOf(this.piece);
    const base = where(side.gt(0), this.low, where(side.lt(0), this.high, this.loc));
    return base.add(this.scale.mul(shift));
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.scale.mul(momentsOf(this.piece).deviation);
  }

  override skewness(): Tensor {
    return momentsOf(this.piece).skewness;
  }

  override mode(): Tensor {
    return this.loc.maximum(this.low).minimum(this.high);
  }

  override entropy(): Tensor {
    return momentsOf(this.piece).entropy.add(this.scale.log());
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const { tail, isUpper } = uniformTail(key, [...shape, ...this.batchShape], { dtype });
    return implicitly(this.place(tail, isUpper), this);
  }

  private position(x: Tensor): Position {
    return {
      z: x.sub(this.loc).div(this.scale),
      above: x.sub(this.low).div(this.scale),
      below: this.high.sub(x).div(this.scale),
    };
  }

  /** A function of positions between the limits, and what it is below and above them. */
  private between(x: Tensor, below: number, above: number, formula: (at: Position) => Tensor): Tensor {
    const inside = x.gt(this.low).and(x.lt(this.high));
    const beside = where(eq(this.piece.area, this.piece.area), where(x.le(this.low), tensor(below), above), Number.NaN);
    return onSupport(x, inside, this.mode(), (at) => formula(this.position(at)), beside);
  }

  /** The x with cdf(x) = tail, or with survival(x) = tail where `isUpper`; no gradient. */
  private place(tail: Tensor, isUpper: Tensor): Tensor {
    const { fromLow, distance, z } = pieceQuantile(this.piece, tail, isUpper);
    const away = stopGradient(this.scale).mul(distance);
    const [low, high] = [stopGradient(this.low), stopGradient(this.high)];
    const beside = where(fromLow, low.add(away), high.sub(away));
    const unbounded = eq(low, Number.NEGATIVE_INFINITY).and(eq(high, Number.POSITIVE_INFINITY));
    return where(unbounded, stopGradient(this.loc).add(stopGradient(this.scale).mul(z)), beside)
      .maximum(low)
      .minimum(high);
  }
}
