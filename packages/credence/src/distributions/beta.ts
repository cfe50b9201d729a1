import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { betainc, betaincc, lbeta, logBetainc, logBetaincc, where, xlog1py, xlogy } from "../ops/index.js";
import { logStandardGamma, split } from "../random/index.js";
import { stack } from "../tensor/derived.js";
import { betaLogit } from "./betaLogit.js";
import { isCancelling, LARGE_SHAPE, stirlingMass } from "./betaMass.js";
import { positive, unitInterval } from "./constraints.js";
import { dirichletEntropy } from "./dirichletSums.js";
import { Distribution } from "./distribution.js";
import { implicitly } from "./implicit.js";
import { fromBeta } from "./kl/beta.js";
import { clampTo, levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

/** Logits beyond which x is 0, or 1. */
const ENDS = { float32: [-104, 17.5], float64: [-746, 37.5] } as const;

const BELOW_ONE = { float32: 1 - 2 ** -24, float64: 1 - 2 ** -53 } as const;

/**
 * Beta distribution of numbers from 0 to 1, such as probabilities.
 *
 *     log p(x) = (a - 1) log x + (b - 1) log(1 - x) - log B(a, b)
 *
 * @param concentration1  a > 0: of x near 0. Below 1 the density grows without bound there
 * @param concentration0  b > 0: of x near 1, as a near 0
 * @shape  batch = broadcast(concentration1, concentration0); event = []
 * @throws CredenceError `domain`: a known parameter is not > 0 or infinite; `shape`: they do not broadcast
 * @source Johnson, Kotz and Balakrishnan, Continuous Univariate Distributions 2 (1995), chapter 25
 */
export class Beta extends Distribution {
  readonly name = "Beta";
  readonly support = unitInterval;
  readonly reparameterized = true;
  readonly concentration1: Tensor;
  readonly concentration0: Tensor;

  constructor(params: { readonly concentration1: TensorLike; readonly concentration0: TensorLike }) {
    const checked = check("Beta", params, { concentration1: positive, concentration0: positive });
    super(scalars("Beta", checked));
    this.concentration1 = checked.concentration1;
    this.concentration0 = checked.concentration0;
  }

  override get klRules() {
    return fromBeta;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const [a, b] = [this.concentration1, this.concentration0];
    const isLarge = isCancelling(a, b, value).and(value.lt(1));
    const density = (at: Tensor): Tensor => {
      const direct = xlogy(a.sub(1), at)
        .add(xlog1py(b.sub(1), at.neg()))
        .sub(lbeta(a, b));
      const [p, q, y] = [where(isLarge, a, LARGE_SHAPE), where(isLarge, b, LARGE_SHAPE), where(isLarge, at, 0.5)];
      return where(isLarge, stirlingMass(p, q, y, y.neg().add(1)).sub(y.log()).sub(y.neg().log1p()), direct);
    };
    return onSupport(value, this.support.contains(value), 0.5, density, where(a.add(b).gt(0), -Infinity, Number.NaN));
  }

  override cdf(x: TensorLike): Tensor {
    return betainc(this.concentration1, this.concentration0, this.within("cdf", x));
  }

  override survival(x: TensorLike): Tensor {
    return betaincc(this.concentration1, this.concentration0, this.within("survival", x));
  }

  override logCdf(x: TensorLike): Tensor {
    return logBetainc(this.concentration1, this.concentration0, this.within("logCdf", x));
  }

  override logSurvival(x: TensorLike): Tensor {
    return logBetaincc(this.concentration1, this.concentration0, this.within("logSurvival", x));
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const [low, high] = ENDS[this.dtype as "float32" | "float64"];
    const logit = betaLogit(this.concentration1, this.concentration0, level, { low, high }, this.batchShape);
    // sigmoid of the lower end is not 0 but the least of numbers
    return implicitly(where(logit.le(low), 0, logit.sigmoid()), this, level);
  }

  override mean(): Tensor {
    return this.concentration1.div(this.total());
  }

  override variance(): Tensor {
    const n = this.total();
    return this.mean().mul(this.concentration0.div(n)).div(n.add(1));
  }

  override skewness(): Tensor {
    const [a, b, n] = [this.concentration1, this.concentration0, this.total()];
    const spread = n.add(1).sqrt().div(a.sqrt()).div(b.sqrt());
    return b.sub(a).div(n.add(2)).mul(spread.mul(2));
  }

  /** NaN where there is none, or two: both concentrations at most 1. */
  override mode(): Tensor {
    const [a, b] = [this.concentration1.sub(1), this.concentration0.sub(1)];
    const hasPeak = a.maximum(b).gt(0);
    const [above, beside] = [a.maximum(0), b.maximum(0)];
    return where(hasPeak, above.div(where(hasPeak, above.add(beside), 1)), Number.NaN);
  }

  override entropy(): Tensor {
    const pair = [this.concentration1, this.concentration0].map((t) => t.broadcastTo(this.batchShape));
    return dirichletEntropy(stack(pair, -1));
  }

  /**
   * G / (G + H) of two gamma draws, by their logarithms: of tiny concentrations it is 0 or 1, as it must be, where the draws themselves would
   * both be 0.
   */
  override draw(key: Tensor, shape: Shape): Tensor {
    const full = [...shape, ...this.batchShape];
    const [first, second] = split(key) as [Tensor, Tensor];
    const [a, b] = [this.concentration1, this.concentration0];
    const x = logStandardGamma(first, full, a)
      .sub(logStandardGamma(second, full, b))
      .sigmoid();
    // 1 by rounding alone would have a density of 0
    const most = where(b.gt(1), BELOW_ONE[this.dtype as "float32" | "float64"], 1);
    return implicitly(x.minimum(most), this);
  }

  private total(): Tensor {
    return this.concentration1.add(this.concentration0);
  }

  private within(method: string, x: TensorLike): Tensor {
    return clampTo(this.value(method, x), 0, 1);
  }
}
