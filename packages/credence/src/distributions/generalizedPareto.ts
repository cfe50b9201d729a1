import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, log1mexp, where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { between, type Constraint, real } from "./constraints.js";
import { Distribution } from "./distribution.js";
import { implicitly } from "./implicit.js";
import { locationAndScale } from "./locationScale.js";
import { levelOf, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { powerLog, powerPlace } from "./powerLog.js";
import { scalars } from "./scalars.js";

/**
 * Generalized Pareto distribution: of excesses over a high threshold.
 *
 *     log p(x) = -(1 + 1 / ξ) log(1 + ξ z) - log scale,  z = (x - loc) / scale >= 0,  ξ z >= -1
 *
 * At concentration ξ = 0 it is exponential, below 0 it ends at loc - scale / ξ.
 *
 * @param loc            threshold and lower end; units of x
 * @param scale          > 0; units of x
 * @param concentration  ξ, the tail's heaviness: from 1 on the mean is infinite, from 1/2 on the variance
 * @shape  batch = broadcast(loc, scale, concentration); event = []
 * @throws CredenceError `domain`: a known scale is not > 0 or infinite, loc or concentration not finite; `shape`
 * @source Coles, An Introduction to Statistical Modeling of Extreme Values (2001), section 4.2
 */
export class GeneralizedPareto extends Distribution {
  readonly name = "GeneralizedPareto";
  readonly support: Constraint;
  readonly reparameterized = true;
  readonly loc: Tensor;
  readonly scale: Tensor;
  readonly concentration: Tensor;

  constructor(params: { readonly loc: TensorLike; readonly scale: TensorLike; readonly concentration: TensorLike }) {
    const { loc, scale, concentration } = check("GeneralizedPareto", params, {
      ...locationAndScale,
      concentration: real,
    });
    super(scalars("GeneralizedPareto", { loc, scale, concentration }));
    this.loc = loc;
    this.scale = scale;
    this.concentration = concentration;
    this.support = between(loc, this.upperEnd());
  }

  override logProb(x: TensorLike): Tensor {
    const z = this.standardize("logProb", x);
    const k = this.concentration;
    const inside = z.ge(0).and(z.lt(Number.POSITIVE_INFINITY)).and(k.mul(z).ge(-1));
    const outside = where(eq(k.add(this.scale), k.add(this.scale)), Number.NEGATIVE_INFINITY, Number.NaN);
    return onSupport(
      z,
      inside,
      0,
      (at) => {
        const passed = powerLog(at, k);
        const isLast = eq(k, -1).and(eq(passed, Number.POSITIVE_INFINITY)); // the end of a uniform law
        return k
          .add(1)
          .mul(where(isLast, 0, passed))
          .add(this.scale.log())
          .neg();
      },
      outside,
    );
  }

  override cdf(x: TensorLike): Tensor {
    return this.passed("cdf", x).neg().expm1().neg();
  }

  override survival(x: TensorLike): Tensor {
    return this.passed("survival", x).neg().exp();
  }

  override logCdf(x: TensorLike): Tensor {
    return log1mexp(this.passed("logCdf", x).neg());
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.passed("logSurvival", x).neg();
  }

  override quantile(p: TensorLike): Tensor {
    const level = levelOf(p);
    return implicitly(this.at(level.neg().log1p().neg()), this, level);
  }

  override mean(): Tensor {
    const exists = this.concentration.lt(1);
    const rest = where(exists, this.concentration, 0).neg().add(1);
    return where(exists, this.loc.add(this.scale.div(rest)), Number.POSITIVE_INFINITY);
  }

  override variance(): Tensor {
    return this.stddev().square();
  }

  override stddev(): Tensor {
    const exists = this.concentration.lt(0.5);
    const k = where(exists, this.concentration, 0);
    const spread = this.scale.div(k.neg().add(1)).div(k.mul(-2).add(1).sqrt());
    return where(exists, spread, Number.POSITIVE_INFINITY).broadcastTo(this.batchShape);
  }

  /** NaN for concentrations from 1/3 on: it does not exist. */
  override skewness(): Tensor {
    const exists = this.concentration.lt(1 / 3);
    const k = where(exists, this.concentration, 0);
    const value = k.add(1).mul(2).mul(k.mul(-2).add(1).sqrt()).div(k.mul(-3).add(1));
    return where(exists, value, Number.NaN).add(this.loc.add(this.scale).mul(0));
  }

  /** The upper end for concentrations below -1, at which the density is infinite. */
  override mode(): Tensor {
    return where(this.concentration.lt(-1), this.upperEnd(), this.loc).broadcastTo(this.batchShape);
  }

  override entropy(): Tensor {
    return this.scale.log().add(this.concentration).add(1).broadcastTo(this.batchShape);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    const dtype = this.dtype as "float32" | "float64";
    const { tail, isUpper } = uniformTail(key, [...shape, ...this.batchShape], { dtype });
    return implicitly(this.at(where(isUpper, tail.log(), tail.neg().log1p()).neg()), this);
  }

  private standardize(method: string, x: TensorLike): Tensor {
    return this.value(method, x).sub(this.loc).div(this.scale);
  }

  /** -logSurvival, 0 below the threshold. */
  private passed(method: string, x: TensorLike): Tensor {
    return powerLog(this.standardize(method, x).maximum(0), this.concentration);
  }

  /** The x of an exponential number. */
  private at(exponential: Tensor): Tensor {
    return this.loc.add(this.scale.mul(powerPlace(exponential, this.concentration)));
  }

  private upperEnd(): Tensor {
    const ends = this.concentration.lt(0);
    const length = this.scale.div(where(ends, this.concentration, -1)).neg();
    return where(ends, this.loc.add(length), tensor(Number.POSITIVE_INFINITY));
  }
}
