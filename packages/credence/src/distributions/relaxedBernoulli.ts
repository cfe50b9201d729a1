import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { logSigmoid, where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { type ChanceParams, checkChance } from "./chance.js";
import { openUnitInterval, positive, unitInterval } from "./constraints.js";
import { Distribution, type Drawn } from "./distribution.js";
import { clampTo, levelOf, onSupport } from "./onSupport.js";
import { scalars } from "./scalars.js";

/** The numbers nearest to 0 and 1 in each precision. */
const INSIDE = { float32: [2 ** -126, 1 - 2 ** -24], float64: [2 ** -1022, 1 - 2 ** -53] } as const;

/**
 * Relaxed Bernoulli distribution: a number between 0 and 1 that is the nearer to one of them the lower the temperature, with a
 * gradient. Above 1/2 it is with probability `probs`, whatever the temperature.
 *
 *     log p(x) = log temperature + log σ(z) + log σ(-z) - log x - log(1 - x),  z = temperature logit(x) - logits
 *
 * Draws that are rounded to 0 or 1 have the density of the number next to that; `sampleAndLogProb` knows their own.
 *
 * @param temperature  > 0
 * @param probs        the probability of more than 1/2, between 0 and 1
 * @param logits       or log(probs / (1 - probs))
 * @shape  batch = broadcast(temperature, the chance); event = []
 * @throws CredenceError `domain`: a known temperature is not > 0, a known probability not between 0 and 1; `argument`: neither or
 *   both of probs and logits are given
 * @source Maddison, Mnih and Teh, The concrete distribution (2017), appendix B
 */
export class RelaxedBernoulli extends Distribution {
  readonly name = "RelaxedBernoulli";
  readonly support = unitInterval;
  readonly reparameterized = true;
  readonly temperature: Tensor;
  readonly probs: Tensor;
  readonly logits: Tensor;

  constructor(params: ChanceParams & { readonly temperature: TensorLike }) {
    const { parameters, chance } = checkChance("RelaxedBernoulli", params, { temperature: positive }, openUnitInterval);
    super(scalars("RelaxedBernoulli", parameters));
    this.temperature = parameters.temperature;
    this.probs = chance.success;
    this.logits = chance.logits;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const [least, most] = INSIDE[this.dtype as "float32" | "float64"];
    const isKnown = this.temperature.add(this.logits);
    const outside = where(isKnown.eq(isKnown), Number.NEGATIVE_INFINITY, Number.NaN);
    return onSupport(
      value,
      unitInterval.contains(value),
      0.5,
      (at) => {
        const inside = clampTo(at, least, most);
        return this.ofLogs(inside.log(), inside.neg().log1p());
      },
      outside,
    );
  }

  override cdf(x: TensorLike): Tensor {
    return this.standardize("cdf", x).sigmoid();
  }

  override survival(x: TensorLike): Tensor {
    return this.standardize("survival", x).neg().sigmoid();
  }

  override logCdf(x: TensorLike): Tensor {
    return logSigmoid(this.standardize("logCdf", x));
  }

  override logSurvival(x: TensorLike): Tensor {
    return logSigmoid(this.standardize("logSurvival", x).neg());
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    return this.logitAt(level.log().sub(level.neg().log1p())).sigmoid();
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return this.drawLogit(key, shape).sigmoid();
  }

  override drawWithLogProb(key: Tensor, shape: Shape): Drawn {
    const logit = this.drawLogit(key, shape);
    return { value: logit.sigmoid(), logProb: this.ofLogs(logSigmoid(logit), logSigmoid(logit.neg())) };
  }

  private drawLogit(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const { tail, isUpper } = uniformTail(key, [...shape, ...this.batchShape], { dtype });
    const size = tail.neg().log1p().sub(tail.log());
    return this.logitAt(where(isUpper, size, size.neg()));
  }

  /** The logit of x for a standard logistic number. */
  private logitAt(z: Tensor): Tensor {
    return this.logits.add(z).div(this.temperature);
  }

  private standardize(method: string, x: TensorLike): Tensor {
    const at = clampTo(this.value(method, x), 0, 1);
    return this.temperature.mul(at.log().sub(at.neg().log1p())).sub(this.logits);
  }

  /** By log x and log(1 - x). */
  private ofLogs(log: Tensor, logRest: Tensor): Tensor {
    const z = this.temperature.mul(log.sub(logRest)).sub(this.logits);
    return this.temperature.log().add(logSigmoid(z)).add(logSigmoid(z.neg())).sub(log).sub(logRest);
  }
}
