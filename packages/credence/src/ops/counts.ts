import * as sums from "./functions/betaBinomial.js";
import * as fn from "./functions/countInverse.js";
import { elementwise } from "./op.js";
import { withPartials } from "./partials.js";

/** Quantiles of laws of whole numbers, for their draws: step functions, so that no gradient flows. The formulas are in `functions/`. */

/**
 * The least k with P(X <= k) >= level for a Poisson law, exact in both tails; levels above 1/2 are given as level - 1, as the
 * distance to the nearer end.
 *
 * @shape  broadcast(rate, level)
 * @domain rate >= 0; -1/2 <= level <= 1/2
 */
export const poissonInverse = elementwise("poissonInverse", {
  inputs: ["rate", "level"],
  cost: 900,
  outlined: true,
  lower: (m, { rate, level }) => fn.poissonInverse(m, rate, level),
  grad: () => ({ rate: null, level: null }),
});

/**
 * The least k with P(X <= k) >= level for a binomial law, exact in both tails; levels as of `poissonInverse`.
 *
 * @shape  broadcast(totalCount, probs, level)
 * @domain totalCount a whole number >= 0; 0 <= probs <= 1/2; -1/2 <= level <= 1/2
 */
export const binomialInverse = elementwise("binomialInverse", {
  inputs: ["totalCount", "probs", "level"],
  cost: 1500,
  outlined: true,
  lower: (m, { totalCount, probs, level }) => fn.binomialInverse(m, totalCount, probs, level),
  grad: () => ({ totalCount: null, probs: null, level: null }),
});

const SUM_COST = 3000;

/** Σ p(j) / p(k) over j <= k of a beta-binomial law; a sum over 2^20 numbers at most. @shape broadcast(n, a, b, k) */
export const betaBinomialBelow = withPartials("betaBinomialBelow", {
  inputs: ["n", "a", "b", "k"],
  cost: SUM_COST,
  lower: (m, { n, a, b, k }) => sums.betaBinomialBelow(m, n, a, b, k),
});

/** The same over j > k. @shape broadcast(n, a, b, k) */
export const betaBinomialAbove = withPartials("betaBinomialAbove", {
  inputs: ["n", "a", "b", "k"],
  cost: SUM_COST,
  lower: (m, { n, a, b, k }) => sums.betaBinomialAbove(m, n, a, b, k),
});

/** The entropy of a beta-binomial law, given one of its numbers and the logarithm of its probability. @shape broadcast(n, a, b, k, logP) */
export const betaBinomialEntropy = withPartials("betaBinomialEntropy", {
  inputs: ["n", "a", "b", "k", "logP"],
  cost: SUM_COST,
  lower: (m, { n, a, b, k, logP }) => sums.betaBinomialEntropy(m, n, a, b, k, logP),
});
