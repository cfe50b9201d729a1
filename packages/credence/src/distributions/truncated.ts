import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { ceil, floor, where } from "../ops/index.js";
import { uniformOpen } from "../random/index.js";
import { between, type Constraint, extendedReal } from "./constraints.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution, type ParameterChange } from "./distribution.js";
import { implicitly } from "./implicit.js";
import { invertCdf } from "./invertCdf.js";
import { Normal } from "./normal.js";
import { isWhole, levelOf } from "./onSupport.js";
import { ordered } from "./ordered.js";
import { check } from "./parameters.js";
import { type DistributionJson, parametersToJson } from "./toJson.js";
import { TruncatedNormal } from "./truncatedNormal.js";
import { TruncatedPiece } from "./truncatedPiece.js";

/** Masses are differences of logarithms, which in far tails are long. */
const BLUR = { float32: 2 ** -15, float64: 2 ** -40 };

/**
 * What is left of a law between two limits, raised to mass 1: as its draws when those beyond the limits are thrown away.
 *
 *     log p(x) = base.logProb(x) - log P(low <= X <= high),   low <= x <= high
 *
 * Of a normal law it has TruncatedNormal's formulas; of others mean, variance, mode and entropy are missing. Where base has no mass between the
 * limits it is NaN.
 *
 * @param base  any law of numbers, counts too
 * @param low   lower limit, of counts included; units of x; default -Infinity, none
 * @param high  upper limit, > low, of counts included; default Infinity, none
 * @shape  batch = broadcast(base's batch, low, high); event = []
 * @throws CredenceError `domain`: a limit is NaN, or low not below high; `argument`: base is a law of vectors; `shape`
 * @source Nadarajah and Kotz, R programs for computing truncated distributions (2006), section 2
 */
export class Truncated<Base extends Distribution = Distribution> extends Distribution {
  readonly name: string;
  readonly support: Constraint;
  readonly reparameterized: boolean;
  readonly base: Base;
  readonly low: Tensor;
  readonly high: Tensor;
  /** The same law by formulas of its own, where there are some. */
  private readonly exact: Distribution | undefined;
  private readonly piece: TruncatedPiece;

  constructor(params: { readonly base: Base; readonly low?: TensorLike; readonly high?: TensorLike }) {
    const { base, low: from = Number.NEGATIVE_INFINITY, high: to = Number.POSITIVE_INFINITY } = params;
    if (base.eventShape.length > 0) {
      fail({
        code: "argument",
        given: `Truncated: base is ${base.name}, a law of vectors`,
        allowed: "laws of numbers",
      });
    }
    const limits = check("Truncated", { low: from, high: to }, { low: extendedReal, high: extendedReal });
    const { low, high } = ordered("Truncated", { low: limits.low, high: limits.high }, !base.support.discrete);
    const batch = broadcastShapes("Truncated", [base.batchShape, low.shape, high.shape]);
    super({ batch, event: [], dtype: base.dtype });
    this.name = `Truncated(${base.name})`;
    this.base = base;
    this.low = low;
    this.high = high;
    const range = between(low, high);
    const { discrete } = base.support;
    const contains = (x: Tensor): Tensor => {
      const inside = range.contains(x).and(base.support.contains(x));
      return discrete ? inside.and(isWhole(x)) : inside;
    };
    this.support = { ...range, discrete, contains };
    this.reparameterized = base.reparameterized && !discrete;
    this.exact =
      base instanceof Normal ? new TruncatedNormal({ loc: base.loc, scale: base.scale, low, high }) : undefined;
    this.piece = new TruncatedPiece(base, low.broadcastTo(batch), high.broadcastTo(batch));
  }

  override logProb(x: TensorLike): Tensor {
    return (this.exact ?? this.piece).logProb(this.value("logProb", x));
  }

  override cdf(x: TensorLike): Tensor {
    return (this.exact ?? this.piece).cdf(this.value("cdf", x));
  }

  override survival(x: TensorLike): Tensor {
    return (this.exact ?? this.piece).survival(this.value("survival", x));
  }

  override logCdf(x: TensorLike): Tensor {
    return (this.exact ?? this.piece).logCdf(this.value("logCdf", x));
  }

  override logSurvival(x: TensorLike): Tensor {
    return (this.exact ?? this.piece).logSurvival(this.value("logSurvival", x));
  }

  /** Of continuous laws by root finding from base's quantile, so that far tails of base are as exact as others. */
  override quantile(p: TensorLike): Tensor {
    if (this.exact) return this.exact.quantile(p);
    const level = levelOf(p);
    const x = this.find(level);
    return this.support.discrete ? x : implicitly(x, this, level);
  }

  override mean(): Tensor {
    return this.exact ? this.exact.mean() : this.missing("mean");
  }

  override variance(): Tensor {
    return this.exact ? this.exact.variance() : this.missing("variance");
  }

  override stddev(): Tensor {
    return this.exact ? this.exact.stddev() : this.missing("variance");
  }

  override skewness(): Tensor {
    return this.exact ? this.exact.skewness() : this.missing("skewness");
  }

  override mode(): Tensor {
    return this.exact ? this.exact.mode() : this.missing("mode");
  }

  override entropy(): Tensor {
    return this.exact ? this.exact.entropy() : this.missing("entropy");
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    if (this.exact) return this.exact.draw(key, shape);
    const dtype = this.base.dtype === "float32" ? "float32" : "float64";
    const x = this.find(uniformOpen(key, [...shape, ...this.batchShape], { dtype }));
    return this.support.discrete ? x.cast(this.dtype) : implicitly(x, this);
  }

  override withParameters(change: ParameterChange): Truncated {
    const broadcast = (t: Tensor, axes: number): Tensor =>
      t.broadcastTo([...this.batchShape, ...t.shape.slice(t.rank - axes)]);
    return new Truncated({
      base: this.base.withParameters((t, axes) => change(broadcast(t, axes), axes)),
      low: change(broadcast(this.low, 0), 0),
      high: change(broadcast(this.high, 0), 0),
    });
  }

  override toJSON(): DistributionJson {
    return {
      distribution: "Truncated",
      base: this.base.toJSON(),
      ...parametersToJson({ low: this.low, high: this.high }),
    };
  }

  /** The x at a level; no gradient. */
  private find(level: Tensor): Tensor {
    const isCount = this.support.discrete;
    const lower = this.base.quantile(0).maximum(isCount ? ceil(this.low) : this.low);
    const upper = this.base.quantile(1).minimum(isCount ? floor(this.high) : this.high);
    const near = this.base.quantile(this.piece.levelOfWhole(level)).maximum(lower).minimum(upper);
    const guess = where(
      near.abs().lt(Number.POSITIVE_INFINITY),
      near,
      where(lower.gt(Number.NEGATIVE_INFINITY), lower, 0),
    );
    if (isCount) return countQuantile(this, level, { lower, upper, guess, stride: 1 });
    const blur = BLUR[this.base.dtype === "float32" ? "float32" : "float64"];
    return invertCdf(this, level, { lower, upper, guess, blur }, this.batchShape);
  }
}
