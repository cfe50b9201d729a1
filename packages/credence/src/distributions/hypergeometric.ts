import type { TensorLike } from "../graph/literal.js";
import type { Shape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { bd0, betaBinomialBelow, stirlingError, stopGradient, where } from "../ops/index.js";
import { uniformTail } from "../random/index.js";
import { type Constraint, integersFrom, nonNegativeIntegers, wholeBetween } from "./constraints.js";
import { countEntropy } from "./countEntropy.js";
import { countQuantile } from "./countQuantile.js";
import { Distribution } from "./distribution.js";
import { hypergeometricInverse } from "./hypergeometricInverse.js";
import { onSupport } from "./onSupport.js";
import { ordered } from "./ordered.js";
import { check } from "./parameters.js";
import { scalars } from "./scalars.js";

export interface HypergeometricParams {
  readonly population: TensorLike;
  readonly successes: TensorLike;
  readonly draws: TensorLike;
}

/**
 * The greatest population. Standard deviations are at most a quarter of its root, so that the 2^20 terms that a sum may have are all
 * that count; and in float32 whole numbers up to it are floats.
 */
const MOST = { float32: 2 ** 24, float64: 2 ** 37 } as const;

/**
 * Hypergeometric distribution: successes among draws without replacement from a population that holds so many.
 *
 *     log p(k) = log (successes over k) + log (population - successes over draws - k) - log (population over draws),
 *     k from max(0, draws - (population - successes)) to min(draws, successes)
 *
 * Tails are sums of probabilities. All parameters are whole numbers: probabilities and tails have no gradient by them.
 *
 * @param population  how many there are; a whole number from 0 to 2^37, in float32 to 2^24
 * @param successes   how many of them count; a whole number from 0 to the population
 * @param draws       how many are taken; a whole number from 0 to the population
 * @shape  batch = broadcast(population, successes, draws); event = []
 * @throws CredenceError `domain`: a known number is no whole number, or is out of its range
 * @source Johnson, Kemp and Kotz, Univariate Discrete Distributions (2005), chapter 6; Loader, Fast and accurate computation of
 *   binomial probabilities (2000), for the probability
 */
export class Hypergeometric extends Distribution {
  readonly name = "Hypergeometric";
  readonly support: Constraint;
  readonly reparameterized = false;
  readonly population: Tensor;
  readonly successes: Tensor;
  readonly draws: Tensor;
  private readonly failures: Tensor;
  private readonly lower: Tensor;
  private readonly upper: Tensor;

  constructor(params: HypergeometricParams) {
    const given = check("Hypergeometric", params, {
      population: nonNegativeIntegers,
      successes: nonNegativeIntegers,
      draws: nonNegativeIntegers,
    });
    const inRange = integersFrom(0, MOST[given.population.dtype as "float32" | "float64"]);
    const { population: some } = check("Hypergeometric", { population: given.population }, { population: inRange });
    const { successes, population: all } = ordered(
      "Hypergeometric",
      { successes: given.successes, population: some },
      false,
    );
    const { draws, population } = ordered("Hypergeometric", { draws: given.draws, population: all }, false);
    super(scalars("Hypergeometric", { population, successes, draws }));
    this.population = population;
    this.successes = successes;
    this.draws = draws;
    this.failures = population.sub(successes);
    this.lower = draws.sub(this.failures).maximum(0);
    this.upper = draws.minimum(successes);
    this.support = wholeBetween(this.lower, this.upper);
  }

  override logProb(x: TensorLike): Tensor {
    const value = this.value("logProb", x);
    return onSupport(
      value,
      this.support.contains(value),
      this.lower,
      (k) => this.logMass(k),
      this.outside(Number.NEGATIVE_INFINITY),
    );
  }

  override cdf(x: TensorLike): Tensor {
    const of = ({ log, isLower }: Tail): Tensor => where(isLower, log.exp(), log.expm1().neg());
    return this.tail("cdf", x, of, [0, 1]);
  }

  override survival(x: TensorLike): Tensor {
    const of = ({ log, isLower }: Tail): Tensor => where(isLower, log.expm1().neg(), log.exp());
    return this.tail("survival", x, of, [1, 0]);
  }

  override logCdf(x: TensorLike): Tensor {
    const of = ({ log, isLower }: Tail): Tensor => where(isLower, log, log.exp().neg().log1p());
    return this.tail("logCdf", x, of, [Number.NEGATIVE_INFINITY, 0]);
  }

  override logSurvival(x: TensorLike): Tensor {
    const of = ({ log, isLower }: Tail): Tensor => where(isLower, log.exp().neg().log1p(), log);
    return this.tail("logSurvival", x, of, [0, Number.NEGATIVE_INFINITY]);
  }

  override quantile(p: TensorLike): Tensor {
    const { lower, upper } = this;
    return countQuantile(this, p, { lower, upper, guess: this.mean(), stride: this.stddev().mul(0.5) });
  }

  override mean(): Tensor {
    return this.draws.mul(this.successes).div(this.population.maximum(1));
  }

  /** Of two equally likely numbers the greater one. */
  override mode(): Tensor {
    const { population, successes, draws, lower, upper } = this;
    const peak = draws.add(1).mul(successes.add(1)).div(population.add(2)).floor();
    return peak.maximum(lower).minimum(upper);
  }

  override variance(): Tensor {
    const { population, failures, draws } = this;
    const left = population.sub(draws).div(population.sub(1).maximum(1));
    return this.mean()
      .mul(failures.div(population.maximum(1)))
      .mul(left);
  }

  override skewness(): Tensor {
    return this.skew().div(this.stddev());
  }

  override entropy(): Tensor {
    const law = this.withParameters((t) => t.expandDims(-1));
    return countEntropy(law, { mean: this.mean(), stddev: this.stddev() });
  }

  /** By inversion, exact in both tails: an upper level is the lower one of the failures drawn. */
  override draw(key: Tensor, shape: Shape): Tensor {
    const full = [...shape, ...this.batchShape];
    const { tail, isUpper } = uniformTail(key, full, { dtype: this.dtype as "float32" | "float64" });
    const { population, draws } = this;
    const counted = new Hypergeometric({ population, draws, successes: where(isUpper, this.failures, this.successes) });
    const k = hypergeometricInverse(counted, tail, counted.skew());
    return where(isUpper, draws.sub(k), k);
  }

  /** Third central moment over the variance. */
  private skew(): Tensor {
    const { population, successes, failures, draws } = this;
    const left = population.sub(draws.mul(2)).div(population.sub(2).maximum(1));
    return failures.sub(successes).div(population).mul(left);
  }

  /**
   * log p(k) within the support. A quotient of three binomial probabilities, of chances draws / population; by Stirling's formula for
   * the factorials what is large is four deviances of counts from what is expected of them.
   */
  private logMass(count: Tensor): Tensor {
    const k = stopGradient(count);
    const [all, some, rest, taken] = [this.population, this.successes, this.failures, this.draws].map(stopGradient) as [
      Tensor,
      Tensor,
      Tensor,
      Tensor,
    ];
    const left = all.sub(taken);
    const cells = [
      [k, some, taken],
      [some.sub(k), some, left],
      [taken.sub(k), rest, taken],
      [left.sub(some.sub(k)), rest, left],
    ] as const;
    const [hit, missed, other, remaining] = cells.map(([cell]) => cell) as [Tensor, Tensor, Tensor, Tensor];
    const whole = all.maximum(1);
    const deviances = cells.map(([cell, row, column]) => bd0(cell, row.mul(column).div(whole)));
    const roots = size(some)
      .div(size(missed))
      .mul(size(taken).div(size(hit)))
      .mul(size(rest).div(size(remaining)))
      .mul(size(left).div(size(other)))
      .div(size(all).mul(2 * Math.PI));
    const errors = remainder(some)
      .sub(remainder(missed))
      .add(remainder(rest).sub(remainder(remaining)))
      .add(remainder(taken).sub(remainder(hit)))
      .add(remainder(left).sub(remainder(other)))
      .sub(remainder(all));
    const logP = deviances.reduce((sum, deviance) => sum.sub(deviance), roots.log().mul(0.5).add(errors));
    const isLikely = logP.gt(-0.5);
    return where(isLikely, this.logOfLikely(k, isLikely), logP);
  }

  /** log p(k) from the masses of all other numbers, as shares of p(k): keeps its digits where p(k) is nearly 1. */
  private logOfLikely(k: Tensor, isLikely: Tensor): Tensor {
    const [some, rest, taken] = [this.successes, this.failures, this.draws].map(stopGradient) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const [missed, other, spare] = [some.sub(k), taken.sub(k), rest.sub(taken).add(k)];
    const down = k.mul(spare).div(missed.add(1).mul(other.add(1))); // p(k - 1) / p(k)
    const up = missed.mul(other).div(k.add(1).mul(spare.add(1)));
    const below = sumBelow(taken, some, rest, where(isLikely.and(k.gt(this.lower)), k.sub(1), 0));
    const above = sumBelow(taken, rest, some, where(isLikely.and(k.lt(this.upper)), other.sub(1), 0));
    return down.mul(below).add(up.mul(above)).log1p().neg();
  }

  private tail(
    method: string,
    x: TensorLike,
    of: (tail: Tail) => Tensor,
    [below, above]: readonly [number, number],
  ): Tensor {
    const { lower, upper } = this;
    const value = this.value(method, x).floor();
    const isInner = value.ge(lower).and(value.lt(upper));
    const inner = of(this.smallerTail(where(isInner, value, lower)));
    return onSupport(value, isInner, 0, () => inner, where(value.lt(lower), this.outside(below), this.outside(above)));
  }

  /** The tail that does not hold the mode's bulk: P(X <= k) below the mode, P(X > k), as that of the failures drawn, from there on. */
  private smallerTail(k: Tensor): Tail {
    const [some, rest, taken] = [this.successes, this.failures, this.draws].map(stopGradient) as [
      Tensor,
      Tensor,
      Tensor,
    ];
    const isLower = k.lt(this.mode());
    const first = where(isLower, k, k.add(1));
    const sum = sumBelow(
      taken,
      where(isLower, some, rest),
      where(isLower, rest, some),
      stopGradient(where(isLower, first, taken.sub(first))),
    );
    return { log: this.logMass(first).add(sum.log()).minimum(0), isLower };
  }

  /** A value beyond the support, NaN where that is not known. */
  private outside(value: number): Tensor {
    return where(this.population.eq(this.population), value, Number.NaN);
  }
}

interface Tail {
  readonly log: Tensor;
  /** P(X <= k)? Else P(X > k). */
  readonly isLower: Tensor;
}

/** Σ p(j) / p(k) over j <= k for `taken` draws from two kinds, of which the first is counted. */
const sumBelow = (taken: Tensor, counted: Tensor, others: Tensor, k: Tensor): Tensor =>
  betaBinomialBelow(taken, counted.neg(), others.neg(), k);

/** A count in the root of Stirling's formula, √(2π count): what makes it 1 for the factorial of 0. */
const size = (count: Tensor): Tensor => where(count.eq(0), 1 / (2 * Math.PI), count);

/** What Stirling's formula leaves over of a factorial. */
function remainder(count: Tensor): Tensor {
  const isNone = count.eq(0);
  return where(isNone, 0, stirlingError(where(isNone, 1, count)));
}
