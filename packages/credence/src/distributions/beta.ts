import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import {
  bd0,
  betainc,
  betaincc,
  div,
  eq,
  lbeta,
  logBetainc,
  logBetaincc,
  logRatio,
  ndtri,
  stirlingError,
  where,
  xlog1py,
  xlogy,
} from "../ops/index.js";
import { uniformOpen } from "../random/index.js";
import { stack } from "../tensor/derived.js";
import { positive, unitInterval } from "./constraints.js";
import { dirichletEntropy } from "./dirichletSums.js";
import { Distribution } from "./distribution.js";
import { implicitly } from "./implicit.js";
import { invertCdf } from "./invertCdf.js";
import { fromBeta } from "./kl/beta.js";
import { clampTo, levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** From here on, both, the logarithms of the density are large and cancel. */
const LARGE = 2;

/** Below this x, in float32 too, the logarithm of x outweighs all that cancels. */
const LEAST = 1e-35;

/** Logits beyond which x is 0, or 1. */
const ENDS = { float32: [-104, 17.5], float64: [-746, 37.5] } as const;

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
    const isLarge = a.ge(LARGE).and(b.ge(LARGE)).and(value.gt(LEAST)).and(value.lt(1));
    const density = (at: Tensor): Tensor => {
      const direct = xlogy(a.sub(1), at)
        .add(xlog1py(b.sub(1), at.neg()))
        .sub(lbeta(a, b));
      const [p, q, y] = [where(isLarge, a, LARGE), where(isLarge, b, LARGE), where(isLarge, at, 0.5)];
      return where(isLarge, stirling(p, q, y), direct);
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

  /** By the logit of x, whose law has a concave distribution function in logarithms, so that Newton's method converges from anywhere. */
  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const isUpper = level.gt(0.5);
    const [a, b] = [this.concentration1, this.concentration0];
    const [low, high] = ENDS[this.dtype as "float32" | "float64"];
    // whichever of x and 1 - x is the smaller has the digits
    const tail = (logit: Tensor): Tensor => {
      const isRight = logit.gt(0);
      const [own, other] = [where(isRight, b, a), where(isRight, a, b)];
      const z = logit.abs().neg().sigmoid();
      return where(eq(isUpper, isRight), betainc(own, other, z), betaincc(own, other, z));
    };
    const law = {
      cdf: tail,
      survival: tail,
      prob: (logit: Tensor) => xlogy(a, logit.sigmoid()).add(xlogy(b, logit.neg().sigmoid())).sub(lbeta(a, b)).exp(),
    };
    // by the first term of the power series of either tail
    const fromZero = level.log().add(a.log()).add(lbeta(a, b)).div(a);
    const fromOne = level.neg().log1p().add(b.log()).add(lbeta(a, b)).div(b);
    const far = where(isUpper, fromOne, fromZero);
    const spread = div(1, a).add(div(1, b)).sqrt();
    const middle = logRatio(a, b).add(ndtri(level).mul(spread));
    const guess = where(far.lt(-2), where(isUpper, far.neg(), far), middle);
    const logit = invertCdf(law, level, { lower: low, upper: high, guess }, this.batchShape);
    const x = logit.sigmoid();
    return implicitly(where(fromZero.le(low), 0, where(fromOne.le(-high), 1, x)), this, level);
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

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    return this.quantile(uniformOpen(key, [...shape, ...this.batchShape], { dtype }));
  }

  private total(): Tensor {
    return this.concentration1.add(this.concentration0);
  }

  private within(method: string, x: TensorLike): Tensor {
    return clampTo(this.value(method, x), 0, 1);
  }
}

/** The log density with Stirling's formula written out. @source Loader, Fast and accurate computation of binomial probabilities (2000) */
function stirling(a: Tensor, b: Tensor, x: Tensor): Tensor {
  const [n, y] = [a.add(b), x.neg().add(1)];
  return a
    .mul(b.div(n))
    .log()
    .mul(0.5)
    .sub(HALF_LOG_TWO_PI)
    .add(stirlingError(n).sub(stirlingError(a)).sub(stirlingError(b)))
    .sub(bd0(a, n.mul(x)))
    .sub(bd0(b, n.mul(y)))
    .sub(x.log())
    .sub(y.log());
}
