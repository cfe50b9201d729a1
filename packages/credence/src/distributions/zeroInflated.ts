import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { logAddExp, where } from "../ops/index.js";
import { split, uniform } from "../random/index.js";
import { countQuantile } from "./countQuantile.js";
import type { Distribution } from "./distribution.js";
import { type Gated, GatedLaw } from "./gated.js";
import { levelOf } from "./onSupport.js";

/**
 * Counts with more zeros than their law has: 0 with probability `gate`, else a draw of `base`, which may be 0 too.
 *
 *     p(0) = gate + (1 - gate) base(0),   p(k) = (1 - gate) base(k) for k > 0
 *
 *     new ZeroInflated({ base: new Poisson({ rate: 3 }), gate: 0.4 })
 *
 * @param base        a law of counts from 0
 * @param gate        probability of the additional 0, from 0 to 1
 * @param gateLogits  or its logit
 * @shape  batch = broadcast(base's batch, gate); event = []
 * @throws CredenceError `argument`: base is no law of counts from 0, neither or both gates; `domain`; `shape`
 * @source Lambert, Zero-inflated Poisson regression (1992), section 2
 */
export class ZeroInflated<Base extends Distribution = Distribution> extends GatedLaw<Base> {
  readonly name: string;

  constructor(params: Gated<Base>) {
    super("ZeroInflated", params);
    this.name = `ZeroInflated(${this.base.name})`;
    if (!this.base.support.discrete) {
      fail({
        code: "argument",
        given: `ZeroInflated: base is ${this.base.name}, a continuous law`,
        allowed: "laws of counts",
        mend: "new Hurdle({ base, gate }) gives a continuous law a mass at 0",
      });
    }
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const own = this.base.logProb(value).add(this.gate.logRest);
    const lost = this.gate.rest.mul(this.base.survival(0)); // near 1 by what is left over
    const sum = logAddExp(this.gate.logProbs, this.base.logProb(0).add(this.gate.logRest));
    const zero = where(lost.lt(0.5), lost.neg().log1p(), sum);
    return where(value.eq(0), zero, own);
  }

  override cdf(x: TensorLike): Tensor {
    const value = this.value("cdf", x);
    const from0 = this.gate.probs.add(this.gate.rest.mul(this.base.cdf(value)));
    return where(value.lt(0), 0, where(this.survival(value).lt(0.5), this.survival(value).neg().add(1), from0));
  }

  override survival(x: TensorLike): Tensor {
    const value = this.value("survival", x);
    return where(value.lt(0), 1, this.gate.rest.mul(this.base.survival(value)));
  }

  override logCdf(x: TensorLike): Tensor {
    const value = this.value("logCdf", x);
    const above = this.survival(value);
    const direct = logAddExp(this.gate.logProbs, this.gate.logRest.add(this.base.logCdf(value)));
    return where(value.lt(0), Number.NEGATIVE_INFINITY, where(above.lt(0.5), above.neg().log1p(), direct));
  }

  override logSurvival(x: TensorLike): Tensor {
    const value = this.value("logSurvival", x);
    return where(value.lt(0), 0, this.gate.logRest.add(this.base.logSurvival(value)));
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const { probs, rest } = this.gate;
    const isBeyond = level.gt(probs).and(rest.gt(0));
    const own = level.sub(probs).div(where(isBeyond, rest, 1));
    const guess = this.base.quantile(where(isBeyond, own, 0).minimum(1));
    const finite = where(guess.lt(Number.POSITIVE_INFINITY), guess, 0);
    return countQuantile(this, level, { lower: 0, upper: this.base.quantile(1), guess: finite, stride: 1 });
  }

  override mean(): Tensor {
    return this.gate.rest.mul(this.base.mean());
  }

  override variance(): Tensor {
    return this.gate.rest.mul(this.base.variance().add(this.gate.probs.mul(this.base.mean().square())));
  }

  override mode(): Tensor {
    const own = this.base.mode();
    return where(this.logProb(own).gt(this.logProb(0)), own, 0);
  }

  override entropy(): Tensor {
    const { rest, logRest } = this.gate;
    const [zero, beyond] = [this.base.logProb(0), this.base.survival(0)];
    const atZero = this.logProb(0);
    const whole = where(atZero.eq(Number.NEGATIVE_INFINITY), 0, atZero.exp().mul(atZero));
    const left = where(zero.eq(Number.NEGATIVE_INFINITY), 0, zero.exp().mul(zero));
    const others = this.base
      .entropy()
      .add(left)
      .sub(beyond.mul(where(rest.gt(0), logRest, 0)));
    return rest.mul(others).sub(whole);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const [choosing, drawn] = split(key) as [Tensor, Tensor];
    const whole = [...shape, ...this.batchShape];
    const own = this.base.draw(drawn, whole.slice(0, whole.length - this.base.batchShape.length));
    const isZero = uniform(choosing, whole).lt(this.gate.probs);
    return where(isZero, tensor(0), own);
  }
}
