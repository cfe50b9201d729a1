import { type Machine, polynomial } from "../machine.js";
import { LN2 } from "./exp.js";
import { log, logBend, splitPower } from "./log.js";
import { offWhole, sinOverPi } from "./reflection.js";
import { STIRLING_CONSTANT, STIRLING_START, stirlingRest } from "./stirling.js";
import { atMost, type Pair, pick, twoProduct } from "./sums.js";

/** lgamma(2 + y) / y, -0.6 <= y <= 0.5: minimax.py, "lgamma". */
const LINEAR = {
  float32: [
    0.42278432846069336, 0.32246702909469604, -0.06735147535800934, 0.020581478253006935, -0.007401721552014351,
    0.002875683596357703, -0.0010896635940298438, 0.0006110724643804133, -0.0004403955244924873,
    -0.00010844625649042428,
  ],
  float64: [
    0.42278433509846713, 0.32246703342411315, -0.06735230105319881, 0.02058080842780587, -0.007385551028517348,
    0.0028905103294009165, -0.0011927539194875965, 0.0005096695591137672, -0.00022315458269340927, 9.945707227705173e-5,
    -4.492839587754504e-5, 2.0510210464715095e-5, -9.424073599594626e-6, 4.364668784859949e-6, -2.103416113241769e-6,
    9.659131115167627e-7, -3.0271025048675706e-7, 2.3566279929750888e-7, -2.4980642185987293e-7,
  ],
};

/** lgamma(2 + y) for -0.6 <= y <= 0.5. */
export function aroundTwo<V>(m: Machine<V>, y: V): V {
  return m.mul(y, polynomial(m, y, pick(m, LINEAR)));
}

/** Powers of two that bring subnormal numbers among the normal ones. */
const SHIFT = { float32: 30, float64: 60 };

/** From here on lgamma is infinite, and numbers have room to grow. */
const INFINITE = { float32: 2 ** 125, float64: 2 ** 1020 };

/** log(x) in parts: whole + f - bend, the first two of them exact. */
interface LogParts<V> {
  readonly whole: V;
  readonly f: V;
  readonly bend: V;
}

/** The parts of log(x 2^-shift) + small, for a normal x. */
function logParts<V>(m: Machine<V>, x: V, shift: V, small: V): LogParts<V> {
  const { high, low } = pick(m, LN2);
  const split = splitPower(m, x);
  const power = m.sub(split.power, shift);
  const correction = m.add(m.mul(power, m.num(low)), small);
  return { whole: m.mul(power, m.num(high)), f: split.f, bend: logBend(m, split.f, correction) };
}

/** around - log, of a size with f: so their difference comes first, nearly without loss. */
function lessLog<V>(m: Machine<V>, around: V, { whole, f, bend }: LogParts<V>): V {
  return m.sub(m.add(m.sub(around, f), bend), whole);
}

/**
 * The logarithm of |Γ(x)|; infinite at the poles 0, -1, -2, ...
 *
 * Up to 2.5 the recurrence leads to the neighbourhood of 2: lgamma(x) = lgamma(2 + y) - log of the factors x, or x
 * (x + 1), that lie between. From there on it is Stirling's formula as (x - 1/2) (log(x) - 1) + (log(2π) - 1) / 2 +
 * rest, whose terms stay small where lgamma is small. Both need one logarithm, of different arguments.
 *
 * @source DLMF 5.5.1, 5.5.3 and 5.11.1
 */
export function lgamma<V>(m: Machine<V>, x: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const z = atMost(m, m.abs(x), pick(m, INFINITE));
  const [small, middle] = [m.lt(z, m.num(0.5)), m.lt(z, m.num(1.4))];
  const far = m.ge(z, m.num(STIRLING_START));
  const around = aroundTwo(m, m.sub(z, m.select(small, zero, m.select(middle, one, m.num(2)))));

  const shift = pick(m, SHIFT);
  const both = m.mul(m.add(z, m.mul(z, z)), m.num(2 ** shift));
  const factors = m.select(small, both, m.select(m.or(middle, far), z, one));
  const parts = logParts(m, factors, m.select(small, m.num(shift), zero), zero);

  const slope = m.add(m.sub(parts.whole, one), m.sub(parts.f, parts.bend)); // log(z) - 1
  const rest = m.add(m.num(STIRLING_CONSTANT), stirlingRest(m, m.div(one, z)));
  const distant = m.add(m.mul(m.sub(z, m.num(0.5)), slope), rest);

  const reflected = (): V => {
    // lgamma(-z) = -log(z |sin(πz)| / π) - lgamma(z), in which the factors of `around` cancel
    const factor = m.select(small, m.div(one, m.add(one, z)), m.select(middle, one, z));
    const sine = m.mul(m.abs(sinOverPi(m, offWhole(m, z))), factor);
    const sum = m.add(log(m, sine), m.select(far, distant, around));
    const between = m.and(m.gt(z, m.num(2)), m.lt(z, m.num(3)));
    const outside = m.select(m.eq(sine, zero), m.num(Infinity), m.neg(sum));
    return m.select(between, betweenMinusThreeAndTwo(m, z), outside);
  };
  return m.rarely(m.le(x, zero), reflected(), m.select(far, distant, lessLog(m, around, parts)));
}

/**
 * lgamma(-z) for 2 < z < 3, where it is small between two zeros: by the recurrence, whose product is exact enough. The
 * reflection's sine is not.
 */
function betweenMinusThreeAndTwo<V>(m: Machine<V>, z: V): V {
  const [one, two, three, four] = [m.num(1), m.num(2), m.num(3), m.num(4)];
  const upper = m.lt(z, m.num(2.5));
  // each factor is exact
  const others = [m.sub(z, one), m.sub(z, two), m.sub(three, z), m.select(upper, one, m.sub(four, z))];
  const { head, tail } = others.reduce<Pair<V>>(
    (product, factor) => {
      const next = twoProduct(m, product.head, factor);
      return { head: next.head, tail: m.add(next.tail, m.mul(product.tail, factor)) };
    },
    { head: z, tail: m.num(0) },
  );
  const around = aroundTwo(m, m.sub(m.select(upper, two, three), z));
  return lessLog(m, around, logParts(m, head, m.num(0), m.div(tail, head)));
}
