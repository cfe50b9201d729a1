import type { Machine } from "../machine.js";

/** A number as the unevaluated sum of a rounded `head` and the small `tail` that rounding cut off. */
export interface Pair<V> {
  readonly head: V;
  readonly tail: V;
}

/**
 * a + b without loss, where |a| >= |b| or a = 0.
 *
 * @source Dekker, A floating-point technique for extending the available precision (1971)
 */
export function fastTwoSum<V>(m: Machine<V>, a: V, b: V): Pair<V> {
  const head = m.add(a, b);
  return { head, tail: m.sub(b, m.sub(head, a)) };
}

/**
 * a + b without loss.
 *
 * @source Knuth, The Art of Computer Programming, volume 2, section 4.2.2
 */
export function twoSum<V>(m: Machine<V>, a: V, b: V): Pair<V> {
  const head = m.add(a, b);
  const fromB = m.sub(head, a);
  return { head, tail: m.add(m.sub(a, m.sub(head, fromB)), m.sub(b, fromB)) };
}

/**
 * a · b without loss.
 *
 * @source Dekker (1971), as above: each factor in two halves
 */
export function twoProduct<V>(m: Machine<V>, a: V, b: V): Pair<V> {
  const head = m.mul(a, b);
  const [aHigh, bHigh] = [m.high(a), m.high(b)];
  const [aLow, bLow] = [m.sub(a, aHigh), m.sub(b, bHigh)];
  // in this order each difference is exact
  const rest = m.add(m.add(m.sub(m.mul(aHigh, bHigh), head), m.mul(aHigh, bLow)), m.mul(aLow, bHigh));
  return { head, tail: m.add(rest, m.mul(aLow, bLow)) };
}

/** The value for the precision at work: tables and thresholds are chosen while the kernel is built. */
export function pick<V, T>(m: Machine<V>, values: { readonly float32: T; readonly float64: T }): T {
  return m.precision === "float32" ? values.float32 : values.float64;
}

/** x, but at most `limit`; NaN stays NaN. One comparison and one selection, where a minimum costs more in SIMD. */
export function atMost<V>(m: Machine<V>, x: V, limit: number): V {
  return m.select(m.gt(x, m.num(limit)), m.num(limit), x);
}

/** x, but at least `limit`; NaN stays NaN. */
export function atLeast<V>(m: Machine<V>, x: V, limit: number): V {
  return m.select(m.lt(x, m.num(limit)), m.num(limit), x);
}
