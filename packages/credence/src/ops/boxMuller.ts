import { atMost, pick } from "./functions/sums.js";
import { type Machine, polynomial } from "./machine.js";

/** Whole numbers and floats over the same values, and the way from the one to the other. */
export interface Arithmetic<V> {
  readonly ints: Machine<V>;
  readonly floats: Machine<V>;
  readonly toFloat: (word: V) => V;
}

/** (2 log((1 + w) / (1 - w)) - 4w) / w³ in w², |w| <= 1/3: minimax.py, "radius". */
const CUBIC = {
  float32: [1.3334711790084839, 0.7926570773124695, 0.680140495300293],
  float64: [
    1.3333333333335569, 0.7999999999201334, 0.5714285812462208, 0.44444385389227, 0.3636563949498925,
    0.3072841198794096, 0.2717426882077324, 0.19797561333097147, 0.3549606555528932,
  ],
};

/** sin(πy/4) / y in y², |y| <= 1: minimax.py, "eighth turn". */
const SIN = {
  float32: [0.7853981852531433, -0.08074583858251572, 0.00249103968963027, -3.6625544453272596e-5],
  float64: [
    0.7853981633974483, -0.0807455121882785, 0.0024903945701648337, -3.65762040559071e-5, 3.133614229834743e-7,
    -1.7569720143121497e-9, 6.817817221978711e-12,
  ],
};

/** A whole number from -2^31 to 2^31 and a fraction, from two words: odd multiples of 2^-33, rounded once. */
function longNumber<V>({ floats: m, toFloat }: Arithmetic<V>, high: V, low: V): V {
  const fraction = m.mul(m.add(toFloat(low), m.num(2 ** 31 + 0.5)), m.num(2 ** -32));
  return m.add(toFloat(high), fraction);
}

/** -2 log(1 - t/2), for 0 <= t <= 1. */
function withinOctave<V>(m: Machine<V>, t: V): V {
  const w = m.div(t, m.sub(m.num(4), t)); // 1 - t/2 = (1 - w) / (1 + w)
  const z = m.mul(w, w);
  return m.mul(w, m.add(m.num(4), m.mul(z, polynomial(m, z, pick(m, CUBIC)))));
}

/** -2 log(x / 2^31), for 0 < x < 2^31. */
function squaredRadius<V>(m: Machine<V>, x: V): V {
  const octaves = m.sub(m.num(30), m.exponent(x));
  const t = m.sub(m.num(2), m.significand(x));
  // an octave is what the curve says it is: so one joins the next
  return m.add(m.mul(octaves, withinOctave(m, m.num(1))), withinOctave(m, t));
}

/**
 * Two independent standard normal numbers from two (float32) or four (float64) random words: the coordinates of a point at the
 * distance sqrt(-2 log u) from 0, in a random direction. A bit of its own decides each sign, so the law is symmetric to the bit.
 * The numbers reach 6.5 in float32 and 9.4 in float64.
 *
 * @source Box and Muller, A note on the generation of random normal deviates (1958)
 */
export function boxMuller<V>(arithmetic: Arithmetic<V>, words: readonly V[]): [V, V] {
  const { ints, floats: m, toFloat } = arithmetic;
  const [w0, w1, w2, w3] = words as [V, V, V, V];
  const [distance, direction, last] =
    m.precision === "float32"
      ? [toFloat(ints.bitOr(w0, ints.num(1))), toFloat(w1), w1]
      : [longNumber(arithmetic, w0, w1), longNumber(arithmetic, w2, w3), w3];
  // rounding may reach 2^31, where the radius would be 0
  const square = squaredRadius(
    m,
    atMost(m, m.abs(distance), pick(m, { float32: 2 ** 31 - 2 ** 7, float64: 2 ** 31 - 2 ** -22 })),
  );
  const y = m.mul(direction, m.num(2 ** -31));
  const across = m.mul(m.sqrt(square), m.mul(y, polynomial(m, m.mul(y, y), pick(m, SIN))));
  const along = m.copysign(m.sqrt(m.sub(square, m.mul(across, across))), distance);
  // by a bit that hardly touches the direction
  const swap = ints.lt(ints.shiftLeft(last, 31), ints.num(0));
  return [m.select(swap, across, along), m.select(swap, along, across)];
}
