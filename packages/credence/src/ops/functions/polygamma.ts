import { type Machine, polynomial } from "../machine.js";
import { BERNOULLI } from "./bernoulli.js";
import { digamma } from "./digamma.js";
import { cotPi, offWhole } from "./reflection.js";
import { pick } from "./sums.js";
import { trigamma } from "./trigamma.js";

/** Terms that are added one by one before the Euler-Maclaurin formula takes over: as many, and the order. */
const DIRECT = { float32: 4, float64: 12 };

/** How many Bernoulli numbers then suffice. */
const TERMS = { float32: 4, float64: 8 };

/**
 * The derivative of digamma of an order known while the kernel is built. At the poles of odd orders ∞; of even ones ∓∞ at
 * ±0 and NaN at -1, -2, ...
 *
 * @source DLMF 5.15.1, summed as in 25.11.5; 5.15.6 for negative x
 */
export function polygamma<V>(m: Machine<V>, order: number, x: V): V {
  if (order === 0) return digamma(m, x);
  if (order === 1) return trigamma(m, x);
  const [zero, one] = [m.num(0), m.num(1)];
  const negative = m.lt(x, zero);
  const z = m.abs(x);
  const direct = order + pick(m, DIRECT);
  let sum = distantTerms(m, order, m.add(z, m.num(direct)));
  for (let k = direct - 1; k > 0; k--) sum = m.add(sum, term(m, order, m.div(one, m.add(z, m.num(k)))));
  const first = term(m, order, m.div(one, x)); // keeps the sign of zero
  const sign = m.num(order % 2 === 0 ? -1 : 1);

  const reflected = (): V => {
    const r = offWhole(m, z);
    const cotangent = derivativeOfCot(m, order, cotPi(m, r));
    const value = m.mul(m.neg(sign), m.add(cotangent, m.mul(sign, sum)));
    return order % 2 === 0 ? m.select(m.eq(r, zero), m.num(Number.NaN), value) : value;
  };
  return m.rarely(negative, reflected(), m.mul(sign, m.add(sum, first)));
}

/** order! inverse^(order + 1): multiplied from the large number on, so that nothing underflows early. */
function term<V>(m: Machine<V>, order: number, inverse: V): V {
  let product = m.mul(m.num(factorial(order)), inverse);
  for (let i = 0; i < order; i++) product = m.mul(product, inverse);
  return product;
}

/** The sum of `term` over w, w + 1, w + 2, ..., by the Euler-Maclaurin formula. */
function distantTerms<V>(m: Machine<V>, order: number, w: V): V {
  const inverse = m.div(m.num(1), w);
  let rising = 1;
  const coefficients = BERNOULLI.slice(0, pick(m, TERMS)).map((b, k) => {
    rising *= (order + 2 * k) * (order + 2 * k + 1);
    return b * rising;
  });
  const square = m.mul(inverse, inverse);
  const correction = m.add(m.mul(inverse, m.num(order / 2)), m.mul(square, polynomial(m, square, coefficients)));
  const integral = term(m, order - 1, inverse);
  return m.add(integral, m.mul(integral, correction));
}

/** The derivative of π cot(πr) as a polynomial in c = π cot(πr), whose own derivative is -(π² + c²). */
function derivativeOfCot<V>(m: Machine<V>, order: number, c: V): V {
  let powers = [0, 1];
  for (let i = 0; i < order; i++) {
    const next = new Array<number>(powers.length + 1).fill(0);
    powers.forEach((coefficient, power) => {
      if (power === 0) return;
      next[power - 1]! -= coefficient * power * Math.PI ** 2;
      next[power + 1]! -= coefficient * power;
    });
    powers = next;
  }
  const odd = powers.length % 2 === 0;
  const everySecond = powers.filter((_, power) => (power % 2 === 1) === odd);
  const value = polynomial(m, m.mul(c, c), everySecond);
  return odd ? m.mul(c, value) : value;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
