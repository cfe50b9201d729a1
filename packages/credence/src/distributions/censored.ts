import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { logAddExp, where } from "../ops/index.js";
import { between, type Constraint, extendedReal } from "./constraints.js";
import { Distribution, type ParameterChange } from "./distribution.js";
import { levelOf } from "./onSupport.js";
import { ordered } from "./ordered.js";
import { check } from "./parameters.js";
import { type DistributionJson, parametersToJson } from "./toJson.js";

/**
 * What is reported of a law by an instrument that stops at its limits: draws of base, moved to `low` or `high` where they lie beyond. The mass beyond a
 * limit becomes the probability of that limit; between them base's density stays.
 *
 *     log p(low) = log base.cdf(low),   log p(x) = base.logProb(x),   log p(high) = log P(X >= high)
 *
 * @param base  any law of numbers
 * @param low   lower limit, in units of x; default -Infinity, none
 * @param high  upper limit, > low; default Infinity, none
 * @shape  batch = broadcast(base's batch, low, high); event = []
 * @throws CredenceError `domain`: a limit is NaN, or low not below high; `argument`: base is a law of vectors; `shape`
 * @source Tobin, Estimation of relationships for limited dependent variables (1958)
 */
export class Censored<Base extends Distribution = Distribution> extends Distribution {
  readonly name: string;
  readonly support: Constraint;
  readonly reparameterized: boolean;
  readonly base: Base;
  readonly low: Tensor;
  readonly high: Tensor;

  constructor(params: { readonly base: Base; readonly low?: TensorLike; readonly high?: TensorLike }) {
    const { base, low: from = Number.NEGATIVE_INFINITY, high: to = Number.POSITIVE_INFINITY } = params;
    if (base.eventShape.length > 0) {
      fail({ code: "argument", given: `Censored: base is ${base.name}, a law of vectors`, allowed: "laws of numbers" });
    }
    const { low, high } = ordered(
      "Censored",
      check("Censored", { low: from, high: to }, { low: extendedReal, high: extendedReal }),
    );
    super({
      batch: broadcastShapes("Censored", [base.batchShape, low.shape, high.shape]),
      event: [],
      dtype: base.dtype,
    });
    this.name = `Censored(${base.name})`;
    this.base = base;
    this.low = low;
    this.high = high;
    this.support = { ...between(low, high), discrete: base.support.discrete };
    this.reparameterized = base.reparameterized;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const isInside = value.gt(this.low).and(value.lt(this.high));
    const atLow = this.finite(this.low, (at) => this.base.logCdf(at), Number.NEGATIVE_INFINITY);
    const atHigh = this.finite(this.high, (at) => this.logFrom(at), Number.NEGATIVE_INFINITY);
    const atEnds = where(value.eq(this.low), atLow, where(value.eq(this.high), atHigh, Number.NEGATIVE_INFINITY));
    return where(isInside, this.base.logProb(value), where(this.isKnown(value), atEnds, Number.NaN));
  }

  override cdf(x: TensorLike): Tensor {
    return this.between(this.value("cdf", x), 0, 1, (at) => this.base.cdf(at));
  }

  override survival(x: TensorLike): Tensor {
    return this.between(this.value("survival", x), 1, 0, (at) => this.base.survival(at));
  }

  override logCdf(x: TensorLike): Tensor {
    return this.between(this.value("logCdf", x), Number.NEGATIVE_INFINITY, 0, (at) => this.base.logCdf(at));
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.between(this.value("logSurvival", x), 0, Number.NEGATIVE_INFINITY, (at) => this.base.logSurvival(at));
  }

  override quantile(p: TensorLike): Tensor {
    return this.base.quantile(levelOf(p)).maximum(this.low).minimum(this.high);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const whole = [...shape, ...this.batchShape];
    const x = this.base.draw(key, whole.slice(0, whole.length - this.base.batchShape.length));
    return x.maximum(this.low).minimum(this.high).broadcastTo(whole);
  }

  override withParameters(change: ParameterChange): Censored {
    const broadcast = (t: Tensor, axes: number): Tensor =>
      t.broadcastTo([...this.batchShape, ...t.shape.slice(t.rank - axes)]);
    return new Censored({
      base: this.base.withParameters((t, axes) => change(broadcast(t, axes), axes)),
      low: change(broadcast(this.low, 0), 0),
      high: change(broadcast(this.high, 0), 0),
    });
  }

  override toJSON(): DistributionJson {
    return {
      distribution: "Censored",
      base: this.base.toJSON(),
      ...parametersToJson({ low: this.low, high: this.high }),
    };
  }

  /** Neither x nor a limit is NaN. */
  private isKnown(x: Tensor): Tensor {
    return x.eq(x).and(this.low.lt(this.high));
  }

  /** log P(X >= x): of counts, x itself has mass. */
  private logFrom(x: Tensor): Tensor {
    const beyond = this.base.logSurvival(x);
    return this.base.support.discrete ? logAddExp(beyond, this.base.logProb(x)) : beyond;
  }

  /** A function at a limit, and what stands for it where there is none. */
  private finite(limit: Tensor, formula: (at: Tensor) => Tensor, none: number): Tensor {
    const isThere = limit.abs().lt(Number.POSITIVE_INFINITY);
    return where(isThere, formula(where(isThere, limit, 0)), none);
  }

  private between(x: Tensor, below: number, above: number, formula: (at: Tensor) => Tensor): Tensor {
    const beside = where(x.lt(this.low), tensor(below), above);
    const isInside = x.ge(this.low).and(x.lt(this.high));
    return where(isInside, formula(x), where(this.isKnown(x), beside, Number.NaN));
  }
}
