import { Categorical } from "../distributions/categorical.js";
import type { Distribution } from "../distributions/distribution.js";
import { MixtureSameFamily } from "../distributions/mixtureSameFamily.js";
import { Normal } from "../distributions/normal.js";
import { fail } from "../errors.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes, sameShape, showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { log1mexp, where } from "../ops/index.js";
import { type LossOptions, reduce } from "./reduction.js";

export interface LikelihoodOptions extends LossOptions {
  /** Factors of the losses, >= 0; the mean is over their sum. They broadcast to the losses. */
  readonly weights?: TensorLike;
  /** Where false the observation counts nothing, be it NaN. It broadcasts to the losses. */
  readonly mask?: TensorLike;
}

/**
 * Negative log likelihood of observations under any distribution.
 *
 * Of continuous observations it may be below 0, since a density may exceed 1.
 *
 * @param d  the prediction: a batch of distributions
 * @param y  what came
 * @shape  a scalar, 0 where nothing counts; the shape of d.logProb(y) with `reduction: "none"`
 * @throws CredenceError `shape`: they do not fit
 */
export function negativeLogLikelihood(d: Distribution, y: TensorLike, options: LikelihoodOptions = {}): Tensor {
  return weigh("negativeLogLikelihood", d.logProb(y).neg(), options);
}

/** The losses that count, by their weights. */
function weigh(name: string, losses: Tensor, { weights, mask, reduction }: LikelihoodOptions): Tensor {
  if (weights === undefined && mask === undefined) return reduce(name, losses, reduction);
  const spread = (what: string, given: TensorLike): Tensor => {
    const t = tensor(given);
    if (!sameShape(broadcastShapes(`losses.${name}`, [t.shape, losses.shape]), losses.shape)) {
      fail({
        code: "shape",
        given: `losses.${name}: ${what} of shape ${showShape(t.shape)} for losses of shape ${showShape(losses.shape)}`,
        allowed: "a shape that broadcasts to that of the losses",
      });
    }
    return t.broadcastTo(losses.shape);
  };
  const factors = weights === undefined ? losses.mul(0).add(1) : spread("weights", weights);
  const counted = mask === undefined ? factors : where(spread("mask", mask).ne(0), factors, 0);
  const isUsed = counted.ne(0);
  const weighed = where(isUsed, counted.mul(where(isUsed, losses, 0)), 0);
  if (reduction !== undefined && reduction !== "mean") return reduce(name, weighed, reduction);
  const total = where(isUsed, counted, 0).sum();
  return where(total.gt(0), weighed.sum().div(where(total.gt(0), total, 1)), 0);
}

/**
 * Negative log likelihood of mixtures of normals, the loss of a mixture density network.
 *
 * @param params  logits of the weights, means and scales of the components, along their last axes
 * @param y       what came, without that axis
 * @shape  a scalar; the shape of y with `reduction: "none"`
 * @throws CredenceError as MixtureSameFamily
 * @source Bishop, Mixture density networks (1994)
 */
export function mixtureNll(
  { logits, loc, scale }: { readonly logits: TensorLike; readonly loc: TensorLike; readonly scale: TensorLike },
  y: TensorLike,
  options: LikelihoodOptions = {},
): Tensor {
  const mixture = new MixtureSameFamily({
    mixture: new Categorical({ logits }),
    components: new Normal({ loc, scale }),
  });
  return weigh("mixtureNll", mixture.logProb(y).neg(), options);
}

/**
 * Negative log likelihood of observations of which some are known only to lie between two bounds: equal bounds are an exact observation,
 * an upper bound of Infinity one that has not ended, a lower of -Infinity one that began before it was looked at.
 *
 *     -log p(y) where lower = upper = y, else -log (F(upper) - F(lower))
 *
 * @param d      the prediction; it must have logCdf and logSurvival
 * @param lower  what the observation exceeds
 * @param upper  what it does not exceed
 * @shape  a scalar; broadcast(lower, upper, batch) with `reduction: "none"`
 * @source Klein and Moeschberger, Survival Analysis (2003), section 3.5
 */
export function censoredNll(
  d: Distribution,
  { lower, upper }: { readonly lower: TensorLike; readonly upper: TensorLike },
  options: LikelihoodOptions = {},
): Tensor {
  const shape = broadcastShapes("losses.censoredNll", [tensor(lower).shape, tensor(upper).shape, d.batchShape]);
  const [a, b] = [tensor(lower).broadcastTo(shape), tensor(upper).broadcastTo(shape)];
  const isExact = a.eq(b);
  const exact = d.logProb(where(isExact, a, where(a.gt(Number.NEGATIVE_INFINITY), a, where(b.lt(Infinity), b, 0))));
  return weigh("censoredNll", where(isExact, exact, between(d, a, b, isExact)).neg(), options);
}

/** log (F(b) - F(a)) by the tail that both are smaller in. */
function between(d: Distribution, a: Tensor, b: Tensor, isExact: Tensor): Tensor {
  const [logBelow, logAbove] = [d.logCdf(b), d.logSurvival(a)];
  const [logBelowA, logAboveB] = [d.logCdf(a), d.logSurvival(b)];
  const isUpper = logAbove.lt(logBelow);
  const large = where(isUpper, logAbove, logBelow);
  const small = where(isUpper, logAboveB, logBelowA);
  // the smaller may be -Infinity, of a bound that is none; where exact both are equal, and the branch is not taken
  const gap = where(isExact.or(small.eq(Number.NEGATIVE_INFINITY)), -1, small.sub(large));
  return where(small.eq(Number.NEGATIVE_INFINITY), large, large.add(log1mexp(gap)));
}
