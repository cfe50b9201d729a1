import { fail } from "../../errors.js";
import { broadcastShapes } from "../../graph/shape.js";
import type { Tensor } from "../../graph/tensor.js";
import { bd0, log1pmx, logRatio, max, pullMul, sum, where, withGradient } from "../../ops/index.js";
import type { Categorical } from "../categorical.js";
import type { Multinomial } from "../multinomial.js";
import type { OneHotCategorical } from "../oneHotCategorical.js";
import type { Rules } from "./parts.js";

/**
 * Σ p log(p / q), as a sum of terms p log(p / q) + q - p none of which is below 0, so that nothing cancels where the laws are nearly
 * equal. A term of p = 0 is q; one of q = 0 alone is Infinity.
 *
 * @source Kullback and Leibler, On information and sufficiency (1951), equation 2.4
 */
export function categoricalCategorical(p: Categorical, q: Categorical): Tensor {
  const [k, other] = [p, q].map(({ probs }) => probs.shape[probs.rank - 1]);
  if (k !== other) {
    fail({
      code: "shape",
      given: `klDivergence(${p.name}, ${q.name}): of ${k} and of ${other} categories`,
      allowed: "as many categories in both",
    });
  }
  const [weights, others] = [p.parameters.probs, q.parameters.probs];
  return weights && others ? byWeights(weights, others) : byLogits(p, q);
}

export const fromCategorical: Rules = { Categorical: categoricalCategorical };

/** From one-hot vectors, whose law is that of their categories. */
export const fromOneHot: Rules = {
  OneHotCategorical: (p: OneHotCategorical, q: OneHotCategorical) =>
    categoricalCategorical(p.categorical, q.categorical),
};

/** So many times that of one trial; Infinity between different numbers of trials, whose counts add up differently. */
function multinomialMultinomial(p: Multinomial, q: Multinomial): Tensor {
  const isSame = p.totalCount.eq(q.totalCount);
  const each = p.totalCount.mul(categoricalCategorical(p.categorical, q.categorical));
  return where(isSame, where(p.totalCount.eq(0), 0, each), each.mul(0).add(Number.POSITIVE_INFINITY));
}

export const fromMultinomial: Rules = { Multinomial: multinomialMultinomial };

/** Of weights that are divided by their sums. */
function byWeights(given: Tensor, other: Tensor): Tensor {
  const [v, w] = sameShaped(given, other);
  const [sumOfV, sumOfW] = [v.sum(-1, { keepDims: true }), w.sum(-1, { keepDims: true })];
  const [p, q] = [v.div(sumOfV), w.div(sumOfW)];
  // a subnormal share has lost digits that the weight itself may have
  const isTiny = q.lt(v.dtype === "float32" ? 2 ** -126 : 2 ** -1022).and(p.gt(0));
  const logs = logRatio(v, w).sub(logRatio(sumOfV, sumOfW));
  const value = where(isTiny, p.mul(logs).add(q.sub(p)), bd0(p, q)).sum(-1);
  // as derived it would be ∞ - ∞ in a whole row for one p of 0, where the slope is -∞
  const out: Tensor = withGradient(value, [v, w], (dy) => {
    const flow = dy.expandDims(-1);
    const excess = where(v.eq(0).and(w.eq(0)), 0, logRatio(p, q)).sub(finite(out).expandDims(-1));
    return [pullMul(flow, excess.div(sumOfV)), pullMul(flow, where(p.eq(q), 0, q.sub(p).div(q)).div(sumOfW))];
  });
  return out;
}

/** Differences of logits up to which the divergence is had from them, and not from those of log probabilities. */
const NEAR = 1;

/** Of logits, from their differences: near each other those are exact, and differences of log probabilities are not. */
function byLogits(from: Categorical, to: Categorical): Tensor {
  const [a, b] = sameShaped(from.logits, to.logits);
  const [logP, logQ] = sameShaped(from.logProbs, to.logProbs);
  const [p, q] = sameShaped(from.probs, to.probs);
  const neither = a.eq(Number.NEGATIVE_INFINITY).and(b.eq(Number.NEGATIVE_INFINITY));
  const change = where(neither, 0, a.sub(b));
  // beside that of p's likeliest, which then is 0: where one is nearly certain its ratio is all but lost
  const isLikeliest = a.eq(max(a, -1, true));
  const moved = change.sub(max(where(isLikeliest, change, Number.NEGATIVE_INFINITY), -1, true));
  const isNear = max(moved.abs(), -1, true).lt(NEAR);
  const small = where(isNear, moved, 0);
  const shift = sum(q.mul(small.expm1()), -1, true).log1p();
  // log(p / q), and q / p - 1
  const ratio = where(isNear, small.sub(shift), where(neither, 0, logP.sub(logQ)));
  const isSmall = ratio.abs().lt(NEAR);
  const excess = where(isSmall, ratio, 0).neg().expm1();
  const far = where(p.gt(0), p.mul(ratio), 0).add(q.sub(p));
  const value = where(isSmall, p.mul(log1pmx(excess)).neg(), far).sum(-1);
  const out: Tensor = withGradient(value, [a, b], (dy) => {
    const flow = dy.expandDims(-1);
    const slope = where(p.eq(0), 0, p.mul(ratio.sub(finite(out).expandDims(-1))));
    return [pullMul(flow, slope), pullMul(flow, where(isSmall, p.mul(excess), q.sub(p)))];
  });
  return out;
}

/** Both broadcast to the shape of the two together. */
function sameShaped(a: Tensor, b: Tensor): [Tensor, Tensor] {
  const shape = broadcastShapes("klDivergence", [a.shape, b.shape]);
  return [a.broadcastTo(shape), b.broadcastTo(shape)];
}

/** 0 for an infinite divergence, whose slopes are those of its infinite term. */
const finite = (divergence: Tensor): Tensor => where(divergence.eq(Number.POSITIVE_INFINITY), 0, divergence);
