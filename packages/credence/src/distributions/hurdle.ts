import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { split, uniform, uniformOpen } from "../random/index.js";
import { countQuantile } from "./countQuantile.js";
import type { Distribution } from "./distribution.js";
import { type Gated, GatedLaw } from "./gated.js";
import { levelOf } from "./onSupport.js";

/**
 * Zeros apart from the rest: 0 with probability `gate`, else a draw of `base` given that it is above 0. There may be more zeros than in base, or fewer.
 *
 *     p(0) = gate,   p(x) = (1 - gate) base(x) / (1 - base(0)) for x > 0
 *
 * A continuous base gives a law with a mass at 0 and a density above it: rain, claims, spending. Its logProb is the logarithm of the mass at 0 and of
 * the density elsewhere.
 *
 * @param base        a law whose least number is 0, of counts or continuous
 * @param gate        probability of 0, from 0 to 1
 * @param gateLogits  or its logit
 * @shape  batch = broadcast(base's batch, gate); event = []
 * @throws CredenceError `argument`: base does not start at 0, neither or both gates; `domain`; `shape`
 * @source Mullahy, Specification and testing of some modified count data models (1986), section 2
 */
export class Hurdle<Base extends Distribution = Distribution> extends GatedLaw<Base> {
  readonly name: string;

  constructor(params: Gated<Base>) {
    super("Hurdle", params);
    this.name = `Hurdle(${this.base.name})`;
  }

  override logProb(x: TensorLike): Tensor {
    const above = (at: Tensor): Tensor => this.base.logProb(at).sub(this.logCleared()).add(this.gate.logRest);
    return this.atZero(this.value("logProb", x), this.gate.logProbs, above, Number.NEGATIVE_INFINITY);
  }

  override cdf(x: TensorLike): Tensor {
    const above = (at: Tensor): Tensor => {
      const beyond = this.gate.rest.mul(this.logBeyond(at).exp());
      const upTo = this.gate.probs.sub(this.gate.rest.mul(this.logBeyond(at).expm1()));
      return where(beyond.lt(0.5), beyond.neg().add(1), upTo);
    };
    return this.atZero(this.value("cdf", x), this.gate.probs, above, 0);
  }

  override survival(x: TensorLike): Tensor {
    const above = (at: Tensor): Tensor => this.gate.rest.mul(this.logBeyond(at).exp());
    return this.atZero(this.value("survival", x), this.gate.rest, above, 1);
  }

  override logCdf(x: TensorLike): Tensor {
    const above = (at: Tensor): Tensor => {
      const beyond = this.gate.rest.mul(this.logBeyond(at).exp());
      const upTo = this.gate.probs.sub(this.gate.rest.mul(this.logBeyond(at).expm1()));
      return where(beyond.lt(0.5), beyond.neg().log1p(), upTo.log());
    };
    return this.atZero(this.value("logCdf", x), this.gate.logProbs, above, Number.NEGATIVE_INFINITY);
  }

  override logSurvival(x: TensorLike): Tensor {
    const above = (at: Tensor): Tensor => this.gate.logRest.add(this.logBeyond(at));
    return this.atZero(this.value("logSurvival", x), this.gate.logRest, above, 0);
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const { probs, rest } = this.gate;
    const isAbove = level.gt(probs).and(rest.gt(0));
    const share = where(isAbove, level.sub(probs).div(where(isAbove, rest, 1)), 0).minimum(1);
    // of base, what lies above 0 takes the place of all
    const cleared = this.logCleared().exp();
    const guess = this.base.quantile(share.mul(cleared).add(cleared.neg().add(1)).minimum(1));
    if (!this.base.support.discrete) return where(isAbove, guess, where(level.eq(level), 0, Number.NaN));
    const finite = where(guess.lt(Number.POSITIVE_INFINITY), guess, 1);
    return countQuantile(this, level, { lower: 0, upper: this.base.quantile(1), guess: finite, stride: 1 });
  }

  override mean(): Tensor {
    return this.gate.rest.mul(this.base.mean().div(this.logCleared().exp()));
  }

  override variance(): Tensor {
    // of the law above 0, and then of the gate: E v + gate (1 - gate) m²
    const cleared = this.logCleared().exp();
    const lost = cleared.neg().add(1);
    const mean = this.base.mean().div(cleared);
    const own = this.base.variance().div(cleared).sub(mean.square().mul(lost));
    return this.gate.rest.mul(own.add(this.gate.probs.mul(mean.square())));
  }

  override mode(): Tensor {
    if (!this.base.support.discrete)
      return this.missing("mode", "a mass and a density do not compare: ask gateProbs and base.mode()");
    const own = this.base.mode().maximum(1);
    return where(this.logProb(own).gt(this.gate.logProbs), own, 0);
  }

  override entropy(): Tensor {
    if (!this.base.support.discrete) return this.missing("entropy", "a mass and a density have no common entropy");
    const { probs, rest, logProbs, logRest } = this.gate;
    const zero = this.base.logProb(0);
    const left = where(zero.eq(Number.NEGATIVE_INFINITY), 0, zero.exp().mul(zero));
    const logCleared = this.logCleared();
    const own = this.base.entropy().add(left).div(logCleared.exp()).add(logCleared);
    const choice = where(probs.gt(0), probs.mul(logProbs), 0).add(where(rest.gt(0), rest.mul(logRest), 0));
    return where(rest.gt(0), rest.mul(own), 0).sub(choice);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const [choosing, drawn] = split(key) as [Tensor, Tensor];
    const whole = [...shape, ...this.batchShape];
    const isZero = uniform(choosing, whole).lt(this.gate.probs);
    return where(isZero, tensor(0), this.drawAbove(drawn, whole));
  }

  /** Draws of base above 0: of counts by their quantiles. */
  private drawAbove(key: Tensor, whole: Shape): Tensor {
    if (!this.base.support.discrete)
      return this.base.draw(key, whole.slice(0, whole.length - this.base.batchShape.length));
    const cleared = this.logCleared().exp();
    const u = uniformOpen(key, whole, { dtype: this.dtype as "float32" | "float64" });
    const level = u.mul(cleared).add(cleared.neg().add(1));
    return this.base.quantile(level).maximum(1);
  }

  /** log P(X > 0) under base: 0 where it is continuous. */
  private logCleared(): Tensor {
    return this.base.logSurvival(0);
  }

  /** A function of x at 0, above and below it. */
  private atZero(x: Tensor, zero: Tensor, above: (x: Tensor) => Tensor, below: number): Tensor {
    const value = where(x.gt(0), above(where(x.gt(0), x, 1)), where(x.eq(0), zero, below));
    const cleared = this.logCleared();
    return where(x.eq(x).and(cleared.eq(cleared)), value, Number.NaN); // a base that is NaN makes all NaN
  }

  /** log P(X > x | X > 0) under base, for x > 0. */
  private logBeyond(x: Tensor): Tensor {
    return this.base.logSurvival(x).sub(this.logCleared());
  }
}
