import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { nonNegative, positive } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { clampTo, levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/** Families that are the size |Z| of one standard law, stretched by `scale`; as functions of z = x / scale >= 0. */
export abstract class HalfLaw extends Distribution {
  abstract override readonly name: string;
  readonly support = nonNegative;
  readonly reparameterized = true;
  readonly scale: Tensor;

  protected constructor(name: string, params: { readonly scale: TensorLike }) {
    const { scale } = check(name, params, { scale: positive });
    super(scalars(name, { scale }));
    this.scale = scale;
  }

  /** Log density at z >= 0. */
  protected abstract logDensity(z: Tensor): Tensor;
  /** P(|Z| <= z), exact where it is small. */
  protected abstract below(z: Tensor): Tensor;
  /** P(|Z| > z), exact where it is small. */
  protected abstract above(z: Tensor): Tensor;
  protected abstract logBelow(z: Tensor): Tensor;
  protected abstract logAbove(z: Tensor): Tensor;
  /** The z with P(|Z| <= z) = tail, or with P(|Z| > z) = tail where `isUpper`; tail <= 1/2. */
  protected abstract tailQuantile(tail: Tensor, isUpper: Tensor): Tensor;
  /** What it rises by with the tail at 0. */
  protected abstract readonly firstSlope: number;
  protected abstract standardEntropy(): number;

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = value.ge(0).and(value.lt(Number.POSITIVE_INFINITY));
    return onSupport(value, inside, 0, (at) => this.logDensity(at.div(this.scale)).sub(this.scale.log()));
  }

  override cdf(x: TensorLike): Tensor {
    return this.below(this.standardize("cdf", x));
  }

  override survival(x: TensorLike): Tensor {
    return this.above(this.standardize("survival", x));
  }

  override logCdf(x: TensorLike): Tensor {
    return this.logBelow(this.standardize("logCdf", x));
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.logAbove(this.standardize("logSurvival", x));
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const isUpper = level.gt(0.5);
    // above 1/2 the difference is exact
    const x = this.scale.mul(this.tailQuantile(where(isUpper, level.neg().add(1), level), isUpper));
    // a straight line to rounding, and a subnormal z would have lost digits
    return where(level.lt(1e-20), this.scale.mul(level).mul(this.firstSlope), x);
  }

  override mode(): Tensor {
    return this.scale.mul(0);
  }

  override entropy(): Tensor {
    return this.scale.log().add(this.standardEntropy());
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const { tail, isUpper } = uniformTail(key, [...shape, ...this.batchShape], { dtype });
    return this.scale.mul(this.tailQuantile(tail, isUpper));
  }

  private standardize(method: string, x: TensorLike): Tensor {
    return clampTo(this.value(method, x), 0).div(this.scale);
  }
}
