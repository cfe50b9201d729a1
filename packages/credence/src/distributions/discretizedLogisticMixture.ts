import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { floor, iota, log1mexp, logSigmoid, round, softplus, where } from "../ops/index.js";
import { split, uniformOpen } from "../random/index.js";
import { Categorical } from "./categorical.js";
import { type Constraint, integersFrom, logWeights, real } from "./constraints.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution, type ParameterChange } from "./distribution.js";
import { levelOf } from "./onSupport.js";
import { check } from "./parameters.js";
import type { DistributionJson } from "./toJson.js";

const NAME = "DiscretizedLogisticMixture";

/**
 * Mixture of logistic laws over the levels 0 to `levels` - 1 of a pixel. Level k stands at 2 k / (levels - 1) - 1, so that levels fill [-1, 1], and has the mass
 * of its cell; the two at the ends have the tails.
 *
 *     p(k) = Σ weights_i [ sigmoid((x + h - locs_i) / s_i) - sigmoid((x - h - locs_i) / s_i) ],  s = exp(logScales),  h = 1 / (levels - 1)
 *
 * Cells of any smallness keep their logarithm: there is no floor on a probability, nor on the scales.
 *
 * @param logits     logarithms of the weights along the last axis, up to a constant
 * @param locs       centres, on the scale from -1 to 1
 * @param logScales  logarithms of the scales
 * @param levels     how many, default 256
 * @shape  batch = broadcast(parameters) without the last axis; event = []
 * @throws CredenceError `domain`, `shape`; `argument`: levels is no whole number of at least 2
 * @source Salimans, Karpathy, Chen and Kingma, PixelCNN++ (2017), equations 1 and 2
 */
export class DiscretizedLogisticMixture extends Distribution {
  readonly name = NAME;
  readonly support: Constraint;
  readonly reparameterized = false;
  readonly mixture: Categorical;
  /** @shape  [...batch, k], as logScales */
  readonly locs: Tensor;
  readonly logScales: Tensor;
  readonly levels: number;

  constructor(params: {
    readonly logits: TensorLike;
    readonly locs: TensorLike;
    readonly logScales: TensorLike;
    readonly levels?: number;
  }) {
    const { levels = 256, ...parameters } = params;
    if (!Number.isInteger(levels) || levels < 2) {
      fail({ code: "argument", given: `${NAME}: levels is ${levels}`, allowed: "a whole number of at least 2" });
    }
    const constraints = { logits: logWeights, locs: real, logScales: real };
    const given = check(NAME, parameters, constraints);
    const shape = broadcastShapes(
      NAME,
      Object.values(given).map((t) => t.shape),
    );
    if (shape.length === 0) {
      fail({
        code: "shape",
        given: `${NAME}: parameters without axes`,
        allowed: "[..., k], one number a component along the last axis",
      });
    }
    const [logits, locs, logScales] = [given.logits, given.locs, given.logScales].map((t) => t.broadcastTo(shape)) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    super({
      batch: shape.slice(0, -1),
      event: [],
      dtype: locs.dtype,
      parameters: { logits, locs, logScales },
      parameterAxes: { logits: 1, locs: 1, logScales: 1 },
    });
    this.mixture = new Categorical({ logits });
    this.locs = locs;
    this.logScales = logScales;
    this.levels = levels;
    this.support = integersFrom(0, levels - 1);
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const isInside = this.support.contains(value);
    const k = where(isInside, value, 0);
    const [u, v] = [this.edge(k, 1), this.edge(k, -1)];
    // log(sigmoid(u) - sigmoid(v)), where u - v is 2 h / s whatever u and v are rounded to
    const step = this.logScales
      .neg()
      .exp()
      .mul(-2 / (this.levels - 1));
    const inner = softplus(u.neg()).neg().sub(softplus(v)).add(log1mexp(step));
    const at = k.expandDims(-1);
    const mass = where(at.eq(0), logSigmoid(u), where(at.eq(this.levels - 1), logSigmoid(v.neg()), inner));
    const logProb = this.mixture.logProbs.add(mass).logSumExp();
    return where(isInside, logProb, where(value.eq(value), Number.NEGATIVE_INFINITY, Number.NaN));
  }

  override cdf(x: TensorLike): Tensor {
    return this.between(this.value("cdf", x), 0, 1, (u) => this.average(u.sigmoid()));
  }

  override survival(x: TensorLike): Tensor {
    return this.between(this.value("survival", x), 1, 0, (u) => this.average(u.neg().sigmoid()));
  }

  override logCdf(x: TensorLike): Tensor {
    return this.between(this.value("logCdf", x), Number.NEGATIVE_INFINITY, 0, (u) => this.logSide(u));
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.between(this.value("logSurvival", x), 0, Number.NEGATIVE_INFINITY, (u) => this.logSide(u.neg()));
  }

  override quantile(p: TensorLike): Tensor {
    const middle = Math.floor(this.levels / 2);
    return countQuantile(this, levelOf(p), { lower: 0, upper: this.levels - 1, guess: middle, stride: middle });
  }

  override mean(): Tensor {
    return this.survival(this.all()).sum(0); // of counts: Σ P(X > k)
  }

  override variance(): Tensor {
    const away = this.all().sub(this.mean());
    return this.prob(this.all()).mul(away.square()).sum(0);
  }

  override mode(): Tensor {
    const last = [...Array.from({ length: this.batchShape.length }, (_, i) => i + 1), 0];
    return this.logProb(this.all()).transpose(last).argmax().cast(this.dtype);
  }

  override entropy(): Tensor {
    const logs = this.logProb(this.all());
    return where(logs.eq(Number.NEGATIVE_INFINITY), 0, logs.exp().mul(logs)).sum(0).neg();
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const [choosing, drawn] = split(key) as [Tensor, Tensor];
    const choice = this.mixture.draw(choosing, shape).expandDims(-1);
    const isChosen = choice.eq(iota([this.locs.shape[this.locs.rank - 1] as number]));
    const pick = (t: Tensor): Tensor => where(isChosen, t, 0).sum(-1);
    const u = uniformOpen(drawn, [...shape, ...this.batchShape], { dtype: this.dtype as "float32" | "float64" });
    const x = pick(this.locs).add(pick(this.logScales).exp().mul(u.log().sub(u.neg().log1p())));
    const top = this.levels - 1;
    return round(x.add(1).mul(top / 2))
      .maximum(0)
      .minimum(top);
  }

  override withParameters(change: ParameterChange): DiscretizedLogisticMixture {
    return new DiscretizedLogisticMixture({
      logits: change(this.mixture.logits, 1),
      locs: change(this.locs, 1),
      logScales: change(this.logScales, 1),
      levels: this.levels,
    });
  }

  override toJSON(): DistributionJson {
    return { ...super.toJSON(), levels: this.levels };
  }

  /** All levels, along a new first axis. */
  private all(): Tensor {
    const shape = [this.levels, ...this.batchShape.map(() => 1)];
    return iota([this.levels]).cast(this.dtype).reshape(shape);
  }

  /** The upper or lower edge of the cell of k, in units of each component's scale from its centre. @shape [..., components] */
  private edge(k: Tensor, side: 1 | -1): Tensor {
    const x = k
      .mul(2)
      .add(side)
      .div(this.levels - 1)
      .sub(1);
    return x.expandDims(-1).sub(this.locs).mul(this.logScales.neg().exp());
  }

  private between(x: Tensor, below: number, above: number, formula: (u: Tensor) => Tensor): Tensor {
    const k = floor(x);
    const isInside = k.ge(0).and(k.lt(this.levels - 1));
    const beside = where(k.lt(0), tensor(below), above);
    return where(isInside, formula(this.edge(where(isInside, k, 0), 1)), where(x.eq(x), beside, Number.NaN));
  }

  private average(x: Tensor): Tensor {
    return this.mixture.probs.mul(x).sum(-1);
  }

  /** The logarithm of the average of sigmoid(u), near 1 by what it leaves over. */
  private logSide(u: Tensor): Tensor {
    const rest = this.average(u.neg().sigmoid());
    return where(rest.lt(0.5), rest.neg().log1p(), this.mixture.logProbs.add(logSigmoid(u)).logSumExp());
  }
}
