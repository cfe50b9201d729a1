import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, gammainccInv, gammaincInv, where } from "../ops/index.js";
import { standardGamma } from "../random/index.js";
import { nonNegative } from "./constraints.js";
import { Distribution } from "./distribution.js";
import {
  gammaAbove,
  gammaBelow,
  gammaEntropy,
  gammaLogProb,
  logGammaAbove,
  logGammaBelow,
  type Standard,
  standardOf,
} from "./gammaParts.js";
import { fromGamma } from "./kl/gamma.js";
import { clampTo, levelOf, onSupport } from "./onSupport.js";
import { scalars } from "./scalars.js";

/** Draws are at least the smallest normal number, where log p is finite. */
const LEAST = { float32: 2 ** -126, float64: 2 ** -1022 } as const;

/** The gamma distribution under whatever names its parameters have: a standard gamma number, with rate 1, over the rate. */
export abstract class GammaLaw extends Distribution {
  readonly support = nonNegative;
  readonly reparameterized = true;
  readonly concentration: Tensor;
  readonly rate: Tensor;

  protected constructor(
    name: string,
    parameters: Readonly<Record<string, Tensor>>,
    { concentration, rate }: { readonly concentration: Tensor; readonly rate: Tensor },
  ) {
    super(scalars(name, parameters));
    this.concentration = concentration;
    this.rate = rate;
  }

  override get klRules() {
    return fromGamma;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const a = this.concentration;
    const inside = value.gt(0).and(value.lt(Number.POSITIVE_INFINITY));
    const steep = where(a.lt(1), Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY);
    const atZero = where(eq(a, 1), this.rate.log(), where(eq(a, a), steep, Number.NaN));
    const density = (at: Tensor): Tensor => gammaLogProb(a, this.rate, at, 1);
    const typical = tensor(1).div(this.rate);
    return onSupport(value, inside, typical, density, where(eq(value, 0), atZero, Number.NEGATIVE_INFINITY));
  }

  override cdf(x: TensorLike): Tensor {
    return gammaBelow(this.concentration, this.clamped("cdf", x));
  }

  override survival(x: TensorLike): Tensor {
    return gammaAbove(this.concentration, this.clamped("survival", x));
  }

  override logCdf(x: TensorLike): Tensor {
    return logGammaBelow(this.concentration, this.clamped("logCdf", x));
  }

  override logSurvival(x: TensorLike): Tensor {
    return logGammaAbove(this.concentration, this.clamped("logSurvival", x));
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    const isUpper = level.gt(0.5);
    const lower = gammaincInv(this.concentration, where(isUpper, 0.5, level));
    const upper = gammainccInv(this.concentration, where(isUpper, level.neg().add(1), 0.5));
    return where(isUpper, upper, lower).div(this.rate);
  }

  override mean(): Tensor {
    return this.concentration.div(this.rate);
  }

  override variance(): Tensor {
    return this.mean().div(this.rate);
  }

  override stddev(): Tensor {
    return this.concentration.sqrt().div(this.rate);
  }

  override skewness(): Tensor {
    return tensor(2).div(this.concentration.sqrt()).broadcastTo(this.batchShape);
  }

  /** 0 for concentrations up to 1. */
  override mode(): Tensor {
    return this.concentration.sub(1).maximum(0).div(this.rate);
  }

  override entropy(): Tensor {
    return gammaEntropy(this.concentration, this.rate, 1);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const standard = standardGamma(key, [...shape, ...this.batchShape], this.concentration);
    return standard.div(this.rate).maximum(LEAST[this.dtype as "float32" | "float64"]);
  }

  private clamped(method: string, x: TensorLike): Standard {
    return standardOf(clampTo(this.value(method, x), 0), this.rate, 1);
  }
}
