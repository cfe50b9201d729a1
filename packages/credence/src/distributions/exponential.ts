import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { log1mexp } from "../ops/index.js";
import { uniformOpen } from "../random/index.js";
import { nonNegative, positive } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { Gamma } from "./gamma.js";
import { fromExponential } from "./kl/exponential.js";
import { clampTo, levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/**
 * Exponential distribution: the time to the next of events that come at a constant rate.
 *
 *     log p(x) = log rate - rate x,  x >= 0
 *
 * @param rate  events a unit of x, > 0; the mean is 1 / rate
 * @shape  batch = rate's; event = []
 * @throws CredenceError `domain`: a known rate is not > 0 or infinite
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 1 (1994), chapter 19
 */
export class Exponential extends Distribution {
  readonly name = "Exponential";
  readonly support = nonNegative;
  readonly reparameterized = true;
  readonly rate: Tensor;

  constructor(params: { readonly rate: TensorLike }) {
    const { rate } = check("Exponential", params, { rate: positive });
    super(scalars("Exponential", { rate }));
    this.rate = rate;
  }

  override get klRules() {
    return fromExponential;
  }

  override get asGeneral() {
    return new Gamma({ concentration: this.rate.mul(0).add(1), rate: this.rate });
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = value.ge(0).and(value.lt(Number.POSITIVE_INFINITY));
    return onSupport(value, inside, 1, (at) => this.rate.log().sub(this.rate.mul(at)));
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
    return levelOf(p).neg().log1p().neg().div(this.rate);
  }

  override mean(): Tensor {
    return tensor(1).div(this.rate);
  }

  override mode(): Tensor {
    return this.rate.mul(0);
  }

  override variance(): Tensor {
    return this.mean().square();
  }

  override stddev(): Tensor {
    return this.mean();
  }

  override skewness(): Tensor {
    return this.rate.mul(0).add(2);
  }

  override entropy(): Tensor {
    return this.rate.log().neg().add(1);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const u = uniformOpen(key, [...shape, ...this.batchShape], { dtype: this.dtype as "float32" | "float64" });
    return u.log().neg().div(this.rate); // -log u, whose large values come of the finely resolved small u
  }

  /** The logarithm of the survival function, -rate x from 0 on. */
  private passed(method: string, x: TensorLike): Tensor {
    return clampTo(this.value(method, x), 0).mul(this.rate).neg();
  }
}
