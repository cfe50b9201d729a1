import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { floor, round, where } from "../ops/index.js";
import { between, type Constraint, extendedReal } from "./constraints.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution, type ParameterChange } from "./distribution.js";
import { logMassBetween } from "./logMassBetween.js";
import { isWhole, levelOf } from "./onSupport.js";
import { ordered } from "./ordered.js";
import { check } from "./parameters.js";
import { type DistributionJson, parametersToJson } from "./toJson.js";

/**
 * Whole numbers as rounded draws of a continuous law: k has base's mass from k - 1/2 to k + 1/2. The tails beyond `low` and `high` belong to these.
 *
 *     new Discretized({ base: new Logistic({ loc: 120, scale: 9 }), low: 0, high: 255 })   // the brightness of a pixel
 *
 * @param base  a continuous law of numbers
 * @param low   least number, default -Infinity
 * @param high  greatest number, > low; default Infinity
 * @shape  batch = broadcast(base's batch, low, high); event = []
 * @throws CredenceError `argument`: base is discrete, or a law of vectors; `domain`: low not below high; `shape`
 * @source Salimans, Karpathy, Chen and Kingma, PixelCNN++ (2017), section 2.1, for the tails at the ends
 */
export class Discretized<Base extends Distribution = Distribution> extends Distribution {
  readonly name: string;
  readonly support: Constraint;
  readonly reparameterized = false;
  readonly base: Base;
  readonly low: Tensor;
  readonly high: Tensor;

  constructor(params: { readonly base: Base; readonly low?: TensorLike; readonly high?: TensorLike }) {
    const { base, low: from = Number.NEGATIVE_INFINITY, high: to = Number.POSITIVE_INFINITY } = params;
    if (base.eventShape.length > 0 || base.support.discrete) {
      fail({
        code: "argument",
        given: `Discretized: base is ${base.name}, a law on ${base.support.allowed}`,
        allowed: "continuous laws of numbers",
      });
    }
    const limits = check("Discretized", { low: from, high: to }, { low: extendedReal, high: extendedReal });
    const { low, high } = ordered("Discretized", { low: limits.low, high: limits.high });
    const batch = broadcastShapes("Discretized", [base.batchShape, low.shape, high.shape]);
    super({ batch, event: [], dtype: base.dtype });
    this.name = `Discretized(${base.name})`;
    this.base = base;
    this.low = low;
    this.high = high;
    const range = between(low, high);
    this.support = {
      ...range,
      allowed: "whole numbers between the distribution's limits",
      discrete: true,
      contains: (x) => range.contains(x).and(isWhole(x)),
    };
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const isInside = this.support.contains(value).and(value.abs().lt(Number.POSITIVE_INFINITY));
    const at = where(isInside, value, this.anchor());
    const [a, b] = [at.sub(0.5), at.add(0.5)];
    const isLowest = at.eq(this.low);
    const isHighest = at.eq(this.high);
    const inner = logMassBetween(this.base, a, b);
    const mass = where(isLowest, this.base.logCdf(b), where(isHighest, this.base.logSurvival(a), inner));
    return where(isInside, mass, where(this.isKnown(value), Number.NEGATIVE_INFINITY, Number.NaN));
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
    const level = levelOf(p);
    const guess = round(this.base.quantile(level)).maximum(this.low).minimum(this.high);
    const finite = where(guess.abs().lt(Number.POSITIVE_INFINITY), guess, this.anchor());
    return countQuantile(this, level, { lower: this.low, upper: this.high, guess: finite, stride: 1 });
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const whole = [...shape, ...this.batchShape];
    const x = this.base.draw(key, whole.slice(0, whole.length - this.base.batchShape.length));
    return round(x).maximum(this.low).minimum(this.high).broadcastTo(whole);
  }

  override withParameters(change: ParameterChange): Discretized {
    const broadcast = (t: Tensor, axes: number): Tensor =>
      t.broadcastTo([...this.batchShape, ...t.shape.slice(t.rank - axes)]);
    return new Discretized({
      base: this.base.withParameters((t, axes) => change(broadcast(t, axes), axes)),
      low: change(broadcast(this.low, 0), 0),
      high: change(broadcast(this.high, 0), 0),
    });
  }

  override toJSON(): DistributionJson {
    const limits = { low: this.low, high: this.high };
    return { distribution: "Discretized", base: this.base.toJSON(), ...parametersToJson(limits) };
  }

  /** Neither x nor a limit is NaN. */
  private isKnown(x: Tensor): Tensor {
    return x.eq(x).and(this.low.lt(this.high));
  }

  /** A number of the support. */
  private anchor(): Tensor {
    return tensor(0).maximum(this.low).minimum(this.high);
  }

  /** A function of base at the upper edge of the cell of floor(x), between the limits. */
  private between(x: Tensor, below: number, above: number, formula: (at: Tensor) => Tensor): Tensor {
    const k = floor(x);
    const beside = where(k.lt(this.low), tensor(below), above);
    const isInside = k.ge(this.low).and(k.lt(this.high));
    return where(isInside, formula(k.add(0.5)), where(this.isKnown(x), beside, Number.NaN));
  }
}
