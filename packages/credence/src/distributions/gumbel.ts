import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { log1mexp, where } from "../ops/index.js";
import { fromGumbel } from "./kl/gumbel.js";
import { LocationScale, locationAndScale } from "./locationScale.js";
import { check } from "./parameters.js";

/** Euler's constant, -ψ(1). */
const EULER = 0.5772156649015329;

/**
 * Gumbel distribution: what the greatest of many draws follows.
 *
 *     log p(x) = -z - exp(-z) - log scale,  z = (x - loc) / scale
 *
 * @param loc    mode; units of x
 * @param scale  √6 / π standard deviations, > 0; units of x
 * @shape  batch = broadcast(loc, scale); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), chapter 22
 */
export class Gumbel extends LocationScale {
  readonly name = "Gumbel";

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike }) {
    super("Gumbel", check("Gumbel", params, locationAndScale));
  }

  override get klRules() {
    return fromGumbel;
  }

  protected override logDensity(z: Tensor): Tensor {
    // exp(-z) is infinite long before -1e5; at -∞ the sum would be NaN
    const finite = z.maximum(-1e5);
    return finite.add(finite.neg().exp()).neg();
  }

  protected override below(z: Tensor): Tensor {
    return this.logBelow(z).exp();
  }

  protected override above(z: Tensor): Tensor {
    return this.logBelow(z).expm1().neg();
  }

  protected override logBelow(z: Tensor): Tensor {
    return z.neg().exp().neg();
  }

  protected override logAbove(z: Tensor): Tensor {
    return log1mexp(this.logBelow(z));
  }

  protected override tailQuantile(tail: Tensor, isUpper: Tensor): Tensor {
    const logBelow = where(isUpper, tail.neg().log1p(), tail.log());
    return logBelow.neg().log().neg();
  }

  protected override standardEntropy(): number {
    return 1 + EULER;
  }

  override mean(): Tensor {
    return this.loc.add(this.scale.mul(EULER)).broadcastTo(this.batchShape);
  }

  override mode(): Tensor {
    return this.loc.broadcastTo(this.batchShape);
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.scale.mul(Math.PI / Math.sqrt(6)).broadcastTo(this.batchShape);
  }

  /** 12 √6 ζ(3) / π³ */
  override skewness(): Tensor {
    return this.scale.mul(0).add(1.1395470994046486).broadcastTo(this.batchShape);
  }
}
