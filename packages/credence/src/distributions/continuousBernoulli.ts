import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, log1pRatio, sigmoid, softplus, where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { real, unitInterval } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { heavyMean, lean, logSinhRatio, meanOfDecay, meanOver } from "./exponentialPiece.js";
import { fromContinuousBernoulli } from "./kl/continuousBernoulli.js";
import { logProbability } from "./logTails.js";
import { levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

export type ContinuousBernoulliParams =
  | { readonly probs: TensorLike; readonly logits?: undefined }
  | { readonly logits: TensorLike; readonly probs?: undefined };

/** Up to these, e^η times any level is in range. */
const LARGEST = { float32: 80, float64: 700 };

/**
 * Continuous Bernoulli distribution: of shares x whose density is that of a coin's two sides, carried on between them.
 *
 *     log p(x) = η x - log((e^η - 1) / η),  η = logits = log(probs / (1 - probs)),  0 <= x <= 1
 *
 * @param probs   from 0 to 1, not the mean: at 1/2 the law is uniform; at 0 and 1 there is no density, and all is NaN
 * @param logits  or their logit
 * @shape  batch = the parameter's; event = []
 * @throws CredenceError `domain`: a known probability is not from 0 to 1, or a logit not finite; `argument`: neither or both are given
 * @source Loaiza-Ganem and Cunningham, The continuous Bernoulli: fixing a pervasive error in variational autoencoders (2019)
 */
export class ContinuousBernoulli extends Distribution {
  readonly name = "ContinuousBernoulli";
  readonly support = unitInterval;
  readonly reparameterized = true;
  readonly probs: Tensor;
  readonly logits: Tensor;
  /** |η|: how steeply the density falls from the end with more mass. */
  private readonly steepness: Tensor;
  /** Is the end with more mass 1? */
  private readonly rises: Tensor;

  constructor(params: ContinuousBernoulliParams) {
    if ((params.logits === undefined) === (params.probs === undefined)) {
      fail({
        code: "argument",
        given: `ContinuousBernoulli: ${params.logits === undefined ? "neither logits nor probs" : "both logits and probs"}`,
        allowed: "one of the two",
      });
    }
    const given: { readonly probs?: Tensor; readonly logits?: Tensor } =
      params.logits === undefined
        ? check("ContinuousBernoulli", { probs: params.probs }, { probs: unitInterval })
        : check("ContinuousBernoulli", { logits: params.logits }, { logits: real });
    super(scalars("ContinuousBernoulli", given as Record<string, Tensor>));
    this.logits = given.logits ?? logitOf(given.probs as Tensor);
    this.probs = given.probs ?? sigmoid(this.logits);
    this.rises = this.logits.gt(0);
    this.steepness = where(this.rises, this.logits, this.logits.neg());
  }

  override get klRules() {
    return fromContinuousBernoulli;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const a = this.steepness;
    const isFlat = a.lt(1);
    const height = where(isFlat, logSinhRatio(where(isFlat, a, 0).mul(0.5)), 0);
    const outside = where(eq(a, a), Number.NEGATIVE_INFINITY, Number.NaN);
    return onSupport(
      value,
      this.support.contains(value),
      0.5,
      (at) => {
        const away = this.fromHeavyEnd(at);
        const fall = where(eq(away, 0).and(eq(a, Number.POSITIVE_INFINITY)), 0, away.mul(a));
        const far = fall.add(meanOfDecay(a).log()).neg();
        return where(isFlat, this.logits.mul(at.sub(0.5)).sub(height), far);
      },
      outside,
    );
  }

  override cdf(x: TensorLike): Tensor {
    return this.share(
      "cdf",
      x,
      (below, above) => where(this.rises, this.light(below, above), this.heavy(below)),
      [0, 1],
    );
  }

  override survival(x: TensorLike): Tensor {
    return this.share(
      "survival",
      x,
      (below, above) => where(this.rises, this.heavy(above), this.light(above, below)),
      [1, 0],
    );
  }

  override logCdf(x: TensorLike): Tensor {
    const ends = [Number.NEGATIVE_INFINITY, 0] as const;
    const far = this.share("logCdf", x, (below, above) => this.logShare(below, above, this.rises), ends);
    return logProbability(this.cdf(x), this.survival(x), far);
  }

  override logSurvival(x: TensorLike): Tensor {
    const ends = [0, Number.NEGATIVE_INFINITY] as const;
    const far = this.share("logSurvival", x, (below, above) => this.logShare(above, below, this.rises.not()), ends);
    return logProbability(this.survival(x), this.cdf(x), far);
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const isUpper = level.gt(0.5);
    // above 1/2 the difference is exact
    return this.at(level, where(isUpper, level.neg().add(1), level), isUpper);
  }

  override mean(): Tensor {
    return this.fromHeavyEnd(heavyMean(this.steepness));
  }

  override variance(): Tensor {
    return this.central(2);
  }

  override skewness(): Tensor {
    const third = this.central(3);
    return where(this.rises, third.neg(), third).div(this.variance().mul(this.stddev()));
  }

  /** 1/2 where the density is the same everywhere. */
  override mode(): Tensor {
    const level = where(eq(this.steepness, 0), tensor(0.5), where(this.rises, tensor(1), 0));
    return level.add(this.logits.mul(0));
  }

  override entropy(): Tensor {
    const a = this.steepness;
    const isFlat = a.lt(1);
    const small = where(isFlat, a, 0);
    const large = where(isFlat, 1, a);
    const near = logSinhRatio(small.mul(0.5)).sub(small.mul(lean(small)));
    const far = large.mul(heavyMean(large)).add(meanOfDecay(large).log());
    return where(isFlat, near, far);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const { tail, isUpper } = uniformTail(key, [...shape, ...this.batchShape], { dtype });
    return this.at(where(isUpper, tail.neg().add(1), tail), tail, isUpper);
  }

  /** A function of the distances to 0 and to 1, and what it is below and above the support. */
  private share(
    method: string,
    x: TensorLike,
    formula: (below: Tensor, above: Tensor) => Tensor,
    [low, high]: readonly [number, number],
  ): Tensor {
    const value = this.value(method, x);
    const inside = value.gt(0).and(value.lt(1));
    const beside = where(eq(this.steepness, this.steepness), where(value.le(0), tensor(low), high), Number.NaN);
    return onSupport(value, inside, 0.5, (at) => formula(at, at.neg().add(1)), beside);
  }

  /** The distance to the end with more mass; or back from that. */
  private fromHeavyEnd(x: Tensor): Tensor {
    return where(this.rises, x.neg().add(1), x);
  }

  /** The mass within t of the end with more. */
  private heavy(t: Tensor): Tensor {
    return t
      .mul(meanOfDecay(this.steepness.mul(t)))
      .div(meanOfDecay(this.steepness))
      .minimum(1);
  }

  /** The mass within t of the end with less. */
  private light(t: Tensor, rest: Tensor): Tensor {
    return this.heavy(t).mul(this.steepness.mul(rest).neg().exp());
  }

  private logShare(t: Tensor, rest: Tensor, isLight: Tensor): Tensor {
    const heavy = t
      .log()
      .add(meanOfDecay(this.steepness.mul(t)).log())
      .sub(meanOfDecay(this.steepness).log());
    return where(isLight, heavy.sub(this.steepness.mul(rest)), heavy);
  }

  private central(power: number): Tensor {
    const mean = heavyMean(this.steepness).expandDims(-1);
    return meanOver(this.steepness, (t) => {
      const off = t.sub(mean);
      return power === 2 ? off.square() : off.square().mul(off);
    });
  }

  /** The x whose cdf is `level`, with the smaller of level and 1 - level as `tail`. */
  private at(level: Tensor, tail: Tensor, isUpper: Tensor): Tensor {
    const flat = this.steepness.le(1);
    const [small, slope] = [where(flat, this.logits, 0), where(flat, 1, this.logits)];
    const growth = small.expm1();
    const ratio = where(this.rises, meanOfDecay(small.abs()).mul(small.exp()), meanOfDecay(small.abs())); // (e^η - 1) / η
    const near = level.mul(ratio).mul(log1pRatio(level.mul(growth)));
    const decay = slope.abs().neg().exp();
    // p (e^η - 1), or its logarithm where that is out of range
    const most = LARGEST[this.dtype as "float32" | "float64"];
    const odds = tail.mul(slope.minimum(most).expm1());
    const beyond = softplus(tail.log().add(slope.maximum(most)));
    const lower = where(slope.gt(most), beyond, odds.log1p()).div(slope);
    const upperOfFalling = tail.mul(decay.neg().add(1)).add(decay).log().div(slope);
    const upperOfRising = tail.mul(decay.sub(1)).log1p().div(slope).add(1);
    const upper = where(this.rises, upperOfRising, upperOfFalling);
    const inside = where(flat, near, where(isUpper, upper, lower))
      .maximum(0)
      .minimum(1);
    // NaN where there is no density
    return where(eq(level, 1).and(eq(this.logits, this.logits)), 1, inside.add(this.logits.mul(0)));
  }
}

/** log p - log(1 - p), by the exact difference near 1/2. */
function logitOf(probs: Tensor): Tensor {
  const isEven = probs.sub(0.5).abs().lt(0.25);
  const even = where(isEven, probs, 0.5);
  const near = even.mul(2).sub(1).div(even.neg().add(1)).log1p();
  const far = where(isEven, 0.25, probs);
  return where(isEven, near, far.log().sub(far.neg().log1p()));
}
