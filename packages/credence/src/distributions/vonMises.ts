import type { TensorLike } from "../graph/literal.js";
import { tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { circularVariance, eq, i0e, i1e, logI0, ndtri, where } from "../ops/index.js";
import { angle, nonNegative, real } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { implicitly } from "./implicit.js";
import { invertCdf } from "./invertCdf.js";
import { fromVonMises } from "./kl/vonMises.js";
import { logProbability } from "./logTails.js";
import { levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";
import { vonMisesDraw } from "./vonMisesDraw.js";
import { depthAt, vonMisesTail } from "./vonMisesTail.js";

const LOG_TWO_PI = Math.log(2 * Math.PI);

/**
 * Von Mises distribution: of angles, the normal law of the circle.
 *
 *     log p(x) = κ cos(x - loc) - log(2π I0(κ))
 *
 * The density repeats with every turn. Distribution function, quantiles and draws are of the turn around `loc`, from loc - π to loc + π.
 *
 * @param loc            mean direction and mode; radians
 * @param concentration  κ >= 0: at 0 all angles are alike, large ones make it normal with variance 1 / κ
 * @shape  batch = broadcast(loc, concentration); event = []
 * @throws CredenceError `domain`: a known concentration is below 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Mardia and Jupp, Directional Statistics (2000), section 3.5.4
 */
export class VonMises extends Distribution {
  readonly name = "VonMises";
  readonly support = angle;
  readonly reparameterized = true;
  readonly loc: Tensor;
  readonly concentration: Tensor;

  constructor(params: { readonly loc: TensorLike; readonly concentration: TensorLike }) {
    const { loc, concentration } = check("VonMises", params, { loc: real, concentration: nonNegative });
    super(scalars("VonMises", { loc, concentration }));
    this.loc = loc;
    this.concentration = concentration;
  }

  override get klRules() {
    return fromVonMises;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const height = i0e(this.concentration).log().add(LOG_TWO_PI);
    const density = (at: Tensor): Tensor => depthAt(at.sub(this.loc), this.concentration).add(height).neg();
    return onSupport(value, this.support.contains(value), this.loc, density);
  }

  override cdf(x: TensorLike): Tensor {
    return this.sides("cdf", x, (below) => below.mass(), [0, 1]);
  }

  override survival(x: TensorLike): Tensor {
    return this.sides("survival", x, (_, above) => above.mass(), [1, 0]);
  }

  override logCdf(x: TensorLike): Tensor {
    return this.sides("logCdf", x, (below) => below.logMass(), [Number.NEGATIVE_INFINITY, 0]);
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.sides("logSurvival", x, (_, above) => above.logMass(), [0, Number.NEGATIVE_INFINITY]);
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const isUpper = level.gt(0.5);
    // above 1/2 the difference is exact
    const tail = where(isUpper, level.neg().add(1), level);
    const law = {
      cdf: (t: Tensor) => new Side(t.neg(), this.concentration).mass(),
      survival: (t: Tensor) => new Side(t, this.concentration).mass(),
      prob: (t: Tensor) => this.logProb(t.add(this.loc)).exp(),
    };
    // even on the circle, or normal
    const normal = ndtri(tail).div(this.concentration.maximum(1).sqrt());
    const guess = where(this.concentration.lt(1), tail.sub(0.5).mul(2 * Math.PI), normal);
    const distance = invertCdf(law, tail, { lower: -Math.PI, upper: 0, guess }, this.batchShape);
    return implicitly(this.loc.add(where(isUpper, distance.neg(), distance)), this, level);
  }

  /** The mean direction. */
  override mean(): Tensor {
    return this.loc.broadcastTo(this.batchShape);
  }

  override mode(): Tensor {
    return this.mean();
  }

  /** The circular variance 1 - E cos(x - loc), from 0 to 1. */
  override variance(): Tensor {
    return circularVariance(this.concentration).broadcastTo(this.batchShape);
  }

  /** The circular standard deviation √(-2 log E cos(x - loc)); radians, without bound. */
  override stddev(): Tensor {
    const variance = this.variance();
    const resultant = i1e(this.concentration).div(i0e(this.concentration));
    return logProbability(resultant, variance).mul(-2).sqrt();
  }

  /** 0: both sides are alike. */
  override skewness(): Tensor {
    return this.concentration.mul(0).add(this.loc.mul(0));
  }

  override entropy(): Tensor {
    const { concentration } = this;
    const isLarge = concentration.gt(1);
    const height = where(isLarge, i0e(concentration).log(), logI0(concentration).sub(concentration));
    return height
      .add(concentration.mul(circularVariance(concentration)))
      .add(LOG_TWO_PI)
      .broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const distance = vonMisesDraw(key, this.concentration, [...shape, ...this.batchShape], dtype);
    return implicitly(this.loc.add(distance), this);
  }

  /** A function of the two tails at x within the turn around loc, and what it is below and above that. */
  private sides(
    method: string,
    x: TensorLike,
    inner: (below: Side, above: Side) => Tensor,
    [low, high]: readonly [number, number],
  ): Tensor {
    const value = this.value(method, x);
    const inside = value.gt(this.loc.sub(Math.PI)).and(value.lt(this.loc.add(Math.PI)));
    const all = this.loc.add(this.concentration);
    const beside = where(eq(all, all), where(value.lt(this.loc), tensor(low), high), Number.NaN);
    return onSupport(
      value,
      inside,
      this.loc,
      (at) => {
        const distance = at.sub(this.loc);
        return inner(new Side(distance.neg(), this.concentration), new Side(distance, this.concentration));
      },
      beside,
    );
  }
}

/** The mass beyond a distance out from loc, which below 0 is more than half. */
class Side {
  private readonly isTail: Tensor;
  private readonly depth: Tensor;
  private readonly area: Tensor;

  constructor(distance: Tensor, concentration: Tensor) {
    const { depth, area } = vonMisesTail(distance.abs(), concentration);
    this.isTail = distance.ge(0);
    this.depth = depth;
    this.area = area;
  }

  mass(): Tensor {
    return where(this.isTail, this.tail(), this.tail().neg().add(1));
  }

  logMass(): Tensor {
    return where(this.isTail, this.area.log().sub(this.depth), this.tail().neg().log1p());
  }

  private tail(): Tensor {
    return this.depth.neg().exp().mul(this.area).minimum(0.5);
  }
}
