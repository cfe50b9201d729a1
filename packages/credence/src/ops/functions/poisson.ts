import { type Machine, polynomial } from "../machine.js";
import { exp, logRatio } from "./smooth.js";
import { STIRLING_START, stirlingRest } from "./stirling.js";
import { pick } from "./sums.js";

/** (atanh(s) / s - 1) / s² in s², |s| <= 1/2: minimax.py, "atanh". */
const ATANH = {
  float32: [
    0.33333319425582886, 0.20001479983329773, 0.14240965247154236, 0.11684049665927887, 0.05623055249452591,
    0.1703648716211319,
  ],
  float64: [
    0.3333333333333347, 0.19999999999934848, 0.1428571429490787, 0.11111110507800354, 0.09090931355362708,
    0.07691796658949625, 0.06674394897418272, 0.05802875001118062, 0.05825855941477381, 0.020365938298626176,
    0.13107465622614997, -0.1336436843123031, 0.21294806251530693,
  ],
};

/** lgamma(1 + p) / p, 0 <= p <= 2.5: minimax.py, "lgamma slope". */
const LGAMMA = {
  float32: {
    above: [-0.5772156715393066, 0.028165575116872787, 0.451763778924942, 0.09728632867336273],
    below: [1, 1.3760883808135986, 0.48398536443710327, 0.034338630735874176, -0.0003782235726248473],
  },
  float64: {
    above: [
      -0.5772156649015329, -1.107387719829718, -0.20561830794335986, 0.8631949882600798, 0.7470230635710433,
      0.24400537458303803, 0.03417662619393675, 0.0017990845159008106, 2.2555550611971256e-5,
    ],
    below: [
      1, 3.343385965769041, 4.426001520333943, 2.958997022584625, 1.0576458265970214, 0.1975416886559204,
      0.01752489545190158, 0.0005950400428172123, 4.397556640022372e-6,
    ],
  },
};

/** lgamma(1 + p) / p for 0 <= p <= 2.5. */
export function lgammaSlope<V>(m: Machine<V>, p: V): V {
  const { above, below } = pick(m, LGAMMA);
  return m.div(polynomial(m, p, above), polynomial(m, p, below));
}

/**
 * h with p (λ - 1 - log λ) = gap² h, for λ = x / p from 1/3 to 3 and gap = x - p: smooth, and not far from 1 / (2p).
 *
 * With s = gap / (x + p), log λ = 2 atanh(s) = 2s + 2s³ R(s²) makes it (1 - (1 - s) s R) / (x + p).
 *
 * @source Loader, Fast and accurate computation of binomial probabilities (2000), section 3
 */
export function curvature<V>(m: Machine<V>, p: V, x: V, gap: V): V {
  const [half, one] = [m.num(0.5), m.num(1)];
  const inverse = m.div(half, m.add(m.mul(x, half), m.mul(p, half))); // 1 / (x + p), whose sum might overflow
  const s = m.mul(gap, inverse);
  const rest = m.mul(s, polynomial(m, m.mul(s, s), pick(m, ATANH)));
  return m.mul(inverse, m.sub(one, m.mul(m.sub(one, s), rest)));
}

/** factor · exp(-exponent). */
export interface Scaled<V> {
  readonly exponent: V;
  readonly factor: V;
}

/**
 * x^p e^-x / Γ(p + 1): the Poisson distribution's mass at p where its mean is x, for any p >= 0.
 *
 * For larger p Stirling's formula takes out what is large in each of the factors and cancels in their product. Then all that is
 * lost to rounding is what rounding x and p loses.
 *
 * @param gap  x - p
 * @source Loader (2000), as above
 */
export function poissonMass<V>(m: Machine<V>, p: V, x: V, gap: V): Scaled<V> {
  const one = m.num(1);
  const large = m.ge(p, m.num(STIRLING_START));
  const { start, factor } = m.when(
    large,
    () => {
      const rest = stirlingRest(m, m.div(one, p));
      const root = m.mul(m.sqrt(p), m.num(Math.sqrt(2 * Math.PI)));
      return { start: gap, factor: m.div(exp(m, m.neg(rest)), root) };
    },
    { start: m.add(x, m.mul(p, lgammaSlope(m, p))), factor: one },
  );
  const far = m.sub(start, m.mul(p, logRatio(m, x, m.select(large, p, one))));
  const central = m.and(large, m.le(m.abs(gap), m.mul(m.num(0.5), m.add(x, p))));
  const near = m.mul(gap, m.mul(gap, curvature(m, p, x, gap)));
  return { exponent: m.select(central, near, far), factor };
}
