import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, lgamma, log1mexp, where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { between, type Constraint, real } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { exponentialLogs, exponentialLogWeights } from "./exponentialRule.js";
import { implicitly } from "./implicit.js";
import { locationAndScale } from "./locationScale.js";
import { levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { powerLog, powerPlace } from "./powerLog.js";
import { scalars } from "./scalars.js";

/** Euler's constant, -ψ(1). */
const EULER = 0.5772156649015329;

/** Up to here moments come from quadrature: the differences of gamma functions cancel. */
const NEARLY_GUMBEL = 0.1;

/**
 * Generalized extreme value distribution: what the greatest of many draws follows, whatever they are drawn from.
 *
 *     log p(x) = -(1 + ξ) L - exp(-L) - log scale,  L = log(1 + ξ z) / ξ,  z = (x - loc) / scale,  ξ z > -1
 *
 * At concentration ξ = 0 it is Gumbel's; above 0 it starts at loc - scale / ξ (Fréchet's), below 0 it ends there (Weibull's,
 * mirrored). SciPy's genextreme has c = -ξ.
 *
 * @param loc            the 37th percentile; units of x
 * @param scale          > 0; units of x
 * @param concentration  ξ, the upper tail's heaviness: from 1 on the mean is infinite, from 1/2 on the variance
 * @shape  batch = broadcast(loc, scale, concentration); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, loc or concentration not finite; `shape`
 * @source Coles, An Introduction to Statistical Modeling of Extreme Values (2001), section 3.1
 */
export class GeneralizedExtremeValue extends Distribution {
  readonly name = "GeneralizedExtremeValue";
  readonly support: Constraint;
  readonly reparameterized = true;
  readonly loc: Tensor;
  readonly scale: Tensor;
  readonly concentration: Tensor;

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike; readonly concentration: TensorLike }) {
    const { loc, scale, concentration } = check("GeneralizedExtremeValue", params, {
      ...locationAndScale,
      concentration: real,
    });
    super(scalars("GeneralizedExtremeValue", { loc, scale, concentration }));
    this.loc = loc;
    this.scale = scale;
    this.concentration = concentration;
    const end = loc.sub(scale.div(where(eq(concentration, 0), 1, concentration)));
    const lower = where(concentration.gt(0), end, Number.NEGATIVE_INFINITY);
    this.support = between(lower, where(concentration.lt(0), end, Number.POSITIVE_INFINITY));
  }

  override logProb(x: TensorLike): Tensor {
    const z = this.standardize("logProb", x);
    const k = this.concentration;
    const inside = z.abs().lt(Number.POSITIVE_INFINITY).and(k.mul(z).gt(-1));
    const outside = where(eq(k.add(this.scale), k.add(this.scale)), Number.NEGATIVE_INFINITY, Number.NaN);
    return onSupport(
      z,
      inside,
      0,
      (at) => {
        // exp(-L) is infinite long before -1e5; at -∞ the sum might be NaN
        const level = powerLog(at, k).maximum(-1e5);
        return k.add(1).mul(level).add(level.neg().exp()).add(this.scale.log()).neg();
      },
      outside,
    );
  }

  override cdf(x: TensorLike): Tensor {
    return this.logBelow("cdf", x).exp();
  }

  override survival(x: TensorLike): Tensor {
    return this.logBelow("survival", x).expm1().neg();
  }

  override logCdf(x: TensorLike): Tensor {
    return this.logBelow("logCdf", x);
  }

  override logSurvival(x: TensorLike): Tensor {
    return log1mexp(this.logBelow("logSurvival", x));
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    return implicitly(this.at(level.log().neg()), this, level);
  }

  override mean(): Tensor {
    const exists = this.concentration.lt(1);
    return where(exists, this.loc.add(this.scale.mul(this.moments().mean)), Number.POSITIVE_INFINITY);
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    const exists = this.concentration.lt(0.5);
    return where(exists, this.scale.mul(this.moments().deviation), Number.POSITIVE_INFINITY).broadcastTo(
      this.batchShape,
    );
  }

  /** NaN for concentrations from 1/3 on: it does not exist. */
  override skewness(): Tensor {
    const exists = this.concentration.lt(1 / 3);
    return where(exists, this.moments().skewness, Number.NaN).add(this.loc.add(this.scale).mul(0));
  }

  /** The upper end for concentrations up to -1. */
  override mode(): Tensor {
    const hasPeak = this.concentration.gt(-1);
    const k = where(hasPeak, this.concentration, 0);
    const end = tensor(-1).div(where(hasPeak, -1, this.concentration));
    return this.loc.add(this.scale.mul(where(hasPeak, powerPlace(k.log1p().neg(), k), end)));
  }

  override entropy(): Tensor {
    return this.scale
      .log()
      .add(this.concentration.mul(EULER))
      .add(1 + EULER)
      .broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const { tail, isUpper } = uniformTail(key, [...shape, ...this.batchShape], { dtype });
    return implicitly(this.at(where(isUpper, tail.neg().log1p(), tail.log()).neg()), this);
  }

  private standardize(method: string, x: TensorLike): Tensor {
    return this.value(method, x).sub(this.loc).div(this.scale);
  }

  private logBelow(method: string, x: TensorLike): Tensor {
    return powerLog(this.standardize(method, x), this.concentration).neg().exp().neg();
  }

  /** The x with -log cdf(x) = exponential, an exponential number. */
  private at(exponential: Tensor): Tensor {
    return this.loc.add(this.scale.mul(powerPlace(exponential.log().neg(), this.concentration)));
  }

  /** Of z, where they exist. */
  private moments(): { mean: Tensor; deviation: Tensor; skewness: Tensor } {
    const k = this.concentration;
    const isNear = k.abs().lt(NEARLY_GUMBEL);
    const near = nearMoments(where(isNear, k, 0).cast("float64"));
    const far = where(isNear, 0.25, k);
    const [first, second, third] = [1, 2, 3].map((n) => {
      const at = far.mul(-n).add(1);
      return where(at.gt(0), lgamma(where(at.gt(0), at, 1)), 0);
    }) as [Tensor, Tensor, Tensor];
    const ratio = second.sub(first.mul(2)).expm1(); // of variance and squared mean of 1 + ξ z
    const cube = third.sub(first.mul(3)).exp().sub(ratio.mul(3).add(1));
    const pick = (a: Tensor, b: Tensor): Tensor => where(isNear, a.cast(k.dtype), b);
    return {
      mean: pick(near.mean, first.expm1().div(far)),
      deviation: pick(near.deviation, first.exp().mul(ratio.sqrt()).div(far.abs())),
      skewness: pick(near.skewness, cube.div(ratio.mul(ratio.sqrt())).mul(far.sign())),
    };
  }
}

/** By quadrature over -log of exponential numbers, which are Gumbel's. */
function nearMoments(k: Tensor): { mean: Tensor; deviation: Tensor; skewness: Tensor } {
  const weights = tensor(exponentialLogWeights).exp();
  const z = powerPlace(tensor(exponentialLogs).neg(), k.expandDims(-1));
  const over = (values: Tensor): Tensor => values.mul(weights).sum(-1);
  const mean = over(z);
  const off = z.sub(mean.expandDims(-1));
  const variance = over(off.square());
  return {
    mean,
    deviation: variance.sqrt(),
    skewness: over(off.square().mul(off)).div(variance.mul(variance.sqrt())),
  };
}
