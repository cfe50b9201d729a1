import type { Machine } from "../machine.js";
import { exp, expParts, LN2, RANGE, scale } from "./exp.js";
import { log, logBend, splitPower } from "./log.js";
import { fastTwoSum, type Pair, pick, twoProduct } from "./sums.js";

/** Between these and their inverses a base has a logarithm in two parts. */
const USUAL = { float32: 2 ** -120, float64: 2 ** -1000 };

/** log(x) with some eight bits more than its head holds, for a base in the usual range. */
function logPair<V>(m: Machine<V>, x: V): Pair<V> {
  const { high, low } = pick(m, LN2);
  const { f, power } = splitPower(m, x);
  const bend = logBend(m, f, m.mul(power, m.num(low)));
  const coarse = fastTwoSum(m, m.mul(power, m.num(high)), f); // both exact; f alone where the power is 0
  const rest = m.sub(coarse.tail, bend);
  return fastTwoSum(m, coarse.head, rest);
}

/**
 * x^y for x > 0, with its logarithm: exact to some 2 ulp and y log(x) / 256 of one more, where e^(y log x) would be off by
 * y log(x) ulp.
 */
export function power<V>(m: Machine<V>, x: V, y: V): { readonly value: V; readonly logarithm: V } {
  const { min, max } = pick(m, RANGE);
  const logarithm = logPair(m, x);
  const product = twoProduct(m, y, logarithm.head);
  const tail = m.add(product.tail, m.mul(y, logarithm.tail));
  const inside = m.and(m.gt(product.head, m.num(min)), m.lt(product.head, m.num(max)));
  const parts = expParts(m, m.select(inside, product.head, m.num(0)), { tail: m.select(inside, tail, m.num(0)) });
  const within = scale(m, m.add(m.num(1), m.add(parts.head, parts.rest)), parts.power);

  const least = pick(m, USUAL);
  const usual = m.and(m.gt(x, m.num(least)), m.lt(x, m.num(1 / least)));
  const plain = log(m, x);
  return {
    value: m.rarely(m.not(m.and(usual, inside)), exp(m, m.mul(y, plain)), within),
    logarithm: m.rarely(m.not(usual), plain, logarithm.head),
  };
}
