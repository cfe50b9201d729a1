import type { Machine } from "./machine.js";

const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;
const ROUNDS = 10;

type Words<V> = readonly [V, V, V, V];

/**
 * Philox4x32-10: ten rounds that turn a counter of four words into four random ones, under a key of two.
 *
 * @source Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (2011), section 3.3; constants of Random123
 */
export function philox<V>(m: Machine<V>, counter: Words<V>, key: readonly [V, V]): Words<V> {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  const [m0, m1] = [m.num(MULTIPLIERS[0] | 0), m.num(MULTIPLIERS[1] | 0)];
  const [w0, w1] = [m.num(WEYL[0] | 0), m.num(WEYL[1] | 0)];
  for (let round = 0; round < ROUNDS; round++) {
    const [p0, p1] = [m.wideMul(c0, m0), m.wideMul(c2, m1)];
    [c0, c1, c2, c3] = [m.bitXor(m.bitXor(p1.high, c1), k0), p1.low, m.bitXor(m.bitXor(p0.high, c3), k1), p0.low];
    if (round < ROUNDS - 1) [k0, k1] = [m.add(k0, w0), m.add(k1, w1)];
  }
  return [c0, c1, c2, c3];
}
