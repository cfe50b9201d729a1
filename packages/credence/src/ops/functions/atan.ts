import { type Machine, polynomial } from "../machine.js";
import { pick } from "./sums.js";

/** (atan(t) / t - 1) / t² in t², |t| <= 7/16: minimax.py, "atan". */
const CUBIC = {
  float32: [-0.3333330452442169, 0.19997787475585938, -0.14230316877365112, 0.10495250672101974, -0.058285221457481384],
  float64: [
    -0.3333333333333293, 0.19999999999876633, -0.1428571427252024, 0.11111110406295778, -0.09090887157361066,
    0.07691876632920777, -0.06661078003209428, 0.058336050962568005, -0.04977031122127805, 0.03653529637909834,
    -0.016289669662259695,
  ],
};

/** Up to `below`, atan x = atan c + atan((x - c) / (1 + c x)), where atan c = head + tail. */
const CENTRES = [
  { below: 7 / 16, centre: 0, head: 0, tail: { float32: 0, float64: 0 } },
  {
    below: 11 / 16,
    centre: 0.5,
    head: 0.4636476090008061,
    tail: { float32: 5.012158655276756e-9, float64: 2.2698777452961687e-17 },
  },
  {
    below: 19 / 16,
    centre: 1,
    head: 0.7853981633974483,
    tail: { float32: -2.1855695000931213e-8, float64: 3.061616997868383e-17 },
  },
  {
    below: 39 / 16,
    centre: 1.5,
    head: 0.982793723247329,
    tail: { float32: -2.5131424594123664e-8, float64: 1.3903311031230998e-17 },
  },
] as const;
const RIGHT_ANGLE = {
  head: Math.PI / 2,
  tail: { float32: -4.3711390001862426e-8, float64: 6.123233995736766e-17 },
};

/**
 * The arc tangent of x.
 *
 * @source the argument is reduced as in fdlibm's s_atan.c
 */
export function atan<V>(m: Machine<V>, x: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const size = m.abs(x);
  // beyond all centres atan x = π/2 - atan(1 / x)
  let [above, below] = [m.num(-1), size];
  let [head, tail] = [m.num(RIGHT_ANGLE.head), m.num(pick(m, RIGHT_ANGLE.tail))];
  for (const range of [...CENTRES].reverse()) {
    const isHere = m.lt(size, m.num(range.below));
    const centre = m.num(range.centre);
    above = m.select(isHere, range.centre === 0 ? size : m.sub(size, centre), above);
    below = m.select(isHere, range.centre === 0 ? one : m.add(one, m.mul(centre, size)), below);
    head = m.select(isHere, m.num(range.head), head);
    tail = m.select(isHere, m.num(pick(m, range.tail)), tail);
  }
  const t = m.div(above, below);
  const z = m.mul(t, t);
  const cubic = m.mul(m.mul(t, z), polynomial(m, z, pick(m, CUBIC)));
  const value = m.add(head, m.add(t, m.add(tail, cubic)));
  const exact = m.select(m.eq(head, zero), m.add(t, cubic), value);
  return m.copysign(exact, x);
}
