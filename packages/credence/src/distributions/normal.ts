import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { logNdtr, ndtr, ndtri } from "../ops/index.js";
import { normal } from "../random/index.js";
import { positive, real } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { fromNormal } from "./kl/normal.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * Normal distribution.
 *
 *     log p(x) = -z² / 2 - log(scale) - log(2π) / 2,  z = (x - loc) / scale
 *
 * @param loc    mean, median and mode; units of x
 * @param scale  standard deviation, > 0; units of x
 * @shape  batch = broadcast(loc, scale); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 13
 */
export class Normal extends Distribution {
  readonly name = "Normal";
  readonly support = real;
  readonly reparameterized = true;
  readonly loc: Tensor;
  readonly scale: Tensor;

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike }) {
    const { loc, scale } = check("Normal", params, { loc: real, scale: positive });
    super(scalars("Normal", { loc, scale }));
    this.loc = loc;
    this.scale = scale;
  }

  override get klRules() {
    return fromNormal;
  }

  override logProb(x: TensorLike): Tensor {
    const z = this.standardize("logProb", x);
    // z · (z / 2) reaches further than z² / 2 before it overflows
    return z.mul(z.mul(-0.5)).sub(this.scale.log().add(HALF_LOG_TWO_PI));
  }

  override cdf(x: TensorLike): Tensor {
    return ndtr(this.standardize("cdf", x));
  }

  override logCdf(x: TensorLike): Tensor {
    return logNdtr(this.standardize("logCdf", x));
  }

  override survival(x: TensorLike): Tensor {
    return ndtr(this.standardize("survival", x).neg());
  }

  override logSurvival(x: TensorLike): Tensor {
    return logNdtr(this.standardize("logSurvival", x).neg());
  }

  override quantile(p: TensorLike): Tensor {
    return this.loc.add(this.scale.mul(ndtri(p)));
  }

  override mean(): Tensor {
    return this.loc.broadcastTo(this.batchShape);
  }

  override mode(): Tensor {
    return this.mean();
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    return this.scale.broadcastTo(this.batchShape);
  }

  override skewness(): Tensor {
    return this.scale.mul(0).broadcastTo(this.batchShape); // NaN where the scale is
  }

  override entropy(): Tensor {
    return this.stddev()
      .log()
      .add(HALF_LOG_TWO_PI + 0.5);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const z = normal(key, [...shape, ...this.batchShape], { dtype: this.scale.dtype as "float32" | "float64" });
    return this.loc.add(this.scale.mul(z));
  }

  private standardize(method: string, x: TensorLike): Tensor {
    return this.value(method, x).sub(this.loc).div(this.scale);
  }
}
