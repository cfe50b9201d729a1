import type { Machine } from "../machine.js";
import { type ReducedAngle, sinReduced } from "./sin.js";
import { pick } from "./sums.js";

/** What rounding cuts off π. */
const PI_REST = { float32: -8.742278000372485e-8, float64: 1.2246467991473532e-16 };

/** π x as quarter turns and a remainder. Whole turns and half-integers are taken off x without loss, so that no x is too large. */
function reducePi<V>(m: Machine<V>, x: V): ReducedAngle<V> {
  const half = m.num(0.5);
  const turned = m.sub(x, m.mul(m.nearest(m.mul(x, half)), m.num(2)));
  const quadrant = m.nearest(m.add(turned, turned));
  const r = m.sub(turned, m.mul(quadrant, half));
  const pi = m.num(Math.PI);
  const [rHigh, piHigh] = [m.high(r), m.high(pi)];
  const [rLow, piLow] = [m.sub(r, rHigh), m.sub(pi, piHigh)];
  const head = m.mul(r, pi);
  // what rounding cut off the product, by Dekker's splitting, and π's own rest
  const product = m.add(m.add(m.sub(m.mul(rHigh, piHigh), head), m.mul(rHigh, piLow)), m.mul(rLow, piHigh));
  const tail = m.add(m.add(product, m.mul(rLow, piLow)), m.mul(r, m.num(pick(m, PI_REST))));
  return { head, tail, quadrant };
}

/** sin(π x), exact at whole and half numbers; at whole numbers a zero of the sign of x. */
export function sinpi<V>(m: Machine<V>, x: V): V {
  const value = sinReduced(m, reducePi(m, x), 0);
  return m.select(m.eq(value, m.num(0)), m.copysign(m.num(0), x), value);
}

/** cos(π x), exact at whole and half numbers. */
export const cospi = <V>(m: Machine<V>, x: V): V => sinReduced(m, reducePi(m, x), 1);
