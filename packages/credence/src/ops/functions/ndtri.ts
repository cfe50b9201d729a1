import { type Machine, polynomial } from "../machine.js";
import { log } from "./log.js";
import { pick } from "./sums.js";

interface Rational {
  readonly above: readonly number[];
  readonly below: readonly number[];
}

/** For |q| <= 0.425, (z / q - √(2π)) / q² in 0.180625 - q²: minimax.py, "quantile centre". */
const CENTRE = {
  float32: {
    above: [4.874765872955322, 87.54664611816406, 397.33935546875, 369.5343322753906],
    below: [1, 23.983463287353516, 174.49374389648438, 407.9417724609375, 207.16737365722656],
  },
  float64: {
    above: [
      4.874765941399952, 190.1629025072561, 2786.950191229127, 19109.246314299427, 62203.92233095142, 86187.30580017407,
      36691.18785134976, 571.9360344406931,
    ],
    below: [
      1, 45.033965628012545, 791.5082234994126, 6885.213004526448, 31074.18212528626, 69779.27237970637,
      67856.66608273512, 19930.186943644236,
    ],
  },
};

/** z - r + 3/4 in r - 2.25, up to r = 14.5 and 7: minimax.py, "quantile near tail". */
const NEAR_TAIL = {
  float32: {
    above: [-0.09195929765701294, 0.13466888666152954, 0.0881611555814743, 0.01103235688060522, 0.00026479701045900583],
    below: [1, 0.8098093271255493, 0.20560108125209808, 0.017465637996792793, 0.0003566314117051661],
  },
  float64: {
    above: [
      -0.09195929590092441, 0.0757318695455403, 0.16380170787789383, 0.0826335364289991, 0.018354762914623873,
      0.0019190794892682624, 8.291020875750307e-5, 9.883480948456297e-7,
    ],
    below: [
      1, 1.4507131167908405, 0.8406293226612628, 0.24891344682603112, 0.039812110044926095, 0.0033045867506349925,
      0.00012175660680911757, 1.3262395351265552e-6,
    ],
  },
};

/** z - r + 3/4 in r - 7, up to r = 38.7, which float32 never reaches: minimax.py, "quantile far tail". */
const FAR_TAIL = {
  above: [
    0.3340032943999707, 0.18559071405736471, 0.03734051587972223, 0.003469324565265311, 0.00015596556106145239,
    3.2382981393156186e-6, 2.6736529245900784e-8, 5.960784308094313e-11,
  ],
  below: [
    1, 0.435342807278935, 0.07275323345636461, 0.005878204015378675, 0.00023866878405073296, 4.619202217714718e-6,
    3.649538911141458e-8, 7.957354061127751e-11,
  ],
};

function rational<V>(m: Machine<V>, x: V, { above, below }: Rational): V {
  return m.div(polynomial(m, x, above), polynomial(m, x, below));
}

/** √(2π), the quantile's slope at 1/2, to twice the precision. */
const NORMAL_SLOPE = {
  float32: { head: 2.5066282749176025, tail: -2.866020366467347e-10 },
  float64: { head: 2.5066282746310007, tail: -1.8328579980459167e-16 },
};

/** √π / 2, the slope of erfinv at 0, to twice the precision. */
const ERF_SLOPE = {
  float32: { head: 0.8862269520759583, tail: -2.662320023830404e-8 },
  float64: { head: 0.886226925452758, tail: -3.8332932499128993e-17 },
};

/**
 * What quantiles are made of, for the tail p < 1/2 at the distance |q| = 1/2 - p from the middle, given -log(p).
 *
 * The quantile z has size |q| (√(2π) + bend) in the centre, and r - 3/4 + rise with r = sqrt(2 minusLog) in the
 * tail; both corrections are small, so their rounding hardly shows.
 *
 * @source the division of the range is that of Wichura, Algorithm AS 241 (1988)
 */
function quantileParts<V>(m: Machine<V>, q: V, minusLog: V): { central: V; bend: V; rise: V } {
  const square = m.mul(q, q);
  const bend = m.mul(square, rational(m, m.sub(m.num(0.180625), square), pick(m, CENTRE)));
  const r = m.sqrt(m.add(minusLog, minusLog));
  const near = rational(m, m.sub(r, m.num(2.25)), pick(m, NEAR_TAIL));
  const rise =
    m.precision === "float32" ? near : m.select(m.lt(r, m.num(7)), near, rational(m, m.sub(r, m.num(7)), FAR_TAIL));
  return { central: m.le(m.abs(q), m.num(0.425)), bend, rise };
}

/** The tail's quantile, infinite at p = 0, with the sign of q. */
function signedTail<V>(m: Machine<V>, p: V, q: V, z: V): V {
  return m.copysign(m.select(m.eq(p, m.num(0)), m.num(Infinity), z), q);
}

/** The standard normal quantile, the inverse of ndtr: ∓∞ at 0 and 1, NaN outside. */
export function ndtri<V>(m: Machine<V>, p: V): V {
  const slope = pick(m, NORMAL_SLOPE);
  const q = m.sub(p, m.num(0.5));
  const tail = m.min(p, m.sub(m.num(1), p));
  const minusLog = m.neg(log(m, tail));
  const { central, bend, rise } = quantileParts(m, q, minusLog);
  const near = m.mul(q, m.add(m.num(slope.head), m.add(bend, m.num(slope.tail))));
  const far = m.add(m.sub(m.sqrt(m.add(minusLog, minusLog)), m.num(0.75)), rise);
  return m.select(central, near, signedTail(m, tail, q, far));
}

/** erfinv(y), or erfcinv(1 - y), given what y leaves of 1 and the negative logarithm of half of that. */
function erfQuantile<V>(m: Machine<V>, y: V, left: V, minusLog: V): V {
  const slope = pick(m, ERF_SLOPE);
  const { central, bend, rise } = quantileParts(m, m.mul(y, m.num(0.5)), minusLog);
  // the normal quantile of (1 + y) / 2, over √2
  const extra = m.add(m.mul(bend, m.num(Math.SQRT1_2 / 2)), m.num(slope.tail));
  const near = m.mul(y, m.add(m.num(slope.head), extra));
  // 3/4 over √2 in two parts, the first so short that its difference from the root is exact
  const correction = m.add(m.mul(rise, m.num(Math.SQRT1_2)), m.num(0.53125 - 0.75 * Math.SQRT1_2));
  const far = m.add(m.sub(m.sqrt(minusLog), m.num(0.53125)), correction);
  return m.select(central, near, signedTail(m, left, y, far));
}

/** The inverse of the error function: ±∞ at ±1, NaN beyond. */
export function erfinv<V>(m: Machine<V>, y: V): V {
  const left = m.sub(m.num(1), m.abs(y));
  return erfQuantile(m, y, left, m.neg(log(m, m.mul(left, m.num(0.5)))));
}

/** The inverse of the complementary error function, as exact near 0 as elsewhere: ±∞ at 0 and 2, NaN outside. */
export function erfcinv<V>(m: Machine<V>, y: V): V {
  const left = m.min(y, m.sub(m.num(2), y));
  return erfQuantile(m, m.sub(m.num(1), y), left, m.sub(m.num(Math.LN2), log(m, left))); // half of it may be 0
}
