import type { Machine } from "../machine.js";
import { erfExcess } from "./erf.js";
import { erfcxTail, expSquare, timesExp } from "./gaussian.js";
import { atMost, pick } from "./sums.js";

/** Below this, erfc comes from erf; from 1/2 on it may come from erfcx. */
const NEAR = 0.75;

/** 1 - erf(x) for |x| <= 1, arranged so that the small parts meet first. */
function erfcNear<V>(m: Machine<V>, x: V): V {
  const half = m.num(0.5);
  return m.sub(half, m.add(m.sub(x, half), erfExcess(m, x)));
}

/** The complementary error function 1 - erf(x), with its full relative accuracy down to the subnormal numbers. */
export function erfc<V>(m: Machine<V>, x: V): V {
  const size = m.abs(x);
  const bounded = atMost(m, size, pick(m, { float32: 10.5, float64: 28 })); // erfc is 0 there
  const tail = timesExp(m, erfcxTail(m, bounded), expSquare(m, bounded, -1));
  const far = m.select(m.lt(x, m.num(0)), m.sub(m.num(2), tail), tail);
  return m.select(m.lt(size, m.num(NEAR)), erfcNear(m, x), far);
}

/** The scaled complementary error function e^(x²) erfc(x): 1 / (√π x) for large x, infinite for large -x. */
export function erfcx<V>(m: Machine<V>, x: V): V {
  const size = m.abs(x);
  const near = m.lt(size, m.num(0.5));
  const zero = m.num(0);
  const parts = expSquare(m, atMost(m, size, pick(m, { float32: 10, float64: 27 })), 1); // infinite there
  const factor = m.select(near, erfcNear(m, x), m.num(2));
  const grown = timesExp(m, { head: factor, tail: zero }, parts);
  const { head, tail } = erfcxTail(m, size);
  const far = m.select(m.eq(size, m.num(Infinity)), zero, m.add(head, tail));
  // e^(x²) erfc(-x) = 2 e^(x²) - e^(x²) erfc(x)
  return m.select(near, grown, m.select(m.gt(x, zero), far, m.sub(grown, far)));
}
