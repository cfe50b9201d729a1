import type { TensorLike } from "../graph/literal.js";
import { tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { gammainc, gammaincc, lgamma, logGammaincc, ndtri, where, xlogy } from "../ops/index.js";
import { positive } from "./constraints.js";
import { implicitly } from "./implicit.js";
import { invertCdf } from "./invertCdf.js";
import { locationAndScale, Symmetric } from "./locationScale.js";
import { levelOf } from "./onSupport.js";
import { check } from "./parameters.js";

/**
 * Generalized normal distribution, whose tails fall as fast as one likes.
 *
 *     log p(x) = -|z|^power - log(2 scale Γ(1 + 1 / power)),  z = (x - loc) / scale
 *
 * At power 1 it is Laplace's, at 2 normal with standard deviation scale / √2; large powers make it uniform.
 *
 * @param loc    mean, median and mode; units of x
 * @param scale  > 0; units of x
 * @param power  > 0
 * @shape  batch = broadcast(loc, scale, power); event = []
 * @throws CredenceError `domain`: a known scale or power is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Nadarajah, A generalized normal distribution (2005)
 */
export class GeneralizedNormal extends Symmetric {
  readonly name = "GeneralizedNormal";
  readonly power: Tensor;

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike; readonly power: TensorLike }) {
    const checked = check("GeneralizedNormal", params, { ...locationAndScale, power: positive });
    super("GeneralizedNormal", checked);
    this.power = checked.power;
  }

  protected override logDensity(z: Tensor): Tensor {
    return this.raised(z).add(this.logWidth()).neg();
  }

  protected override below(z: Tensor): Tensor {
    const tail = gammaincc(this.order(), this.raised(z)).mul(0.5);
    return where(z.lt(0), tail, tail.neg().add(1));
  }

  protected override logBelow(z: Tensor): Tensor {
    const size = this.raised(z);
    const isTail = z.lt(0).and(size.lt(Number.POSITIVE_INFINITY));
    const tail = logGammaincc(this.order(), where(isTail, size, 1)).sub(Math.LN2);
    const upper = gammaincc(this.order(), size).mul(-0.5).log1p();
    return where(isTail, tail, where(z.lt(0), Number.NEGATIVE_INFINITY, upper));
  }

  /** By root finding over -|z|^e with e the power up to 1, on which the law falls like a gamma law at least. */
  protected override lowerQuantile(tail: Tensor): Tensor {
    const order = this.order();
    const e = this.power.minimum(1);
    const size = (t: Tensor): Tensor => t.neg().log().mul(this.power.div(e)).exp(); // |z|^power
    const law = {
      cdf: (t: Tensor) => gammaincc(order, size(t)),
      survival: (t: Tensor) => gammainc(order, size(t)),
      prob: (t: Tensor) => {
        const jacobian = xlogy(tensor(1).div(e).sub(1), t.neg()).sub(e.log());
        return jacobian
          .sub(size(t))
          .sub(lgamma(order.add(1)))
          .exp();
      },
    };
    // Wilson and Hilferty's for a gamma law, or where the mass would end if the density stayed as high as at 0
    const third = ndtri(tail.mul(2)).neg().div(order.sqrt()).div(3);
    const long = third.add(1).sub(this.power.div(9)).maximum(0.1);
    const guess = where(this.power.lt(1), order.mul(long.square().mul(long)), tail.mul(-2).add(1));
    const bracket = { lower: Number.NEGATIVE_INFINITY, upper: 0, guess: guess.neg() };
    const t = invertCdf(law, tail.mul(2), bracket, this.batchShape);
    return t.neg().log().div(e).exp().neg();
  }

  protected override standardEntropy(): Tensor {
    return this.logWidth().add(this.order());
  }

  override quantile(p: TensorLike): Tensor {
    return implicitly(super.quantile(p), this, levelOf(p));
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    const order = this.order();
    // Γ(3 / power) / Γ(1 / power), by Γ(1 + x) = x Γ(x)
    const square = lgamma(order.mul(3).add(1))
      .sub(lgamma(order.add(1)))
      .sub(Math.log(3));
    return this.scale.mul(square.mul(0.5).exp()).broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return implicitly(super.draw(key, shape), this);
  }

  /** 1 / power */
  private order(): Tensor {
    return tensor(1).div(this.power);
  }

  /** |z|^power */
  private raised(z: Tensor): Tensor {
    return z.abs().log().mul(this.power).exp();
  }

  /** log(2 Γ(1 + 1 / power)), of what the density at 0 is the inverse. */
  private logWidth(): Tensor {
    return lgamma(this.order().add(1)).add(Math.LN2);
  }
}
