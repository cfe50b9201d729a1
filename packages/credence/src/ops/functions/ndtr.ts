import { type Machine, polynomial } from "../machine.js";
import { exactSquare, expSquare, millsTail, timesExp } from "./gaussian.js";
import { logReduced, splitPower } from "./log.js";
import { atMost, type Pair, pick } from "./sums.js";

/** (ndtr(x) - 1/2) / x in x², |x| <= 0.7: minimax.py, "ndtr". */
const LINEAR = {
  float32: [
    0.3989422917366028, -0.06649107486009598, 0.009980101138353348, -0.0012060110457241535, 0.00012762236292473972,
  ],
  float64: [
    0.3989422804014327, -0.06649038006691164, 0.009973557010287574, -0.0011873282193504081, 0.00011543471645283688,
    -9.444769893512882e-6, 6.662022943592909e-7, -4.142698318518265e-8, 2.2433278701665323e-9,
  ],
};
const NEAR = 0.7;

/** The tail is 0 from here on. */
const NONE = { float32: 14.5, float64: 39 };

/** The normal distribution's lower tail at -x, for 0 <= x <= 0.7. */
function nearTail<V>(m: Machine<V>, x: V): V {
  return m.sub(m.num(0.5), m.mul(x, polynomial(m, m.mul(x, x), pick(m, LINEAR))));
}

/** The normal distribution's tail beyond x >= 0.7, given its Mills ratio there. */
function farTail<V>(m: Machine<V>, x: V, mills: Pair<V>): V {
  return timesExp(m, mills, expSquare(m, atMost(m, x, pick(m, NONE)), -0.5));
}

/** The standard normal distribution function, with full relative accuracy in the lower tail. */
export function ndtr<V>(m: Machine<V>, x: V): V {
  const size = atMost(m, m.abs(x), pick(m, NONE));
  const tail = m.select(m.lt(size, m.num(NEAR)), nearTail(m, size), farTail(m, size, millsTail(m, size)));
  return m.select(m.gt(x, m.num(0)), m.sub(m.num(1), tail), tail);
}

/**
 * The logarithm of the standard normal distribution function, with full relative accuracy in both tails.
 *
 * With q the tail beyond |x|: log(1 - q) above 0, log q near 0, and far below it -x²/2 + log of the Mills ratio, so
 * that nothing underflows. One logarithm serves them all.
 */
export function logNdtr<V>(m: Machine<V>, x: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const size = atMost(m, m.abs(x), pick(m, { float32: 1e20, float64: 1e155 })); // x²/2 is infinite there
  const near = m.lt(size, m.num(NEAR));
  const positive = m.gt(x, zero);
  const mills = millsTail(m, size);
  const tail = m.select(near, nearTail(m, size), farTail(m, size, mills));
  const upper = m.sub(one, tail);
  const argument = m.select(positive, upper, m.select(near, tail, mills.head));
  const taken = m.sub(m.sub(one, upper), tail); // by rounding, from 1 - tail
  const cut = m.select(positive, taken, m.select(near, zero, mills.tail));
  const { f, power } = splitPower(m, argument);
  const logarithm = logReduced(m, f, power, m.div(cut, argument));
  const square = exactSquare(m, size, -0.5);
  const below = m.add(square.head, m.add(square.tail, logarithm));
  return m.select(m.or(near, positive), logarithm, below);
}
