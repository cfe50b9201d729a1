import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import {
  bd0,
  betaBinomialAbove,
  betaBinomialBelow,
  betaBinomialEntropy,
  binomialInverse,
  logGammaRatioRest,
  stirlingError,
  where,
} from "../ops/index.js";
import { logStandardGamma, split } from "../random/index.js";
import { type Constraint, nonNegativeIntegers, positive, wholeUpTo } from "./constraints.js";
import { countLevels } from "./countLevels.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution } from "./distribution.js";
import { onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

export interface BetaBinomialParams {
  readonly totalCount: TensorLike;
  readonly concentration1: TensorLike;
  readonly concentration0: TensorLike;
}

/**
 * Beta-binomial distribution: successes in trials whose common chance has a beta law.
 *
 *     log p(k) = log (totalCount over k) + log B(k + concentration1, totalCount - k + concentration0)
 *              - log B(concentration1, concentration0)
 *
 * Tails and entropy are sums of probabilities, over up to 2^20 numbers.
 *
 * @param totalCount      the number of trials, a whole number >= 0
 * @param concentration1  the beta law's shape at chance 1, > 0
 * @param concentration0  that at chance 0, > 0
 * @shape  batch = broadcast(totalCount, concentration1, concentration0); event = []
 * @throws CredenceError `domain`: a known count is no whole number >= 0, a known concentration not > 0
 * @source Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), section 6.2.2
 */
export class BetaBinomial extends Distribution {
  readonly name = "BetaBinomial";
  readonly support: Constraint;
  readonly reparameterized = false;
  readonly totalCount: Tensor;
  readonly concentration1: Tensor;
  readonly concentration0: Tensor;

  constructor(params: BetaBinomialParams) {
    const { totalCount, concentration1, concentration0 } = check("BetaBinomial", params, {
      totalCount: nonNegativeIntegers,
      concentration1: positive,
      concentration0: positive,
    });
    super(scalars("BetaBinomial", { totalCount, concentration1, concentration0 }));
    this.totalCount = totalCount;
    this.concentration1 = concentration1;
    this.concentration0 = concentration0;
    this.support = wholeUpTo(totalCount);
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    return onSupport(
      value,
      this.support.contains(value),
      0,
      (k) => this.logMass(k),
      this.outside(Number.NEGATIVE_INFINITY),
    );
  }

  override cdf(x: TensorLike): Tensor {
    return this.tails("cdf", x, ({ below, above }) => where(above.lt(0.5), above.neg().add(1), below), [0, 1]);
  }

  override survival(x: TensorLike): Tensor {
    return this.tails("survival", x, ({ below, above }) => where(below.lt(0.5), below.neg().add(1), above), [1, 0]);
  }

  override logCdf(x: TensorLike): Tensor {
    const of = ({ above, logBelow }: Tails): Tensor => where(above.lt(0.5), above.neg().log1p(), logBelow);
    return this.tails("logCdf", x, of, [Number.NEGATIVE_INFINITY, 0]);
  }

  override logSurvival(x: TensorLike): Tensor {
    const of = ({ below, logAbove }: Tails): Tensor => where(below.lt(0.5), below.neg().log1p(), logAbove);
    return this.tails("logSurvival", x, of, [0, Number.NEGATIVE_INFINITY]);
  }

  override quantile(p: TensorLike): Tensor {
    const stride = this.stddev().mul(0.5);
    return countQuantile(this, p, { lower: 0, upper: this.totalCount, guess: this.mean(), stride });
  }

  override mean(): Tensor {
    return this.totalCount.mul(this.share(this.concentration1));
  }

  /** The greater end where both concentrations are at most 1; of two equally likely numbers the greater one. */
  override mode(): Tensor {
    const { totalCount: n, concentration1: a, concentration0: b } = this;
    const rest = a.sub(1).add(b.sub(1));
    const isInner = a.gt(1).and(b.gt(1));
    const inner = n
      .add(1)
      .mul(a.sub(1).div(where(isInner, rest, 1)))
      .floor()
      .minimum(n);
    return where(isInner, inner, where(a.ge(b), n, n.mul(0)));
  }

  override variance(): Tensor {
    const { totalCount: n, concentration1: a, concentration0: b } = this;
    const sum = a.add(b);
    return n
      .mul(this.share(a))
      .mul(this.share(b))
      .mul(sum.add(n).div(sum.add(1)));
  }

  override skewness(): Tensor {
    const { totalCount: n, concentration1: a, concentration0: b } = this;
    const sum = a.add(b);
    const excess = sum.add(n.mul(2)).div(sum.add(2)).mul(b.sub(a));
    return excess.mul(
      sum
        .add(1)
        .div(n.mul(a).mul(b).mul(sum.add(n)))
        .sqrt(),
    );
  }

  override entropy(): Tensor {
    const { totalCount, concentration1, concentration0 } = this;
    const k = this.mode();
    return betaBinomialEntropy(totalCount, concentration1, concentration0, k, this.logMass(k));
  }

  /** Binomial draws of beta distributed chances, the rarer outcome's from its logarithm. */
  override draw(key: Tensor, shape: Shape): Tensor {
    const keys = split(key, 3) as [Tensor, Tensor, Tensor];
    const full = [...shape, ...this.batchShape];
    const one = logStandardGamma(keys[0], full, this.concentration1.broadcastTo(full));
    const zero = logStandardGamma(keys[1], full, this.concentration0.broadcastTo(full));
    const rare = one.sub(zero).abs().neg().sigmoid();
    const count = binomialInverse(this.totalCount, rare, countLevels(keys[2], full, this.dtype));
    return where(one.lt(zero), count, this.totalCount.sub(count));
  }

  private share(concentration: Tensor): Tensor {
    return concentration.div(this.concentration1.add(this.concentration0));
  }

  /** log p(k) for k from 0 to totalCount. */
  private logMass(k: Tensor): Tensor {
    const { totalCount: n, concentration1: a, concentration0: b } = this;
    const [isNone, isAll] = [k.eq(0), k.eq(n)];
    const isInner = isNone.or(isAll).not();
    const inner = innerMass(where(isInner, k, 1), where(isInner, n, 2), a, b);
    const trials = n.maximum(1);
    const ends = where(isAll, noneMass(trials, b, a), noneMass(trials, a, b));
    return where(n.eq(0), n.mul(0), where(isInner, inner, ends));
  }

  private tails(
    method: string,
    x: TensorLike,
    of: (tails: Tails) => Tensor,
    [low, high]: readonly [number, number],
  ): Tensor {
    const { totalCount, concentration1, concentration0 } = this;
    const value = this.value(method, x).floor();
    const isInner = value.ge(0).and(value.lt(totalCount));
    const k = where(isInner, value, 0);
    const logP = this.logMass(k);
    const [sumBelow, sumAbove] = [betaBinomialBelow, betaBinomialAbove].map((sum) =>
      sum(totalCount, concentration1, concentration0, k),
    ) as [Tensor, Tensor];
    const [logBelow, logAbove] = [logP.add(sumBelow.log()), logP.add(sumAbove.log())];
    const inner = of({ below: logBelow.exp().minimum(1), above: logAbove.exp().minimum(1), logBelow, logAbove });
    return onSupport(value, isInner, 0, () => inner, where(value.lt(0), this.outside(low), this.outside(high)));
  }

  /** A value beyond the support, NaN where that is not known. */
  private outside(value: number): Tensor {
    return where(this.totalCount.eq(this.totalCount), value, Number.NaN);
  }
}

interface Tails {
  readonly below: Tensor;
  readonly above: Tensor;
  readonly logBelow: Tensor;
  readonly logAbove: Tensor;
}

/** log p(0) = log (Γ(b + n) Γ(a + b) / (Γ(b) Γ(a + b + n))): the shorter of the steps a and n is taken. @param n  >= 1 */
function noneMass(n: Tensor, a: Tensor, b: Tensor): Tensor {
  const [step, other] = [a.minimum(n), a.maximum(n)];
  const rests = logGammaRatioRest(b, step).sub(logGammaRatioRest(b.add(other), step));
  return rests.sub(step.mul(other.div(b).log1p()));
}

/**
 * log p(k) for 0 < k < n. By Stirling's formula for all nine gamma functions what is large is two deviances, of the trials and of the
 * concentrations from what both make together; concentrations below 1 are first moved up by one.
 *
 * @source Loader, Fast and accurate computation of binomial probabilities (2000), whose way with the binomial law this is
 */
function innerMass(k: Tensor, n: Tensor, a: Tensor, b: Tensor): Tensor {
  const rest = n.sub(k);
  const [lowA, lowB] = [a.lt(1), b.lt(1)];
  const [p, q] = [where(lowA, a.add(1), a), where(lowB, b.add(1), b)];
  const [all, one, zero] = [p.add(q), p.add(k), q.add(rest)];
  const whole = all.add(n);
  const [success, failure] = [one.div(whole), zero.div(whole)];
  const deviances = bd0(k, n.mul(success))
    .add(bd0(rest, n.mul(failure)))
    .add(bd0(p, all.mul(success)))
    .add(bd0(q, all.mul(failure)));
  const roots = n
    .div(k)
    .div(rest)
    .mul(1 / (2 * Math.PI))
    .mul(p.div(one))
    .mul(q.div(zero))
    .mul(whole.div(all));
  const errors = stirlingError(n)
    .sub(stirlingError(k))
    .sub(stirlingError(rest))
    .add(stirlingError(one).sub(stirlingError(p)))
    .add(stirlingError(zero).sub(stirlingError(q)))
    .sub(stirlingError(whole).sub(stirlingError(all)));
  // p(k; a, b) = p(k; a + 1, b) a / (a + k) (a + b + n) / (a + b), and so for b
  const sum = a.add(where(lowB, b.add(1), b));
  const moveA = where(lowA, a.div(a.add(k)).mul(sum.add(n).div(sum)), tensor(1));
  const moveB = where(lowB, b.div(b.add(rest)).mul(a.add(b).add(n).div(a.add(b))), tensor(1));
  return roots.log().mul(0.5).add(moveA.mul(moveB).log()).add(errors).sub(deviances);
}
