import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { ndtri, where } from "../ops/index.js";
import { split } from "../random/index.js";
import { integers, positive } from "./constraints.js";
import { countEntropy } from "./countEntropy.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution } from "./distribution.js";
import { fromSkellam } from "./kl/skellam.js";
import { isWhole, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { Poisson } from "./poisson.js";
import { scalars } from "./scalars.js";
import { type LogTail, logMassOfDifference, logTailOfDifference } from "./skellamSums.js";

/**
 * Skellam distribution: the difference of two independent Poisson counts.
 *
 *     p(k) = Σ Poisson(j + k; rate1) Poisson(j; rate2) over j
 *          = exp(-(√rate1 - √rate2)²) (rate1 / rate2)^(k/2) e^-x I_k(x),  x = 2 √(rate1 rate2)
 *
 * The sums are taken as such: all their terms are positive. Each probability is a sum of 224 terms, whatever the rates.
 *
 * @param rate1  mean of the first count, > 0
 * @param rate2  mean of the one that is subtracted, > 0
 * @shape  batch = broadcast(rate1, rate2); event = []
 * @throws CredenceError `domain`: a known rate is not > 0 or infinite
 * @source Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), section 4.12.3
 */
export class Skellam extends Distribution {
  readonly name = "Skellam";
  readonly support = integers;
  readonly reparameterized = false;
  readonly rate1: Tensor;
  readonly rate2: Tensor;

  constructor(params: { readonly rate1: TensorLike; readonly rate2: TensorLike }) {
    const { rate1, rate2 } = check("Skellam", params, { rate1: positive, rate2: positive });
    super(scalars("Skellam", { rate1, rate2 }));
    this.rate1 = rate1;
    this.rate2 = rate2;
  }

  override get klRules() {
    return fromSkellam;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = value.abs().lt(Number.POSITIVE_INFINITY).and(isWhole(value));
    return onSupport(value, inside, 0, (k) => logMassOfDifference(k, this.rate1, this.rate2));
  }

  override cdf(x: TensorLike): Tensor {
    return this.tails("cdf", x, [0, 1], ({ log, isLower }) => where(isLower, log.exp(), log.expm1().neg()));
  }

  override survival(x: TensorLike): Tensor {
    return this.tails("survival", x, [1, 0], ({ log, isLower }) => where(isLower, log.expm1().neg(), log.exp()));
  }

  override logCdf(x: TensorLike): Tensor {
    const of = ({ log, isLower }: LogTail): Tensor => where(isLower, log, log.exp().neg().log1p());
    return this.tails("logCdf", x, [Number.NEGATIVE_INFINITY, 0], of);
  }

  override logSurvival(x: TensorLike): Tensor {
    const of = ({ log, isLower }: LogTail): Tensor => where(isLower, log.exp().neg().log1p(), log);
    return this.tails("logSurvival", x, [0, Number.NEGATIVE_INFINITY], of);
  }

  override quantile(p: TensorLike): Tensor {
    const level = tensor(p);
    const stddev = this.stddev();
    const z = ndtri(level.maximum(1e-300).minimum(1 - 2 ** -24));
    const skew = z.square().sub(1).mul(this.skewness()).div(6);
    const guess = this.mean().add(stddev.mul(z.add(skew)));
    const ends = { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY };
    return countQuantile(this, level, { ...ends, guess, stride: stddev.mul(0.125) });
  }

  override mean(): Tensor {
    return this.rate1.sub(this.rate2);
  }

  /** Near the mean; of two equally likely numbers the lower one. */
  override mode(): Tensor {
    const start = this.mean().floor().sub(1);
    let [best, most] = [start, this.logProb(start)];
    for (let step = 1; step <= 3; step++) {
      const [next, logP] = [start.add(step), this.logProb(start.add(step))];
      best = where(logP.gt(most), next, best);
      most = most.maximum(logP);
    }
    return best;
  }

  override variance(): Tensor {
    return this.rate1.add(this.rate2);
  }

  override skewness(): Tensor {
    return this.mean().div(this.variance()).div(this.stddev());
  }

  override entropy(): Tensor {
    const law = this.withParameters((t) => t.expandDims(-1));
    return countEntropy(law, { mean: this.mean(), stddev: this.stddev(), from: Number.NEGATIVE_INFINITY });
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const [first, second] = split(key) as [Tensor, Tensor];
    const wide = (rate: Tensor): Poisson => new Poisson({ rate: rate.broadcastTo(this.batchShape) });
    return wide(this.rate1).draw(first, shape).sub(wide(this.rate2).draw(second, shape));
  }

  private tails(
    method: string,
    x: TensorLike,
    [below, above]: readonly [number, number],
    of: (tail: LogTail) => Tensor,
  ): Tensor {
    const k = this.value(method, x).floor();
    const inside = k.abs().lt(Number.POSITIVE_INFINITY);
    const inner = (at: Tensor): Tensor => of(logTailOfDifference(at, this.rate1, this.rate2));
    return onSupport(k, inside, 0, inner, where(k.lt(0), below, above));
  }
}
