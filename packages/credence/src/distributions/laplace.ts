import type { TensorLike } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { fromLaplace } from "./kl/laplace.js";
import { locationAndScale, Symmetric } from "./locationScale.js";
import { check } from "./parameters.js";

/**
 * Laplace distribution: two exponentials, back to back at `loc`.
 *
 *     log p(x) = -|x - loc| / scale - log(2 scale)
 *
 * @param loc    mean, median and mode; units of x
 * @param scale  mean distance from `loc`, > 0; units of x
 * @shape  batch = broadcast(loc, scale); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Kotz, Kozubowski and Podgórski, The Laplace Distribution (2001), chapter 2
 */
export class Laplace extends Symmetric {
  readonly name = "Laplace";

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike }) {
    super("Laplace", check("Laplace", params, locationAndScale));
  }

  override get klRules() {
    return fromLaplace;
  }

  protected override logDensity(z: Tensor): Tensor {
    return z.abs().neg().sub(Math.LN2);
  }

  protected override below(z: Tensor): Tensor {
    const tail = z.abs().neg().exp().mul(0.5); // at most 1/2 on both sides, so nothing overflows
    return where(z.lt(0), tail, tail.neg().add(1));
  }

  protected override logBelow(z: Tensor): Tensor {
    const size = z.abs().neg();
    return where(z.lt(0), size.sub(Math.LN2), size.exp().mul(-0.5).log1p());
  }

  protected override lowerQuantile(tail: Tensor): Tensor {
    return tail.mul(2).log();
  }

  protected override standardEntropy(): number {
    return 1 + Math.LN2;
  }

  override variance(): Tensor {
    return this.scale.square().mul(2).broadcastTo(this.batchShape);
  }

  override stddev(): Tensor {
    return this.scale.mul(Math.SQRT2).broadcastTo(this.batchShape);
  }
}
