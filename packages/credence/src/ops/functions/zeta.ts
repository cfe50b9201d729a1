import type { Machine } from "../machine.js";
import { BERNOULLI } from "./bernoulli.js";
import { power } from "./power.js";
import { atMost, pick } from "./sums.js";

/** Terms that are added one by one before the Euler-Maclaurin formula takes over, and Bernoulli numbers that then suffice. */
const DIRECT = { float32: 5, float64: 10 };
const TERMS = { float32: 5, float64: 12 };

/** Beyond, all terms are 0, infinite or, where q + k is 1, equal to 1. */
const LARGEST = { float32: 1e15, float64: 1e100 };

/** A function of s + ε as the coefficients of 1, ε, ε², ...: so derivatives by s come of the same formula. */
type Jet<V> = readonly V[];

function times<V>(m: Machine<V>, a: Jet<V>, b: Jet<V>): Jet<V> {
  return a.map((_, n) => {
    let sum = m.mul(a[0] as V, b[n] as V);
    for (let i = 1; i <= n; i++) sum = m.add(sum, m.mul(a[i] as V, b[n - i] as V));
    return sum;
  });
}

function plus<V>(m: Machine<V>, a: Jet<V>, b: Jet<V>): Jet<V> {
  return a.map((x, n) => m.add(x, b[n] as V));
}

function scaled<V>(m: Machine<V>, a: Jet<V>, factor: V): Jet<V> {
  return a.map((x) => m.mul(x, factor));
}

/** e^(-ε l) y. */
function decaying<V>(m: Machine<V>, y: V, l: V, order: number): Jet<V> {
  const jet = [y];
  for (let n = 1; n <= order; n++) jet.push(m.mul(m.mul(jet[n - 1] as V, l), m.num(-1 / n)));
  return jet;
}

/** x + ε. */
function moving<V>(m: Machine<V>, x: V, order: number): Jet<V> {
  return Array.from({ length: order + 1 }, (_, n) => (n === 0 ? x : m.num(n === 1 ? 1 : 0)));
}

/** 1 / (x + ε). */
function inverse<V>(m: Machine<V>, x: V, order: number): Jet<V> {
  const first = m.div(m.num(1), x);
  const jet = [first];
  for (let n = 1; n <= order; n++) jet.push(m.neg(m.mul(jet[n - 1] as V, first)));
  return jet;
}

/** The sum over all w + k, k >= 0, by the Euler-Maclaurin formula. */
function distantTerms<V>(m: Machine<V>, order: number, s: V, w: V): Jet<V> {
  const one = m.num(1);
  const step = m.div(one, w);
  const { value, logarithm } = power(m, w, m.sub(one, s)); // since w^-s might underflow
  const start = decaying(m, value, logarithm, order);
  let sum = plus(m, times(m, start, inverse(m, m.sub(s, one), order)), scaled(m, start, m.mul(step, m.num(0.5))));
  const square = m.mul(step, step);
  let term = scaled(m, times(m, start, moving(m, s, order)), square);
  BERNOULLI.slice(0, pick(m, TERMS)).forEach((b, k) => {
    sum = plus(m, sum, scaled(m, term, m.num(b)));
    const [low, high] = [m.add(s, m.num(2 * k + 1)), m.add(s, m.num(2 * k + 2))];
    term = scaled(m, times(m, times(m, term, moving(m, low, order)), moving(m, high, order)), square);
  });
  return sum;
}

/**
 * The derivative by s, of an order known while the kernel is built, of the Hurwitz zeta function, the sum of (q + k)^-s over
 * k >= 0: for s > 1, where it is ∞ at 1 and NaN below, and q > 0.
 *
 * @source DLMF 25.11.1, summed as in 25.11.5 with more terms
 */
export function zeta<V>(m: Machine<V>, order: number, s: V, q: V): V {
  const bounded = atMost(m, s, pick(m, LARGEST));
  const direct = pick(m, DIRECT);
  let sum = distantTerms(m, order, bounded, m.add(q, m.num(direct)));
  for (let k = direct - 1; k >= 0; k--) {
    const { value, logarithm } = power(m, m.add(q, m.num(k)), m.neg(bounded));
    sum = plus(m, sum, decaying(m, value, logarithm, order));
  }
  let factorial = 1;
  for (let n = 2; n <= order; n++) factorial *= n;
  const [one, infinity] = [m.num(1), m.num(Infinity)];
  const value = m.select(m.eq(q, infinity), m.num(0), m.mul(sum[order] as V, m.num(factorial)));
  const inside = m.select(m.eq(s, one), m.num(order % 2 === 0 ? Infinity : -Infinity), value);
  const isDomain = m.and(m.ge(s, one), m.ge(q, m.num(0)));
  return m.select(isDomain, inside, m.num(Number.NaN));
}
