import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { positive, real } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { levelOf } from "./onSupport.js";
import { scalars } from "./scalars.js";

/** Constraints of the two parameters that every such family has. */
export const locationAndScale = { loc: real, scale: positive } as const;

/**
 * Families that are one standard law, moved by `loc` and stretched by `scale`. A family says what its standard law is, as
 * functions of z = (x - loc) / scale.
 */
export abstract class LocationScale extends Distribution {
  abstract override readonly name: string;
  readonly support = real;
  readonly reparameterized = true;
  readonly loc: Tensor;
  readonly scale: Tensor;

  /** @param parameters  all of the family, checked */
  protected constructor(name: string, parameters: { readonly loc: Tensor; readonly scale: Tensor }) {
    super(scalars(name, { ...parameters }));
    this.loc = parameters.loc;
    this.scale = parameters.scale;
  }

  /** Log density of the standard law. */
  protected abstract logDensity(z: Tensor): Tensor;
  /** P(Z <= z), exact where it is small. */
  protected abstract below(z: Tensor): Tensor;
  /** P(Z > z), exact where it is small. */
  protected abstract above(z: Tensor): Tensor;
  protected abstract logBelow(z: Tensor): Tensor;
  protected abstract logAbove(z: Tensor): Tensor;
  /** The z with P(Z <= z) = tail, or with P(Z > z) = tail where `isUpper`; tail <= 1/2. */
  protected abstract tailQuantile(tail: Tensor, isUpper: Tensor): Tensor;
  protected abstract standardEntropy(): TensorLike;

  override logProb(x: TensorLike): Tensor {
    return this.logDensity(this.standardize("logProb", x)).sub(this.scale.log());
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
    return this.place(this.tailQuantile(where(isUpper, level.neg().add(1), level), isUpper));
  }

  override entropy(): Tensor {
    return this.scale.log().add(this.standardEntropy()).broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const { tail, isUpper } = uniformTail(key, [...shape, ...this.batchShape], { dtype });
    return this.place(this.tailQuantile(tail, isUpper));
  }

  /** The number of the family that stands where z does in the standard law. */
  protected place(z: Tensor): Tensor {
    return this.loc.add(this.scale.mul(z));
  }

  private standardize(method: string, x: TensorLike): Tensor {
    return this.value(method, x).sub(this.loc).div(this.scale);
  }
}

/** Families whose standard law is the same on both sides of 0. */
export abstract class Symmetric extends LocationScale {
  /** The z <= 0 with P(Z <= z) = tail <= 1/2. */
  protected abstract lowerQuantile(tail: Tensor): Tensor;

  protected override above(z: Tensor): Tensor {
    return this.below(z.neg());
  }

  protected override logAbove(z: Tensor): Tensor {
    return this.logBelow(z.neg());
  }

  protected override tailQuantile(tail: Tensor, isUpper: Tensor): Tensor {
    const z = this.lowerQuantile(tail);
    return where(isUpper, z.neg(), z);
  }

  override mean(): Tensor {
    return this.loc.broadcastTo(this.batchShape);
  }

  override mode(): Tensor {
    return this.loc.broadcastTo(this.batchShape);
  }

  override skewness(): Tensor {
    return this.scale.mul(0).broadcastTo(this.batchShape); // NaN where the scale is
  }
}
