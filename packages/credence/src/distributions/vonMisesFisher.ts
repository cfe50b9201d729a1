import { fail } from "../errors.js";
import { filled, type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, type Shape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { abs, diagonalMatrix, lgamma, stopGradient, where } from "../ops/index.js";
import { BesselRatio } from "./besselRatio.js";
import { nonNegative, unitVector } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { vectors } from "./elliptic.js";
import type { Rules } from "./kl/parts.js";
import { fromVonMisesFisher } from "./kl/vonMisesFisher.js";
import { onEvents } from "./onSupport.js";
import { check } from "./parameters.js";
import { directionDraw } from "./vonMisesFisherDraw.js";

/**
 * Von Mises and Fisher's distribution of directions: vectors x of d numbers and length 1.
 *
 *     log p(x) = -concentration |x - m|² / 2 - log(area of the sphere) - log(Γ(v + 1) (2 / k)^v I_v(k) e^-k),  k = concentration, v = d / 2 - 1
 *
 * The density is with respect to the sphere's area. With concentration 0 all directions are equally likely; a large one is a normal law around m of
 * variance 1 / concentration.
 *
 * Draws have gradients to both parameters in two and three dimensions, where an angle is inverted; in more they are had by rejection and have none.
 *
 * @param meanDirection  [..., d], d >= 2; a vector other than 0, of which only the direction counts: m
 * @param concentration  >= 0
 * @shape  batch = broadcast(meanDirection without its last axis, concentration); event = [d]
 * @throws CredenceError `domain`: a known direction is 0 or not finite, a known concentration negative or infinite; `shape`
 * @source Mardia and Jupp, Directional Statistics (2000), section 9.3.2
 */
export class VonMisesFisher extends Distribution {
  readonly name = "VonMisesFisher";
  readonly support = unitVector;
  readonly reparameterized: boolean;
  /** Of length 1. @shape [..., d] */
  readonly meanDirection: Tensor;
  readonly concentration: Tensor;
  /** @internal */
  readonly ratio: BesselRatio;

  constructor(params: { readonly meanDirection: TensorLike; readonly concentration: TensorLike }) {
    const checked = check("VonMisesFisher", params, { meanDirection: vectors, concentration: nonNegative });
    const { meanDirection, concentration } = checked;
    const d = meanDirection.shape.at(-1) ?? 0;
    if (d < 2) {
      fail({
        code: "shape",
        given: `VonMisesFisher: meanDirection of shape ${showShape(meanDirection.shape)}`,
        allowed: "[..., d] with d >= 2",
      });
    }
    super({
      batch: broadcastShapes("VonMisesFisher", [meanDirection.shape.slice(0, -1), concentration.shape]),
      event: [d],
      dtype: meanDirection.dtype,
      parameters: checked,
      parameterAxes: { meanDirection: 1 },
    });
    this.reparameterized = d <= 3;
    this.meanDirection = unit(meanDirection);
    this.concentration = concentration;
    this.ratio = new BesselRatio(d);
  }

  override get klRules(): Rules {
    return fromVonMisesFisher;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    return onEvents(value, unitVector.contains(value), this.meanDirection, (at) => {
      const distance = at.sub(this.meanDirection).square().sum(-1);
      return distance.mul(this.concentration).mul(-0.5).add(this.logHeight());
    });
  }

  /** A m, within the sphere: A = I_{v+1}(k) / I_v(k). */
  override mean(): Tensor {
    return this.spread(this.meanDirection.mul(this.ratio.value(this.concentration).expandDims(-1)));
  }

  /** m, whatever the concentration. */
  override mode(): Tensor {
    return this.spread(this.meanDirection);
  }

  /** A / k (I - m mᵀ) + A' m mᵀ. @shape [...batch, d, d] */
  covariance(): Tensor {
    const d = this.eventShape[0]!;
    const m = this.meanDirection;
    const along = m.expandDims(-1).mul(m.expandDims(-2));
    const identity = diagonalMatrix(filled(1, [d], this.dtype));
    const [across, onto] = this.variances().map((t) => t.expandDims(-1));
    return identity
      .sub(along)
      .mul(across!)
      .add(along.mul(onto!))
      .broadcastTo([...this.batchShape, d, d]);
  }

  override variance(): Tensor {
    const share = this.meanDirection.square();
    const [across, onto] = this.variances();
    return this.spread(share.neg().add(1).mul(across!).add(share.mul(onto!)));
  }

  override entropy(): Tensor {
    const tilt = this.concentration.mul(this.ratio.complement(this.concentration));
    return tilt.sub(this.logHeight()).broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const all = [...shape, ...this.batchShape];
    const draws = directionDraw(key, this.meanDirection, this.concentration, all);
    return this.reparameterized ? draws : stopGradient(draws);
  }

  /** Across the mean direction, and along it. @shape [...concentration, 1] each */
  private variances(): Tensor[] {
    const { concentration, ratio } = this;
    return [ratio.overSelf(concentration), ratio.slope(concentration)].map((t) => t.expandDims(-1));
  }

  /** log p at the mean direction. */
  private logHeight(): Tensor {
    return this.ratio.logScaled(this.concentration).add(logArea(this.eventShape[0]!)).neg();
  }

  private spread(t: Tensor): Tensor {
    return t.broadcastTo([...this.batchShape, ...this.eventShape]);
  }
}

/** log(2 π^(d / 2) / Γ(d / 2)), the area of the sphere in d dimensions. */
function logArea(d: number): Tensor {
  return lgamma(tensor(d / 2))
    .neg()
    .add(Math.LN2 + (d / 2) * Math.log(Math.PI));
}

/** The vector over its length; NaN for 0. @throws CredenceError `domain`: known, and 0 */
function unit(x: Tensor): Tensor {
  const most = stopGradient(abs(x).max(-1, { keepDims: true }));
  const isSome = most.gt(0);
  if (x.source.kind === "data" && [...most.data()].includes(0)) {
    fail({
      code: "domain",
      given: "VonMisesFisher: meanDirection is 0 everywhere",
      allowed: "vectors with a direction",
      mend: "give any direction, and concentration 0 for a uniform law",
    });
  }
  const scaled = x.div(where(isSome, most, Number.NaN)); // whose squares neither overflow nor vanish
  return scaled.div(scaled.square().sum(-1, { keepDims: true }).sqrt());
}
