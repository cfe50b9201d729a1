import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape, sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, iota, stopGradient, where } from "../ops/index.js";
import { split } from "../random/index.js";
import type { Categorical } from "./categorical.js";
import type { Constraint } from "./constraints.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution, drawing, type ParameterChange, type SampleOptions } from "./distribution.js";
import { implicitly } from "./implicit.js";
import { quantileByRoot } from "./invertCdf.js";
import type { DistributionJson } from "./toJson.js";

/** How daring draws are; both 1 for the mixture as it is, below 1 for draws nearer to what is likeliest. */
export interface Temperatures {
  /** Divides the logits of the weights. */
  readonly temperature?: number;
  /** Multiplies the variance of each component about its mean. */
  readonly scaleTemperature?: number;
}

/**
 * Mixture of k distributions of one family, the components: first one of them is chosen, then it is drawn from.
 *
 *     p(x) = Σ weights_i p_i(x)
 *
 * @param mixture     the weights, a Categorical over k
 * @param components  a distribution whose last batch axis is of k
 * @shape  batch = broadcast(mixture's batch, components' without the last axis); event = the components'
 * @throws CredenceError `shape`: the components' last batch axis is not of k, or the batches do not broadcast
 * @source McLachlan and Peel, Finite Mixture Models (2000), section 1.4
 */
export class MixtureSameFamily<Component extends Distribution = Distribution> extends Distribution {
  readonly support: Constraint;
  /** Draws of numbers carry gradients to all parameters, the weights among them; draws of vectors and tempered ones carry none. */
  readonly reparameterized: boolean;
  readonly mixture: Categorical;
  readonly components: Component;

  constructor({ mixture, components }: { readonly mixture: Categorical; readonly components: Component }) {
    const { batchShape, eventShape, dtype, support } = components;
    const k = mixture.probs.shape[mixture.probs.rank - 1];
    if (batchShape.length === 0 || batchShape[batchShape.length - 1] !== k) {
      fail({
        code: "shape",
        given: `MixtureSameFamily: components of batch shape ${showShape(batchShape)} for ${k} weights`,
        allowed: `[..., ${k}]: the last axis of the components' batch counts them`,
        mend: "put the components along the last batch axis; make vectors events with new Independent(components, 1)",
      });
    }
    const batch = broadcastShapes("MixtureSameFamily", [mixture.batchShape, batchShape.slice(0, -1)]);
    super({ batch, event: eventShape, dtype });
    this.support = support;
    this.reparameterized = eventShape.length === 0 && components.reparameterized;
    this.mixture = mixture;
    this.components = components;
  }

  get name(): string {
    return `MixtureSameFamily(${this.components.name})`;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    return this.mixture.logProbs.add(this.components.logProb(this.forEach(value))).logSumExp();
  }

  override cdf(x: TensorLike): Tensor {
    return this.average(this.components.cdf(this.forEach(this.value("cdf", x))));
  }

  override survival(x: TensorLike): Tensor {
    return this.average(this.components.survival(this.forEach(this.value("survival", x))));
  }

  override logCdf(x: TensorLike): Tensor {
    const each = this.forEach(this.value("logCdf", x));
    const above = this.average(this.components.survival(each));
    // near 1 by the other tail, which then is the small number
    return where(above.lt(0.5), above.neg().log1p(), this.logAverage(this.components.logCdf(each)));
  }

  override logSurvival(x: TensorLike): Tensor {
    const each = this.forEach(this.value("logSurvival", x));
    const below = this.average(this.components.cdf(each));
    return where(below.lt(0.5), below.neg().log1p(), this.logAverage(this.components.logSurvival(each)));
  }

  /**
   * The x with cdf(x) = p, of continuous components, by bracketed root finding from the components' own quantiles; the least x
   * with cdf(x) >= p of discrete ones. Where the cdf is flat to rounding, any point of the flat.
   *
   * @param p  from 0 to 1. It broadcasts against the batch: q levels for a batch [n] are of shape [q, 1]
   * @shape  broadcast(p, batch)
   * @throws CredenceError `missing`: events are vectors
   */
  override quantile(p: TensorLike): Tensor {
    if (this.eventShape.length > 0)
      return this.missing("quantile", "a vector has no quantile; take one number of the event");
    const level = tensor(p);
    const own = this.components.quantile(level.expandDims(-1));
    const isUsed = this.mixture.probs.gt(0);
    const lower = where(isUsed, own, Number.POSITIVE_INFINITY).min(-1);
    const upper = where(isUsed, own, Number.NEGATIVE_INFINITY).max(-1);
    return this.support.discrete
      ? countQuantile(this, level, { lower, upper, guess: lower, stride: 1 })
      : quantileByRoot(this, level, { lower, upper, guess: this.average(own) });
  }

  override toJSON(): DistributionJson {
    return {
      distribution: "MixtureSameFamily",
      mixture: this.mixture.toJSON(),
      components: this.components.toJSON(),
    };
  }

  override mean(): Tensor {
    return this.average(this.components.mean(), this.eventShape.length);
  }

  override variance(): Tensor {
    const axes = this.eventShape.length;
    const means = this.components.mean();
    const spread = means.sub(this.average(means, axes).expandDims(-1 - axes)).square();
    return this.average(this.components.variance().add(spread), axes); // the law of total variance
  }

  /**
   * Random draws.
   *
   * @param options  `seed` or `key`, `shape`, and the temperatures
   * @shape  [...shape, ...batch, ...event]
   * @throws CredenceError `argument`: a temperature that is not > 0
   * @source Ha and Eck, A neural representation of sketch drawings (2018), equation 8, for the temperatures
   */
  override sample(options: SampleOptions & Temperatures): Tensor {
    const { key, shape } = drawing(`${this.name}.sample`, options);
    const { temperature = 1, scaleTemperature = 1 } = options;
    for (const [name, value] of Object.entries({ temperature, scaleTemperature })) {
      if (!(value > 0 && value < Number.POSITIVE_INFINITY)) {
        fail({ code: "argument", given: `${this.name}.sample: ${name} is ${value}`, allowed: "a finite number > 0" });
      }
    }
    return this.drawAt(key, shape, temperature, scaleTemperature);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return this.drawAt(key, shape, 1, 1);
  }

  override withParameters(change: ParameterChange): MixtureSameFamily {
    return new MixtureSameFamily({
      mixture: this.mixture.withParameters(change),
      components: this.components.withParameters((parameter, axes) => change(parameter, axes + 1)),
    });
  }

  private drawAt(key: Tensor, shape: Shape, temperature: number, scaleTemperature: number): Tensor {
    const [choosing, drawn] = split(key) as [Tensor, Tensor];
    const isPlain = temperature === 1 && sameShape(this.mixture.batchShape, this.batchShape);
    const tempered = (logProbs: Tensor): Tensor =>
      logProbs.div(temperature).broadcastTo([...this.batchShape, ...logProbs.shape.slice(-1)]);
    const choice = (isPlain ? this.mixture : this.mixture.withParameters(tempered)).draw(choosing, shape);
    const { x, mean } = this.drawChosen(drawn, choice);
    if (scaleTemperature !== 1) {
      const centre = mean();
      return stopGradient(centre.add(x.sub(centre).mul(tensor(scaleTemperature).sqrt())));
    }
    return temperature === 1 && this.reparameterized ? implicitly(x, this) : stopGradient(x);
  }

  /** @internal A draw of the component of each choice, and that component's mean. */
  protected drawChosen(key: Tensor, choice: Tensor): { readonly x: Tensor; mean(): Tensor } {
    const chosen = this.components.withParameters((parameter, axes) => pick(parameter, choice, axes));
    return { x: chosen.draw(key, []), mean: () => chosen.mean() };
  }

  /** The value once for each component. @shape [..., k, ...event] */
  private forEach(value: Tensor): Tensor {
    const lead = value.rank - this.eventShape.length;
    const k = this.mixture.probs.shape[this.mixture.probs.rank - 1] as number;
    // spread over k in so many words, lest k values against k components look like a mistake
    return value.expandDims(lead).broadcastTo([...value.shape.slice(0, lead), k, ...this.eventShape]);
  }

  /**
   * Σ weights x over the components, which stand before the last `axes`. A component of weight 0 does not count, and the average
   * of ones is 1 to the bit, whatever the weights' sum is rounded to.
   */
  private average(x: Tensor, axes = 0): Tensor {
    let weights = this.mixture.probs;
    for (let i = 0; i < axes; i++) weights = weights.expandDims(-1);
    return where(weights.gt(0), weights.mul(x), 0)
      .sum(-1 - axes)
      .div(weights.sum(-1 - axes));
  }

  private logAverage(logs: Tensor): Tensor {
    return this.mixture.logProbs.add(logs).logSumExp();
  }
}

/** @internal What belongs to the chosen component, for each choice: components stand before its last `axes`. */
export function pick(parameter: Tensor, choice: Tensor, axes: number): Tensor {
  let isChosen = eq(choice.expandDims(-1), iota([parameter.shape[parameter.rank - 1 - axes] as number]));
  for (let i = 0; i < axes; i++) isChosen = isChosen.expandDims(-1);
  return where(isChosen, parameter, 0).sum(-1 - axes);
}
