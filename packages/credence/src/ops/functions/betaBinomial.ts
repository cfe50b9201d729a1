import { unsettled } from "../dual.js";
import type { Machine } from "../machine.js";
import { exp, log } from "./smooth.js";

/** So many numbers a sum reaches over at most. */
const MOST_TERMS = 2 ** 20;

/**
 * n trials whose chance has a beta law of shapes a and b. Of negative whole shapes it is a hypergeometric law, of n draws from -a
 * successes and -b failures: its masses have the same ratio.
 */
interface Trials<V> {
  readonly n: V;
  readonly a: V;
  readonly b: V;
}

/** p(k + 1) / p(k). */
function ratio<V>(m: Machine<V>, { n, a, b }: Trials<V>, k: V): V {
  const one = m.num(1);
  const left = m.sub(n, k);
  return m.mul(m.div(left, m.add(k, one)), m.div(m.add(a, k), m.add(b, m.sub(left, one))));
}

/** Σ p(j) / p(k) over j <= k. Terms may rise again where a shape is below 1, so that a small one ends no sum. */
export function betaBinomialBelow<V>(m: Machine<V>, n: V, a: V, b: V, k: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const mayRise = m.and(m.gt(a, zero), m.lt(a, one));
  return m.iterate(
    { j: k, term: one, sum: one },
    ({ j, term, sum }) => m.and(m.gt(j, zero), m.or(mayRise, unsettled(m, term, sum))),
    ({ j, term, sum }) => {
      const before = m.sub(j, one);
      const next = m.div(term, ratio(m, { n, a, b }, before));
      return { j: before, term: next, sum: m.add(sum, next) };
    },
    MOST_TERMS,
  ).sum;
}

/** Σ p(j) / p(k) over j > k. */
export function betaBinomialAbove<V>(m: Machine<V>, n: V, a: V, b: V, k: V): V {
  const one = m.num(1);
  const mayRise = m.lt(b, one);
  const first = m.select(m.lt(k, n), ratio(m, { n, a, b }, k), m.num(0));
  return m.iterate(
    { j: m.add(k, one), term: first, sum: first },
    ({ j, term, sum }) => m.and(m.lt(j, n), m.or(mayRise, unsettled(m, term, sum))),
    ({ j, term, sum }) => {
      const next = m.mul(term, ratio(m, { n, a, b }, j));
      return { j: m.add(j, one), term: next, sum: m.add(sum, next) };
    },
    MOST_TERMS,
  ).sum;
}

/** Σ -p log p over all numbers, from one whose log p is given outwards. */
export function betaBinomialEntropy<V>(m: Machine<V>, n: V, a: V, b: V, k: V, logP: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const law = { n, a, b };
  const p = exp(m, logP);
  const part = (mass: V): V => {
    const some = m.gt(mass, zero);
    return m.select(some, m.neg(m.mul(mass, log(m, m.select(some, mass, one)))), zero);
  };
  const up = m.iterate(
    { j: k, mass: p, sum: m.neg(m.mul(p, logP)) },
    ({ j }) => m.lt(j, n),
    ({ j, mass, sum }) => {
      const next = m.mul(mass, ratio(m, law, j));
      return { j: m.add(j, one), mass: next, sum: m.add(sum, part(next)) };
    },
    MOST_TERMS,
  );
  return m.iterate(
    { j: k, mass: p, sum: up.sum },
    ({ j }) => m.gt(j, zero),
    ({ j, mass, sum }) => {
      const before = m.sub(j, one);
      const next = m.div(mass, ratio(m, law, before));
      return { j: before, mass: next, sum: m.add(sum, part(next)) };
    },
    MOST_TERMS,
  ).sum;
}
