import { type TensorLike, tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { logRatio, where } from "../ops/index.js";
import { positive } from "./constraints.js";
import { LocationScale, locationAndScale } from "./locationScale.js";
import { logProbability } from "./logTails.js";
import { check } from "./parameters.js";

/**
 * Asymmetric Laplace distribution: an exponential on either side of `loc`, the one above falling κ² times as fast as the one below,
 * with κ the asymmetry.
 *
 *     log p(x) = -κ z where z >= 0, z / κ below, - log(scale (κ + 1 / κ)),  z = (x - loc) / scale
 *
 * @param loc        mode; units of x
 * @param scale      > 0; units of x
 * @param asymmetry  κ > 0; at 1 it is Laplace's, the mass above loc is 1 / (1 + κ²)
 * @shape  batch = broadcast(loc, scale, asymmetry); event = []
 * @throws CredenceError `domain`: a known scale or asymmetry is not > 0 or infinite, or loc not finite; `shape`: they do not broadcast
 * @source Kotz, Kozubowski and Podgórski, The Laplace Distribution (2001), chapter 3
 */
export class AsymmetricLaplace extends LocationScale {
  readonly name = "AsymmetricLaplace";
  readonly asymmetry: Tensor;

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike; readonly asymmetry: TensorLike }) {
    const checked = check("AsymmetricLaplace", params, { ...locationAndScale, asymmetry: positive });
    super("AsymmetricLaplace", checked);
    this.asymmetry = checked.asymmetry;
  }

  /** That whose quantile at level p is `loc`, where the density falls like e^(-p d) above at the distance d / scale, and like e^(-(1 - p) d) below. */
  static fromQuantile(params: {
    readonly loc: TensorLike;
    readonly scale: TensorLike;
    readonly quantile: TensorLike;
  }): AsymmetricLaplace {
    const p = tensor(params.quantile);
    const q = p.neg().add(1);
    const scale = tensor(params.scale).div(p.mul(q).sqrt());
    return new AsymmetricLaplace({ loc: params.loc, scale, asymmetry: p.div(q).sqrt() });
  }

  protected override logDensity(z: Tensor): Tensor {
    const k = this.asymmetry;
    const fall = where(z.lt(0), z.div(k), z.mul(k).neg());
    return fall.sub(this.width().log());
  }

  protected override below(z: Tensor): Tensor {
    return oneSide(z.neg(), this.asymmetry, this.weightBelow(), this.weightAbove());
  }

  protected override above(z: Tensor): Tensor {
    return oneSide(z, this.inverse(), this.weightAbove(), this.weightBelow());
  }

  protected override logBelow(z: Tensor): Tensor {
    const far = z.minimum(0).div(this.asymmetry).sub(this.logSum(this.inverse()));
    const below = this.below(z);
    return where(z.lt(0), far, logProbability(below, this.above(z)));
  }

  protected override logAbove(z: Tensor): Tensor {
    const far = z.maximum(0).mul(this.asymmetry).neg().sub(this.logSum(this.asymmetry));
    const above = this.above(z);
    return where(z.gt(0), far, logProbability(above, this.below(z)));
  }

  protected override tailQuantile(tail: Tensor, isUpper: Tensor): Tensor {
    const [below, above] = [this.weightBelow(), this.weightAbove()];
    const lower = distance(tail, this.asymmetry, below, above).neg();
    return where(isUpper, distance(tail, this.inverse(), above, below), lower);
  }

  protected override standardEntropy(): Tensor {
    return this.width().log().add(1);
  }

  override mean(): Tensor {
    const k = this.asymmetry;
    const shift = k.neg().add(1).mul(k.add(1)).div(k); // 1 / κ - κ
    return this.loc.add(this.scale.mul(shift));
  }

  override mode(): Tensor {
    return this.loc.broadcastTo(this.batchShape);
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    const k = this.asymmetry;
    return this.scale.mul(k.square().add(this.inverse().square()).sqrt()).broadcastTo(this.batchShape);
  }

  override skewness(): Tensor {
    const k = this.asymmetry;
    // κ and 1 / κ are mirror images; of the two the lesser has powers that do not overflow
    const lesser = where(k.gt(1), this.inverse(), k);
    const square = lesser.square();
    const rise = square.square();
    const fall = rise.add(1);
    const size = lesser.neg().add(1).mul(lesser.add(1)).mul(2).mul(square.add(rise).add(1)).div(fall.mul(fall.sqrt()));
    return where(k.gt(1), size.neg(), size).add(this.loc.add(this.scale).mul(0));
  }

  /** κ + 1 / κ */
  private width(): Tensor {
    return this.asymmetry.add(this.inverse());
  }

  private inverse(): Tensor {
    return tensor(1).div(this.asymmetry);
  }

  private weightBelow(): Tensor {
    return weight(this.asymmetry, this.inverse());
  }

  private weightAbove(): Tensor {
    return weight(this.inverse(), this.asymmetry);
  }

  /** log(1 + k²) */
  private logSum(k: Tensor): Tensor {
    const isLarge = k.gt(1);
    const lesser = where(isLarge, tensor(1).div(k), k);
    return where(isLarge, where(isLarge, k, 1).log().mul(2), 0).add(lesser.square().log1p());
  }
}

/** k² / (1 + k²): the lesser of the two directly, the greater as what is left, so that they add up to 1. */
function weight(k: Tensor, inverse: Tensor): Tensor {
  const direct = (other: Tensor): Tensor => tensor(1).div(other.square().add(1));
  return where(k.lt(1), direct(inverse), direct(k).neg().add(1));
}

/** The mass further than `out` on the side of the given weight, where it falls like e^(-out / length). */
function oneSide(out: Tensor, length: Tensor, weight: Tensor, other: Tensor): Tensor {
  const beyond = weight.mul(out.maximum(0).neg().div(length).exp());
  const within = weight.sub(other.mul(out.minimum(0).mul(length).expm1())); // all of this side and some of the other
  return where(out.gt(0), beyond, within);
}

/** How far out on the side of the given weight the mass beyond is `tail`; negative on the other side. */
function distance(tail: Tensor, length: Tensor, weight: Tensor, other: Tensor): Tensor {
  const isHere = tail.le(weight);
  const here = logRatio(where(isHere, tail, weight), weight)
    .mul(length)
    .neg();
  const there = where(isHere, 0, weight.sub(tail).div(other)).log1p().div(length);
  return where(isHere, here, there);
}
