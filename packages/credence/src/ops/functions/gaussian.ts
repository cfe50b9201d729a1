import { type Machine, polynomial } from "../machine.js";
import { type ExpParts, expParts, scale } from "./exp.js";
import { fastTwoSum, type Pair, pick } from "./sums.js";

/** (x + 1/2) erfcx(x) in t = (x - pole) / (x + pole), x >= 1/2: minimax.py, "erfcx". */
const ERFCX = {
  pole: { float32: 3.2265625, float64: 3.31640625 },
  table: {
    float32: [
      0.6240081787109375, -0.06920313835144043, -0.014599171467125416, 0.05751236528158188, -0.05959189310669899,
      0.0396149568259716, -0.017875058576464653, 0.0046484461054205894, 3.9275579183595255e-5, -0.0004833470447920263,
      0.00011896391515620053,
    ],
    float64: [
      0.6230553204881304, -0.0695590540851098, -0.011336711602392626, 0.05460760363131223, -0.05912091881469197,
      0.04130221852392278, -0.020138823660585548, 0.006220991502345962, -0.0005404879385409036, -0.0004944027103880853,
      0.00020282919193310482, 1.5996791321418867e-5, -3.0132795889279048e-5, 1.9263807045510443e-6,
      4.295153970809633e-6, -5.747410248432226e-7, -6.810883164970584e-7, 9.878673267577225e-8, 1.2293553479541567e-7,
      -1.4795193595221515e-8, -2.345089970432198e-8, 3.403237354959961e-9, 3.3780289588387154e-9,
      -9.363858908066301e-10,
    ],
  },
};

/** (x + 3/4) erfcx(x / √2) / 2 in t as above, x >= 0.7: minimax.py, "mills". */
const MILLS = {
  pole: { float32: 3.947265625, float64: 4.98046875 },
  table: {
    float32: [
      0.44880878925323486, -0.053868617862463, -0.018387842923402786, 0.0473477803170681, -0.03963089734315872,
      0.019191687926650047, -0.004450678825378418, -0.0006653911550529301, 0.0007116644992493093, -5.425422568805516e-5,
      -8.19285269244574e-5, 2.1971369278617203e-5,
    ],
    float64: [
      0.44239498935314325, -0.05569521065546331, 0.0017258386614834222, 0.030531417688096606, -0.03848342877148898,
      0.030293003614128004, -0.017217645260041242, 0.006939705611728422, -0.0016339617829990787, -5.5983672143013775e-5,
      0.0001978331550838632, -4.969217478689724e-5, -1.2906024368767905e-5, 9.084594490375967e-6, 3.716447130420682e-7,
      -1.366700561237888e-6, 6.531472421095983e-8, 2.1183997197905796e-7, -2.0320006226780136e-8, -3.42159278897252e-8,
      5.449717720670568e-9, 4.291046263640854e-9, -1.2391078415441042e-9,
    ],
  },
};

/**
 * A tail that falls like 1 / x, as a polynomial in t over x + shift. All x from the start to infinity become t in
 * one short interval, and the shift makes the polynomial nearly flat.
 *
 * @source Shepherd and Laframboise, Chebyshev approximation of (1 + 2x) exp(x²) erfc x (1981)
 */
function slowTail<V>(m: Machine<V>, x: V, shift: number, { pole, table }: typeof ERFCX): Pair<V> {
  const k = pick(m, pole);
  const [middle, ...slopes] = pick(m, table) as [number, ...number[]];
  const t = m.sub(m.num(1), m.div(m.num(2 * k), m.add(x, m.num(k))));
  const above = fastTwoSum(m, m.num(middle), m.mul(t, polynomial(m, t, slopes)));
  const below = fastTwoSum(m, x, m.num(shift));
  const head = m.div(above.head, below.head);
  // what rounding took from both, over `below`: that is nearly middle / head
  const lost = m.sub(above.tail, m.mul(head, below.tail));
  return { head, tail: m.mul(lost, m.mul(head, m.num(1 / middle))) };
}

/** e^(x²) erfc(x) for finite x >= 1/2. */
export function erfcxTail<V>(m: Machine<V>, x: V): Pair<V> {
  return slowTail(m, x, 0.5, ERFCX);
}

/** e^(x²/2) times the upper tail of the normal distribution at x, for finite x >= 0.7. */
export function millsTail<V>(m: Machine<V>, x: V): Pair<V> {
  return slowTail(m, x, 0.75, MILLS);
}

/**
 * factor x² as a sum whose head is exact, for a factor that is a power of two (or its negative): e^(x²) would magnify
 * what rounding loses.
 */
export function exactSquare<V>(m: Machine<V>, x: V, factor: number): Pair<V> {
  const head = m.high(x);
  const scaled = m.num(factor);
  return { head: m.mul(m.mul(head, scaled), head), tail: m.mul(m.mul(m.sub(x, head), scaled), m.add(x, head)) };
}

/** The parts of e^(factor x²). */
export function expSquare<V>(m: Machine<V>, x: V, factor: number): ExpParts<V> {
  const { head, tail } = exactSquare(m, x, factor);
  return expParts(m, head, { tail });
}

/** (y.head + y.tail) e^..., from the parts of the power. As y + y (e^... - 1) it is rounded less than as a product. */
export function timesExp<V>(m: Machine<V>, y: Pair<V>, { power, head, rest }: ExpParts<V>): V {
  return scale(m, m.add(y.head, m.add(m.mul(y.head, m.add(head, rest)), y.tail)), power);
}
