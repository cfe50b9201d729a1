import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, where } from "../ops/index.js";
import { Distribution } from "./distribution.js";
import { onSupport } from "./onSupport.js";
import { scalars } from "./scalars.js";

/** Laws of x = g(y) for a growing g and a law of y on the real line by `loc` and `scale`, whose functions they take over. */
export abstract class Mapped extends Distribution {
  abstract override readonly name: string;
  readonly reparameterized = true;
  readonly loc: Tensor;
  readonly scale: Tensor;
  /** The law of y. */
  protected readonly inner: Distribution;
  /** That of (y - loc) / scale. */
  private readonly standard: Distribution;

  /** @param parameters  checked */
  protected constructor(
    name: string,
    parameters: { readonly loc: Tensor; readonly scale: Tensor },
    Inner: new (parameters: { readonly loc: TensorLike; readonly scale: TensorLike }) => Distribution,
  ) {
    super(scalars(name, parameters));
    this.loc = parameters.loc;
    this.scale = parameters.scale;
    this.inner = new Inner(parameters);
    this.standard = new Inner({ loc: 0, scale: 1 });
  }

  /** g(y). */
  protected abstract forward(y: Tensor): Tensor;
  /** y - loc for the y with g(y) = x, with its digits where that is small; infinite at the ends of the support and beyond. */
  protected abstract distance(x: Tensor): Tensor;
  /** log dy/dx as a function of y: gradients of both terms of a log density then meet before they are stretched, lest they be ∞ - ∞. */
  protected abstract logSlope(y: Tensor): Tensor;
  /** A number within the support. */
  protected abstract readonly within: number;

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    // NaN parameters give NaN outside as well
    const outside = where(eq(this.scale, this.scale), Number.NEGATIVE_INFINITY, Number.NaN);
    const density = (at: Tensor): Tensor => {
      const distance = this.distance(at);
      const density = this.standard.logProb(distance.div(this.scale)).sub(this.scale.log());
      return density.add(this.logSlope(distance.add(this.loc)));
    };
    return onSupport(value, this.support.contains(value), this.within, density, outside);
  }

  override cdf(x: TensorLike): Tensor {
    return this.standard.cdf(this.standardize("cdf", x));
  }

  override survival(x: TensorLike): Tensor {
    return this.standard.survival(this.standardize("survival", x));
  }

  override logCdf(x: TensorLike): Tensor {
    return this.standard.logCdf(this.standardize("logCdf", x));
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.standard.logSurvival(this.standardize("logSurvival", x));
  }

  override quantile(p: TensorLike): Tensor {
    return this.forward(this.inner.quantile(p));
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return this.forward(this.inner.draw(key, shape));
  }

  private standardize(method: string, x: TensorLike): Tensor {
    return this.distance(this.value(method, x)).div(this.scale);
  }
}
