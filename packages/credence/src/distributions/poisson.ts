import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import {
  bd0,
  gammainc,
  gammaincc,
  lgamma,
  logGammainc,
  logGammaincc,
  poissonInverse,
  stirlingError,
  where,
  xlogy,
} from "../ops/index.js";
import { nonNegative, nonNegativeIntegers, real } from "./constraints.js";
import { countEntropy } from "./countEntropy.js";
import { countLevels } from "./countLevels.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution } from "./distribution.js";
import { fromPoisson } from "./kl/poisson.js";
import { isWhole, onSupport } from "./onSupport.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

export type PoissonParams =
  | { readonly rate: TensorLike; readonly logRate?: undefined }
  | { readonly logRate: TensorLike; readonly rate?: undefined };

/**
 * Poisson distribution: how many events come in a span of time, where one does not make another more likely.
 *
 *     log p(k) = k log(rate) - rate - log k!,  k = 0, 1, 2, ...
 *
 * @param rate     mean and variance, >= 0; 0 is a law at 0
 * @param logRate  or its logarithm
 * @shape  batch = the parameter's; event = []
 * @throws CredenceError `domain`: a known rate is negative or infinite; `argument`: neither or both are given
 * @source Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), chapter 4; Loader, Fast and accurate computation of
 *   binomial probabilities (2000), for the probability
 */
export class Poisson extends Distribution {
  readonly name = "Poisson";
  readonly support = nonNegativeIntegers;
  readonly reparameterized = false;
  readonly rate: Tensor;
  /** Where the rate is given by it. */
  readonly logRate: Tensor | undefined;

  constructor(params: PoissonParams) {
    if ((params.rate === undefined) === (params.logRate === undefined)) {
      fail({
        code: "argument",
        given: `Poisson: ${params.rate === undefined ? "neither rate nor logRate is given" : "both rate and logRate are given"}`,
        allowed: "{ rate } or { logRate }",
      });
    }
    const parameters =
      params.rate === undefined
        ? check("Poisson", { logRate: params.logRate }, { logRate: real })
        : check("Poisson", { rate: params.rate }, { rate: nonNegative });
    super(scalars("Poisson", parameters));
    if ("rate" in parameters) {
      this.rate = parameters.rate;
    } else {
      this.logRate = parameters.logRate;
      this.rate = this.logRate.exp();
    }
  }

  override get klRules() {
    return fromPoisson;
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    const inside = value.ge(0).and(value.lt(Number.POSITIVE_INFINITY)).and(isWhole(value));
    return onSupport(value, inside, 0, (k) => {
      const isNone = k.eq(0);
      const some = where(isNone, 1, k);
      return where(isNone, this.rate.neg(), this.logMass(some));
    });
  }

  override cdf(x: TensorLike): Tensor {
    return this.tail("cdf", x, gammaincc, 0);
  }

  override survival(x: TensorLike): Tensor {
    return this.tail("survival", x, (n, rate) => byRate(n, rate, tinyTail, gammainc), 1);
  }

  override logCdf(x: TensorLike): Tensor {
    const logTiny = (n: Tensor, rate: Tensor): Tensor => tinyTail(n, rate).neg().log1p();
    return this.tail("logCdf", x, (n, rate) => byRate(n, rate, logTiny, logGammaincc), Number.NEGATIVE_INFINITY);
  }

  override logSurvival(x: TensorLike): Tensor {
    return this.tail("logSurvival", x, logGammainc, 0);
  }

  override quantile(p: TensorLike): Tensor {
    const level = tensor(p);
    const guess = poissonInverse(this.rate, where(level.gt(0.5), level.sub(1), level));
    const upper = where(this.rate.gt(0), Number.POSITIVE_INFINITY, 0);
    return countQuantile(this, level, { lower: 0, upper, guess, stride: 1 });
  }

  override mean(): Tensor {
    return this.rate;
  }

  override mode(): Tensor {
    return this.rate.floor();
  }

  override variance(): Tensor {
    return this.rate;
  }

  override skewness(): Tensor {
    return tensor(1).div(this.rate.sqrt());
  }

  /** E[log k!] + rate (1 - log rate) for rates below 1, where these are sums of positive terms; else the sum of -p log p. */
  override entropy(): Tensor {
    const { rate } = this;
    const isFew = rate.lt(1);
    const few = where(isFew, rate, 0);
    const small = few.sub(xlogy(few, few)).add(few.neg().exp().mul(meanLogFactorial(few)));
    const many = where(isFew, 1, rate);
    const sum = countEntropy(new Poisson({ rate: many.expandDims(-1) }), { mean: many, stddev: many.sqrt() });
    return where(isFew, small, sum);
  }

  override draw(key: Tensor, shape: Shape): Tensor {
    return poissonInverse(this.rate, countLevels(key, [...shape, ...this.batchShape], this.dtype));
  }

  /** log p(k) for k >= 1. */
  private logMass(k: Tensor): Tensor {
    const near = stirlingError(k)
      .add(
        k
          .mul(2 * Math.PI)
          .log()
          .mul(0.5),
      )
      .add(bd0(k, this.rate))
      .neg();
    if (this.logRate === undefined) return near;
    // the logarithm of a small rate has the digits that the rate has lost
    const isSmall = this.logRate.lt(0);
    const small = k
      .mul(where(isSmall, this.logRate, 0))
      .sub(this.rate)
      .sub(lgamma(k.add(1)));
    return where(isSmall, small, near);
  }

  private tail(method: string, x: TensorLike, of: Tail, below: number): Tensor {
    const value = this.value(method, x);
    return onSupport(value, value.ge(0), 0, (at) => of(at.floor().add(1), this.rate), below);
  }
}

/** A function of n = k + 1 and the rate. */
type Tail = (n: Tensor, rate: Tensor) => Tensor;

/** For rates below this the tail's power of the rate is multiplied out: as the exponential of a logarithm it would lose digits. */
const TINY = 1e-14;

function byRate(n: Tensor, rate: Tensor, tiny: Tail, usual: Tail): Tensor {
  const isTiny = rate.lt(TINY);
  return where(isTiny, tiny(where(isTiny, n, 1), where(isTiny, rate, 0)), usual(n, where(isTiny, 1, rate)));
}

/** P(X >= n) = rate^n / n! (1 - rate n / (n + 1)) for a tiny rate, whose 24th power is 0. */
function tinyTail(n: Tensor, rate: Tensor): Tensor {
  const power = n.minimum(31);
  let [product, square, left]: [Tensor, Tensor, Tensor] = [tensor(1), rate, power];
  for (let bit = 0; bit < 5; bit++) {
    const half = left.mul(0.5).floor();
    product = where(left.sub(half.mul(2)).gt(0), product.mul(square), product);
    square = square.mul(square);
    left = half;
  }
  const rest = rate.mul(power).div(power.add(1)).neg().add(1);
  return product.mul(rest).div(lgamma(power.add(1)).exp());
}

/** Σ rate^k log(k!) / k! over k >= 2, for a rate up to 1. */
function meanLogFactorial(rate: Tensor): Tensor {
  const coefficients: number[] = [];
  let [logFactorial, factorial] = [0, 1];
  for (let k = 2; k <= LAST_FACTORIAL; k++) {
    logFactorial += Math.log(k);
    factorial *= k;
    coefficients.push(logFactorial / factorial);
  }
  const sum = coefficients.reduceRight((rest, c) => rest.mul(rate).add(c), tensor(0));
  return sum.mul(rate.square());
}

/** log(22!) / 22! is below 2^-60. */
const LAST_FACTORIAL = 22;
