import { type Machine, polynomial } from "../machine.js";
import { pick } from "./sums.js";

/** What the asymptotic formulas of lgamma and digamma leave over from 1 on, and differences of it. */

interface Table {
  readonly float32: readonly number[];
  readonly float64: readonly number[];
}

/** x times the rest of Stirling's formula in v: minimax.py, "stirling from 1". */
const STIRLING: Table = {
  float32: [
    0.08301377296447754, 0.001813827664591372, -0.0035086828283965588, 0.0029740240424871445, -0.0016714581288397312,
    0.0007057446055114269, -0.0002681270125322044, 0.0002272153360536322, -0.00025384570471942425,
  ],
  float64: [
    0.08301377581551603, 0.0018138286257380377, -0.003509034973758588, 0.002973641938755304, -0.0016631306325935432,
    0.000712259209119163, -0.000331996384185152, 0.0001942454145016176, -9.511792589364006e-5, 4.441904241077253e-5,
    -3.020460161871099e-5, 1.430515626032383e-5, -6.2596657100931904e-6, 6.409456241940762e-6, -1.7106912115560314e-6,
    7.261825282435111e-7, -1.887125269970863e-6, 9.416754382659274e-8, -3.8909049832521285e-7,
  ],
};

/** x² (log(x) - 1 / (2x) - digamma(x)) in v: minimax.py, "digamma from 1". */
const DIGAMMA: Table = {
  float32: [
    0.0823938176035881, 0.005232862662523985, -0.009599262848496437, 0.006756145507097244, -0.002154534449800849,
    7.447974348906428e-5, -0.00018856755923479795, 0.0002057446981780231, 0.00012280575174372643,
  ],
  float64: [
    0.08239381485945321, 0.005232861604307151, -0.009598929572465482, 0.006756439148716501, -0.0021619515084058526,
    7.007890584528877e-5, -0.00013658342309658616, 0.0002231864644348475, 2.0068186952062692e-5, -7.958294165950116e-6,
    -5.398329272972191e-5, -2.2350763200530674e-5, 1.5327998438186922e-6, 2.26040221249602e-5, 2.3399202505440362e-5,
    1.0963659383596118e-5, -1.5307647448949862e-5, -2.595721465786626e-5, -2.7732770920830945e-6, 1.1561610787536728e-5,
    9.077994209924682e-7,
  ],
};

/** All x from 1 to infinity become v = SHIFT - SLOPE / (x + POLE) in [-0.46, 0.44]. */
const [SHIFT, SLOPE, POLE] = [7 / 16, 13 / 8, 13 / 16];

/** A number x >= 1 with what its rests are made of. */
export interface Point<V> {
  /** 1 / x. */
  readonly inverse: V;
  /** 1 / (x + POLE). */
  readonly share: V;
  readonly v: V;
}

export function pointOf<V>(m: Machine<V>, x: V): Point<V> {
  const one = m.num(1);
  const share = m.div(one, m.add(x, m.num(POLE)));
  return { inverse: m.div(one, x), share, v: m.sub(m.num(SHIFT), m.mul(m.num(SLOPE), share)) };
}

/** lgamma(x) - (x - 1/2) log(x) + x - log(2π) / 2. */
export function stirlingRestOf<V>(m: Machine<V>, { inverse, v }: Point<V>): V {
  return m.mul(inverse, polynomial(m, v, pick(m, STIRLING)));
}

/** log(x) - 1 / (2x) - digamma(x). */
export function digammaRestOf<V>(m: Machine<V>, { inverse, v }: Point<V>): V {
  return m.mul(m.mul(inverse, inverse), polynomial(m, v, pick(m, DIGAMMA)));
}

/** p(a.v), and (p(a.v) - p(b.v)) / (b.x - a.x), by Horner's rule for both at once. */
function valueAndSlope<V>(m: Machine<V>, a: Point<V>, b: Point<V>, table: Table): { value: V; slope: V } {
  const coefficients = pick(m, table);
  let value = m.num(coefficients[coefficients.length - 1] as number);
  let slope = m.num(0);
  for (let i = coefficients.length - 2; i >= 0; i--) {
    slope = m.add(m.mul(slope, b.v), value);
    value = m.add(m.mul(value, a.v), m.num(coefficients[i] as number));
  }
  // a.v - b.v = -SLOPE (b.x - a.x) a.share b.share
  return { value, slope: m.mul(m.mul(m.mul(slope, m.num(-SLOPE)), a.share), b.share) };
}

/** The rest of Stirling's formula at a less that at b, over b.x - a.x; exact where they are near each other. */
export function stirlingRestDrop<V>(m: Machine<V>, a: Point<V>, b: Point<V>): V {
  const { value, slope } = valueAndSlope(m, a, b, STIRLING);
  return m.mul(b.inverse, m.add(m.mul(a.inverse, value), slope));
}

/** The rest of digamma at a less that at b, over b.x - a.x; exact where they are near each other. */
export function digammaRestDrop<V>(m: Machine<V>, a: Point<V>, b: Point<V>): V {
  const { value, slope } = valueAndSlope(m, a, b, DIGAMMA);
  const both = m.mul(m.mul(a.inverse, m.add(a.inverse, b.inverse)), value);
  return m.mul(b.inverse, m.add(both, m.mul(b.inverse, slope)));
}

/**
 * What the rest r of Stirling's formula gains beyond its tangent: r(x) - r(y) - r'(y) (x - y), for x and y from 1 on, given u = (x - y) / y.
 * It is (x - y)² times the second divided difference, of which Horner's rule keeps the one of the polynomial beside its values.
 */
export function stirlingRestRise<V>(m: Machine<V>, a: Point<V>, b: Point<V>, y: V, u: V): V {
  const coefficients = pick(m, STIRLING);
  let value = m.num(coefficients[coefficients.length - 1] as number);
  let [slope, bend] = [m.num(0), m.num(0)];
  for (let i = coefficients.length - 2; i >= 0; i--) {
    bend = m.add(m.mul(bend, a.v), slope);
    slope = m.add(m.mul(slope, b.v), value);
    value = m.add(m.mul(value, b.v), m.num(coefficients[i] as number));
  }
  const [part, rate] = [m.mul(y, b.share), m.num(SLOPE)];
  const [own, other] = [m.mul(m.mul(rate, b.share), part), m.mul(m.mul(rate, a.share), part)];
  // slope and bend as of a function of x, times y and y²
  const curved = m.sub(m.mul(m.mul(other, other), bend), m.mul(m.mul(other, part), slope));
  const sum = m.add(m.sub(value, m.mul(own, slope)), curved);
  return m.mul(m.mul(m.mul(u, u), a.inverse), sum);
}
