import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { lgamma, log, where } from "../ops/index.js";
import { gumbel } from "../random/index.js";
import { logSoftmax } from "../tensor/derived.js";
import { each, positive, real, simplex } from "./constraints.js";
import { Distribution, type Drawn } from "./distribution.js";
import { logProbsOfProbs } from "./logProbs.js";
import { check } from "./parameters.js";
import type { WeightParams } from "./weights.js";

/** The least normal number of each precision. */
const LEAST = { float32: 2 ** -126, float64: 2 ** -1022 } as const;

/**
 * Relaxed one-hot categorical distribution (Gumbel-softmax, or concrete): probabilities that are the nearer to a vector with one 1 the
 * lower the temperature, with a gradient. The largest is that of category i with the categorical distribution's probability.
 *
 *     log p(x) = log (k - 1)! + (k - 1) log temperature + Σ (log softmax(logits - temperature log x) - log x)
 *
 * Draws with numbers that are rounded to 0 have the density of the least number in their place; `sampleAndLogProb` knows their own.
 *
 * @param temperature  > 0
 * @param logits       logarithms of the weights along the last axis, up to a constant; finite
 * @param probs        or the weights themselves, > 0; they are divided by their sum
 * @shape  batch = broadcast(temperature, the weights without their last axis); event = [k]
 * @throws CredenceError `domain`: a known number is out of its range; `argument`: neither or both of probs and logits are given;
 *   `shape`: the weights have no axis
 * @source Maddison, Mnih and Teh, The concrete distribution (2017), section 3.1; Jang, Gu and Poole, Categorical reparameterization
 *   with Gumbel-softmax (2017)
 */
export class RelaxedOneHotCategorical extends Distribution {
  readonly name = "RelaxedOneHotCategorical";
  readonly support = simplex;
  readonly reparameterized = true;
  readonly temperature: Tensor;
  /** As given, or the logarithms of what was. @shape [...batch, k] */
  readonly logits: Tensor;

  constructor(params: WeightParams & { readonly temperature: TensorLike }) {
    const name = "RelaxedOneHotCategorical";
    if ((params.logits === undefined) === (params.probs === undefined)) {
      fail({
        code: "argument",
        given: `${name}: ${params.logits === undefined ? "neither logits nor probs are given" : "both logits and probs are given"}`,
        allowed: "{ logits } or { probs }",
      });
    }
    const parameter = params.logits === undefined ? "probs" : "logits";
    const checked = check<string>(name, params as never, {
      temperature: positive,
      [parameter]: each(parameter === "probs" ? positive : real, 1),
    });
    const temperature = checked.temperature as Tensor;
    const weights = checked[parameter] as Tensor;
    if (weights.rank === 0 || weights.shape[weights.rank - 1] === 0) {
      fail({
        code: "shape",
        given: `${name}: ${parameter} without numbers along a last axis`,
        allowed: "[..., k], one number a category along the last axis",
      });
    }
    super({
      batch: broadcastShapes(name, [temperature.shape, weights.shape.slice(0, -1)]),
      event: weights.shape.slice(-1),
      dtype: weights.dtype,
      parameters: { temperature, [parameter]: weights },
      parameterAxes: { [parameter]: 1 },
    });
    this.temperature = temperature;
    this.logits = parameter === "logits" ? weights : logProbsOfProbs(weights);
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = simplex.contains(value);
    const k = this.eventShape[0] as number;
    const at = where(inside.expandDims(-1), value, 1 / k);
    const density = this.ofLogs(at.maximum(LEAST[this.dtype as "float32" | "float64"]).log());
    const isKnown = density.eq(density).and(value.ne(value).sum(-1).eq(0));
    return where(inside, density, where(isKnown, Number.NEGATIVE_INFINITY, Number.NaN));
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return this.drawLogs(key, shape).exp();
  }

  override drawWithLogProb(key: Tensor, shape: Shape): Drawn {
    const logs = this.drawLogs(key, shape);
    return { value: logs.exp(), logProb: this.ofLogs(logs) };
  }

  private drawLogs(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const noise = gumbel(key, [...shape, ...this.batchShape, ...this.eventShape], { dtype });
    return logSoftmax(this.logits.add(noise).div(this.temperature.expandDims(-1)));
  }

  /** By the logarithms of the probabilities, none of which is 0. */
  private ofLogs(logs: Tensor): Tensor {
    const k = this.eventShape[0] as number;
    const scores = logSoftmax(this.logits.sub(this.temperature.expandDims(-1).mul(logs)));
    const constant = log(this.temperature)
      .mul(k - 1)
      .add(lgamma(tensor(k)));
    return scores.sub(logs).sum(-1).add(constant);
  }
}
