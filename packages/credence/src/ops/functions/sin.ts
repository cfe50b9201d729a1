import { type Machine, polynomial } from "../machine.js";
import { pick } from "./sums.js";

/** (sin(r) / r - 1) / r² in r², |r| <= π/4: minimax.py, "sin". */
const SIN = {
  float32: [-0.16666649281978607, 0.00833182968199253, -0.00019471603445708752],
  float64: [
    -0.16666666666666632, 0.008333333333322458, -0.00019841269829816096, 2.755731368824101e-6, -2.5050756774076245e-8,
    1.5896682833761278e-10,
  ],
};

/** (cos(r) - 1 + r²/2) / r⁴ in r², |r| <= π/4: minimax.py, "cos". */
const COS = {
  float32: [0.04166663810610771, -0.001388693694025278, 2.438967931084335e-5],
  float64: [
    0.0416666666666666, -0.0013888888888874446, 2.480158728964006e-5, -2.755731438864528e-7, 2.087572721917446e-9,
    -1.1359810550205466e-11,
  ],
};

/** The largest |x| whose reduction is exact enough. */
const LIMIT = 2 ** 20;

/**
 * π/2 in pieces so short that a piece times (part of) a quotient below 2^20 is exact, and a last one for the rest.
 * While the first `plain` products are subtracted nothing is lost; after that the losses are collected.
 */
const HALF_PI = {
  float32: {
    pieces: [1.5703125, 0.0004837512969970703, 7.549533620476723e-8, 2.5632829192545614e-12],
    last: 6.123234262925839e-17,
    plain: 4,
  },
  float64: {
    pieces: [1.5707963267341256, 6.077100506303966e-11, 2.0222662487111665e-21],
    last: 8.4784276603689e-32,
    plain: 1,
  },
};

/** An angle of `quadrant` quarter turns and head + tail, |head| <= π/4. */
export interface ReducedAngle<V> {
  readonly head: V;
  readonly tail: V;
  readonly quadrant: V;
}

/** x - quadrant π/2 as head + tail, |head| <= π/4. */
function reduce<V>(m: Machine<V>, x: V): ReducedAngle<V> {
  const { pieces, last, plain } = pick(m, HALF_PI);
  const quadrant = m.nearest(m.mul(x, m.num(2 / Math.PI)));
  const high = m.high(quadrant);
  const factors = m.precision === "float32" ? [high, m.sub(quadrant, high)] : [quadrant];
  let rest = x;
  let lost = m.neg(m.mul(quadrant, m.num(last)));
  let step = 0;
  for (const piece of pieces) {
    for (const factor of factors) {
      const product = m.mul(factor, m.num(piece));
      const next = m.sub(rest, product);
      if (step++ >= plain) lost = m.add(lost, m.sub(m.sub(rest, next), product));
      rest = next;
    }
  }
  const head = m.add(rest, lost);
  return { head, tail: m.add(m.sub(rest, head), lost), quadrant };
}

/**
 * The sine of an angle and `shift` quarter turns.
 *
 * @source Cody and Waite (1980), chapter 8; the sums are arranged as in fdlibm's k_sin.c and k_cos.c
 */
export function sinReduced<V>(m: Machine<V>, { head, tail, quadrant }: ReducedAngle<V>, shift: number): V {
  const [half, one] = [m.num(0.5), m.num(1)];
  const z = m.mul(head, head);
  const halfSquare = m.mul(z, half);
  const start = m.sub(one, halfSquare);
  const cubic = m.mul(m.mul(head, z), polynomial(m, z, pick(m, SIN)));
  const sine = m.add(head, m.add(cubic, m.mul(tail, start)));
  const quartic = m.mul(m.mul(z, z), polynomial(m, z, pick(m, COS)));
  const lost = m.sub(m.sub(one, start), halfSquare);
  const cosine = m.add(start, m.add(lost, m.sub(quartic, m.mul(head, tail))));

  const turn = m.mul(m.add(quadrant, m.num(shift)), m.num(0.25));
  const place = m.sub(turn, m.floor(turn)); // 0, 1/4, 1/2 or 3/4 of a turn
  const odd = m.or(m.eq(place, m.num(0.25)), m.eq(place, m.num(0.75)));
  const value = m.select(odd, cosine, sine);
  return m.select(m.lt(place, half), value, m.neg(value));
}

function sinShifted<V>(m: Machine<V>, x: V, shift: number): V {
  const value = sinReduced(m, reduce(m, x), shift);
  return m.select(m.le(m.abs(x), m.num(LIMIT)), value, m.num(Number.NaN));
}

/** The sine of x, for |x| <= 2^20; NaN beyond, where the reduction by π/2 would be wrong. */
export function sin<V>(m: Machine<V>, x: V): V {
  return m.select(m.eq(x, m.num(0)), x, sinShifted(m, x, 0)); // keeps the sign of zero
}

/** The cosine of x, for |x| <= 2^20; NaN beyond, where the reduction by π/2 would be wrong. */
export function cos<V>(m: Machine<V>, x: V): V {
  return sinShifted(m, x, 1);
}
