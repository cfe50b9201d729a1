// The accuracy that is promised, function by function. The first row whose pattern fits holds.

/** What an error may grow by where rounding the arguments alone would move the result, `cond` times as far in relative terms. */
const GROWTH = {
  none: () => 1,
  /** An ulp where the function is well-conditioned; where not, as many of what the arguments' rounding does. */
  worse: (cond) => Math.max(1, cond),
  beside: (cond) => 1 + cond,
};

const ulps = (most, why) => ({ most, growth: "none", why });
const conditioned = (most, why) => ({ most, growth: "worse", why });
const bits = (count, why) => ({ most: 2 ** count, growth: "beside", why });

const BARS = [
  [/^special\/(xlogy|xlog1py)$/, ulps(2, "a logarithm of 1 ulp, and a product rounded once more")],
  [
    /^special\/(logaddexp)$|^extreme\/(logsumexp|log_softmax)$/,
    conditioned(2, "an exponential and a logarithm of 1 ulp each; where terms of two signs cancel, their conditioning"),
  ],
  [/^special\/(expm1|log1p|log1mexp|softplus|log_sigmoid)$/, ulps(1, "elementary")],
  [/^special\/(erf|erfc|erfcx|erfinv|ndtr|log_ndtr|ndtri)$/, ulps(4, "error function and normal distribution")],
  [
    /^special\/(lgamma|digamma|trigamma|lbeta)$/,
    conditioned(4, "gamma functions; ill-conditioned only next to zeros and poles"),
  ],
  [/^special\/(i0e|i1e|log_i0|zeta|lambertw0)$/, conditioned(4, "as the gamma functions")],
  [/^special\/(gammainc|gammaincc|betainc)$/, conditioned(64, "incomplete gamma and beta functions")],
  [/^special\/.*inv$/, conditioned(64, "inverses: to the conditioning, of functions that are within 64 ulp")],
  [/^losses\//, { ...ulps(1e-12 * 2 ** 52, "values and gradients: 1e-12, relative"), text: "1e-12" }],
  [/^(dist|kl|extreme)\//, bits(4, "at most 4 bits lost beyond the conditioning")],
];

/**
 * @returns {{ most: number, growth: "none" | "worse" | "beside", why: string }}  an error of a case, in ulps, may be
 *   most · GROWTH[growth](cond)
 */
export function barOf(id) {
  return BARS.find(([pattern]) => pattern.test(id))[1];
}

/** The share of the bar that an error takes up; above 1 it is exceeded. */
export const shareOf = ({ most, growth }, error, cond) => error / (most * GROWTH[growth](cond));
