import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, log1mexp, logRatio, where } from "../ops/index.js";
import { uniformOpen } from "../random/index.js";
import { between, type Constraint, positive } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { fromPareto } from "./kl/pareto.js";
import { levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/**
 * Pareto distribution: of numbers beyond a threshold whose tail falls like a power.
 *
 *     log p(x) = log alpha - alpha log(x / scale) - log x,  x >= scale
 *
 * @param scale  the least value, > 0; units of x
 * @param alpha  the power, > 0; the mean is infinite up to 1, the variance up to 2
 * @shape  batch = broadcast(scale, alpha); event = []
 * @throws CredenceError `domain`: a known parameter is not > 0 or infinite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 20
 */
export class Pareto extends Distribution {
  readonly name = "Pareto";
  readonly support: Constraint;
  readonly reparameterized = true;
  readonly scale: Tensor;
  readonly alpha: Tensor;

  constructor(params: { readonly scale: TensorLike; readonly alpha: TensorLike }) {
    const { scale, alpha } = check("Pareto", params, { scale: positive, alpha: positive });
    super(scalars("Pareto", { scale, alpha }));
    this.scale = scale;
    this.alpha = alpha;
    this.support = between(scale, Number.POSITIVE_INFINITY, "[)");
  }

  override get klRules() {
    return fromPareto;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const outside = where(eq(this.scale, this.scale), Number.NEGATIVE_INFINITY, Number.NaN);
    const density = (at: Tensor): Tensor => {
      const fall = this.alpha.mul(logRatio(at, this.scale)).add(at.log());
      return this.alpha.log().sub(fall);
    };
    return onSupport(value, this.support.contains(value), this.scale, density, outside);
  }

  override cdf(x: TensorLike): Tensor {
    return this.passed("cdf", x).expm1().neg();
  }

  override survival(x: TensorLike): Tensor {
    return this.passed("survival", x).exp();
  }

  override logCdf(x: TensorLike): Tensor {
    return log1mexp(this.passed("logCdf", x));
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.passed("logSurvival", x);
  }

  override quantile(p: TensorLike): Tensor {
    return this.at(levelOf(p).neg().log1p().neg());
  }

  override mean(): Tensor {
    const exists = this.alpha.gt(1);
    const alpha = where(exists, this.alpha, 2);
    return where(exists, this.scale.mul(alpha.div(alpha.sub(1))), Number.POSITIVE_INFINITY);
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    const exists = this.alpha.gt(2);
    const alpha = where(exists, this.alpha, 3);
    const spread = alpha.div(alpha.sub(2)).sqrt().div(alpha.sub(1));
    return where(exists, this.scale.mul(spread), Number.POSITIVE_INFINITY);
  }

  /** NaN for alpha up to 3: it does not exist. */
  override skewness(): Tensor {
    const exists = this.alpha.gt(3);
    const alpha = where(exists, this.alpha, 4);
    const root = alpha.sub(2).div(alpha).sqrt();
    const value = alpha.add(1).mul(2).div(alpha.sub(3)).mul(root);
    return where(exists, value, Number.NaN).add(this.scale.mul(0));
  }

  override mode(): Tensor {
    return this.scale.broadcastTo(this.batchShape);
  }

  override entropy(): Tensor {
    const rest = this.alpha.neg().add(1).div(this.alpha); // 1 / alpha - 1
    return logRatio(this.scale, this.alpha).add(rest).add(2);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const u = uniformOpen(key, [...shape, ...this.batchShape], { dtype: this.dtype as "float32" | "float64" });
    return this.at(u.log().neg()); // large values come of the finely resolved small u
  }

  /** scale e^(size / alpha), by the root of the power, which may overflow where the product does not. */
  private at(size: Tensor): Tensor {
    const root = size.div(this.alpha).mul(0.5).exp();
    return this.scale.mul(root).mul(root);
  }

  /** The logarithm of the survival function, -alpha log(x / scale) from `scale` on. */
  private passed(method: string, x: TensorLike): Tensor {
    return this.alpha.mul(logRatio(this.value(method, x).maximum(this.scale), this.scale)).neg();
  }
}
