import { type Machine, polynomial } from "../machine.js";
import { LN2 } from "./exp.js";
import { logBend, splitPower } from "./log.js";
import { cotPi, offWhole } from "./reflection.js";
import { pick } from "./sums.js";

/** digamma(x) over the distance from its root, in x - 3/2 for 1 <= x <= 2: minimax.py, "digamma". */
const SLOPE = {
  float32: [
    0.9510558843612671, -0.42362743616104126, 0.24054117500782013, -0.14840282499790192, 0.09502112865447998,
    -0.06199422851204872, 0.040496811270713806, -0.02612995356321335, 0.018547507002949715, -0.015748649835586548,
    0.008830370381474495,
  ],
  float64: [
    0.951055876031833, -0.4236274212814605, 0.2405424842407293, -0.14840492305389127, 0.09498872446104664,
    -0.06192213327549968, 0.04076083348969365, -0.026975796620897982, 0.01790726108445384, -0.011908221764385524,
    0.007926812067666987, -0.005279905544905506, 0.0035202401520170404, -0.002345831685802085, 0.0015495467220871643,
    -0.0010343405130070994, 0.0007478520414125423, -0.0004937880351105736, 0.0001803320615760182,
    -0.00012901480508294648, 0.00029773403911243076, -0.00019158752988046278,
  ],
};

/** 3/2 less the root, 1.4616..., to twice the precision. */
const ROOT = {
  float32: { high: 0.0383678562939167, low: -1.2622790590555155e-9 },
  float64: { high: 0.03836785503163766, low: 1.6445603550442201e-18 },
};

/** (log(x) - 1 / (2x) - digamma(x)) x² in 1 / x², x >= 2: minimax.py, "digamma tail". */
const TAIL = {
  float32: [
    0.08333325386047363, -0.008328414522111416, 0.0038662247825413942, -0.0031637190841138363, 0.002054949989542365,
  ],
  float64: [
    0.08333333333332624, -0.008333333329691507, 0.003968253307423269, -0.004166605076502817, 0.0075722690184120076,
    -0.020960165272088622, 0.0797054756230567, -0.36766005286000353, 1.7832469774952089, -8.027583716571888,
    30.64039715235027, -92.82226226124659, 210.33345201765428, -331.5850108095153, 322.48942864457626,
    -145.18513170039677,
  ],
};

/** log(x) - 1 / (2x) - 1 / (12x²) + ..., x >= 2; DLMF 5.11.2. The logarithm's largest term comes last. */
function tail<V>(m: Machine<V>, x: V, inverse: V): V {
  const square = m.mul(inverse, inverse);
  const less = m.add(m.mul(inverse, m.num(0.5)), m.mul(square, polynomial(m, square, pick(m, TAIL))));
  const { high, low } = pick(m, LN2);
  const quarter = splitPower(m, m.mul(x, m.num(0.25))); // the largest numbers are beyond splitPower
  const power = m.add(quarter.power, m.num(2));
  const bend = logBend(m, quarter.f, m.mul(power, m.num(low)));
  return m.add(m.mul(power, m.num(high)), m.sub(quarter.f, m.add(bend, less)));
}

/**
 * The derivative of lgamma: ∓∞ at ±0, NaN at the other poles -1, -2, ...
 *
 * Between 1 and 2 the distance from the root times a polynomial, below 1 by the recurrence, and beyond 2 asymptotic.
 *
 * @source DLMF 5.5.2, 5.5.4 and 5.11.2
 */
export function digamma<V>(m: Machine<V>, x: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const z = m.abs(x);
  const [below, far] = [m.lt(z, one), m.ge(z, m.num(2))];
  const inverse = m.div(one, x);
  const { high, low } = pick(m, ROOT);
  const v = m.sub(z, m.select(below, m.num(0.5), m.num(1.5)));
  const distance = m.add(m.add(v, m.num(high)), m.num(low));
  const near = m.mul(distance, polynomial(m, v, pick(m, SLOPE))); // at z, or where that is below 1 at z + 1
  const distant = tail(m, z, m.abs(inverse));

  const reflected = (): V => {
    const r = offWhole(m, z);
    const next = m.select(below, near, m.sub(m.select(far, distant, near), inverse)); // digamma(z + 1)
    return m.select(m.eq(r, zero), m.num(Number.NaN), m.add(next, cotPi(m, r)));
  };
  const finite = m.select(far, distant, m.sub(near, m.select(below, inverse, zero)));
  const positive = m.select(m.eq(x, m.num(Infinity)), x, finite);
  return m.rarely(m.lt(x, zero), reflected(), positive);
}
