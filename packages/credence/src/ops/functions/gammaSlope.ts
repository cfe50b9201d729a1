import { dual } from "../dual.js";
import { type Machine, polynomial, type State } from "../machine.js";
import { upperFraction } from "./incompleteGamma.js";
import { exp, log, logRatio } from "./smooth.js";
import { pick } from "./sums.js";

/** Row k: d_k(w) for -3 <= w <= 1.1, by powers of w. scripts/gammaSlope.py. */
const ROWS = {
  float32: [
    [
      0.1666666627652848, -0.08333353393117969, 0.008333422412668002, 0.0027787921217061226, -0.0004960384766990368,
      -0.00010060568843374242, 2.272166753553946e-5, 3.91392651873619e-6, -5.928592102013079e-7, -1.1304694824942233e-7,
    ],
    [
      0.016666673945509292, -7.836073730916433e-8, -0.004762168955187124, 0.0011915155755850997, 0.0001995618312273419,
      -0.00010093277404413006, -6.062712625821736e-6, 6.16379581576853e-6, 8.667204715644575e-7,
    ],
    [
      -0.00952326739085049, 0.008331709601794163, -0.0017930195921647062, -0.0005945454074685539, 0.0003171637046820138,
      1.4132644384247275e-5, -3.0656786970958546e-5, -4.57956693545388e-6,
    ],
    [
      -0.003570296940425158, 1.9205380821709846e-5, 0.0018091608706937675, -0.0007744121160481053,
      -9.323418633107088e-5, 0.000116906074404146, 2.129057679770309e-5,
    ],
    [
      0.0035878065517033486, -0.003999696190815103, 0.0012599114233255823, 0.0005305023243045331,
      -0.0003544620937580743, -8.91233615508321e-5,
    ],
  ],
  float64: [
    [
      0.16666666666666669, -0.0833333333333339, 0.008333333333331774, 0.0027777777777909796, -0.0004960317460073827,
      -9.92063492911864e-5, 2.3148147992793343e-5, 3.306878516197292e-6, -9.394535806517354e-7, -1.0438393192024423e-7,
      3.487488474242393e-8, 3.1702859067456452e-9, -1.2172342089974592e-9, -9.321258323794091e-11,
      4.058295934505104e-11, 2.4439676834913406e-12, -1.4191175091080406e-12, -5.1945546191270594e-14,
      7.950516430972403e-14, 1.7417717032803194e-14, 1.5263706630356893e-15, 5.0440012063080597e-17,
    ],
    [
      0.016666666666667475, 1.115758317527145e-14, -0.004761904761958137, 0.0011904761902157745, 0.00019841269892014962,
      -9.920634731317609e-5, -4.208755633059258e-6, 5.711874413839495e-6, -8.011133852534575e-8, -2.732225855422568e-7,
      1.4035483869851402e-8, 1.1641288813306331e-8, -9.449239584369868e-10, -4.573424652122674e-10,
      5.2794750405615246e-11, 1.861379201910953e-11, -2.7894705166512355e-12, -1.2609583334555983e-12,
      -1.1319306862854559e-13, 3.260692269669942e-15, 7.177840074313276e-16,
    ],
    [
      -0.009523809523820507, 0.008333333333363715, -0.0017857142850548795, -0.0005952380958355618,
      0.0003021284204286389, 6.313133246590983e-6, -2.415406007721982e-5, 2.0003180096508065e-6, 1.385592029740464e-6,
      -2.2184557048327305e-7, -6.43813020494758e-8, 1.559977628236362e-8, 2.5318411229126244e-9, -9.124776760292755e-10,
      -9.128878091140248e-11, 5.1481754615328695e-11, 6.453375048129631e-12, -1.8439857866477157e-12,
      -4.68203824291726e-13, -3.055948390417464e-14,
    ],
    [
      -0.003571428571432009, 1.099683366799392e-13, 0.00180375180471975, -0.0007215007226409078, -5.5037571303653936e-5,
      9.157508777829649e-5, -9.789511914900708e-6, -6.474947276889059e-6, 1.5216994099165935e-6, 3.0981852358754625e-7,
      -1.2982869810993578e-7, -9.098916983593497e-9, 8.522156436183271e-9, -1.3626383304460606e-10,
      -5.513498977760794e-10, 3.2426465397393935e-11, 4.92030715243958e-11, 8.754179193549141e-12, 5.16287651406622e-13,
    ],
    [
      0.0036075036061010623, -0.003968253981897078, 0.0011627262237570613, 0.0003875756511478698,
      -0.0003110319165011877, 2.520475257507165e-5, 3.036799156341404e-5, -7.778296094047502e-6, -1.6070563058433721e-6,
      8.554583833735564e-7, 2.2770519519913735e-8, -6.441440824033287e-8, 6.814965604274954e-9, 4.915309377263352e-9,
      -9.731988167880252e-10, -6.700381130151326e-10, -1.108790866813099e-10, -6.391334961190397e-12,
    ],
    [
      0.002325452299464868, 1.5799493392096575e-9, -0.0016317007961732064, 0.0008449680695754348, 1.2273493551062945e-5,
      -0.00013661632172719842, 3.1405475653995536e-5, 9.388412530586435e-6, -5.068927772212351e-6,
      -7.648202985369036e-8, 5.392360831689753e-7, -3.678122033214885e-8, -5.4557274476722224e-8, -5.270843048441064e-9,
      9.758112361473806e-10, 1.4566260514912106e-10,
    ],
    [
      -0.003263404603926552, 0.004166659129928523, -0.001490251522772119, -0.0004966784026657303, 0.0005382417017779442,
      -8.845117544528167e-5, -5.707112949409934e-5, 2.5951276636202155e-5, 1.3661582872834546e-6,
      -3.5469510622111855e-6, 2.428197022294849e-7, 3.988542527013725e-7, 2.4530956243087414e-8, -1.3498944556077493e-8,
      -1.7664006858913697e-9,
    ],
    [
      -0.0029805842128616308, -5.813243511495714e-8, 0.0026503390979034872, -0.00164110343377668, 6.091735363033181e-5,
      0.00031381206932960397, -0.00011177956928863345, -1.7715849989916026e-5, 2.1894724360323165e-5,
      -7.244618911327221e-7, -2.8589945433135236e-6, -1.8254014993803198e-7, 1.2521180505384483e-7,
      1.7365894875270025e-8,
    ],
    [
      0.005301964078975866, -0.007573852328586683, 0.0031295076393356804, 0.001028562540835125, -0.0013913594575492262,
      0.0003887497462894882, 0.00013774848511188706, -0.0001600402149606116, -1.0898420439241552e-5,
      3.188285595502709e-5, 9.692302837306091e-6, 8.479009456803314e-7,
    ],
    [
      0.006276519945790097, 1.3952437749658538e-5, -0.006664665067119214, 0.004727260088835143, -0.0006332435038499661,
      -0.0010541724236802514, 0.0007631281195590928, 0.0001739770254575166, -0.00017859887290911373,
      -6.9892109911056e-5, -7.1051694625356456e-6,
    ],
  ],
};

/** From here on `ROWS` serve, for w from `lower` to log(`upper`). */
const SIZES = { float32: 6, float64: 16 } as const;
const RANGE = { lower: -3, upper: 3 } as const;

/** Beyond a by this much the continued fraction is good where a is small. */
const MARGIN = 2.5;

/** -B_2n / (2n): digamma(b) = log(b) - 1 / (2b) + Σ of these over b^2n. */
const DIGAMMA = [-1 / 12, 1 / 120, -1 / 252, 1 / 240, -1 / 132, 691 / 32760];

/** Numbers below have lost their digits, and their logarithm is taken as it was given. */
const LEAST = { float32: 2 ** -120, float64: 2 ** -1000 } as const;

/**
 * How the logarithm of a draw x from a gamma distribution of concentration a and rate 1 moves with a where its level P(a, x) is kept:
 *
 *     D(a, x) = -(dP/da) / (x dP/dx),   (a - x) D + x dD/dx = digamma(a) - log(x)
 *
 * For a from `SIZES` on it is an expansion in 1 / a whose coefficients depend on w = log(x / a). Below, D(a) = (x D(a + 1) + digamma(a + 1)
 * - log x) / a leads there, a sum of positive terms where x is below a. Far above a, D = f (log x - digamma(a)) + df/da with the continued
 * fraction f of the upper tail, positive again.
 *
 * @param logX  the logarithm of x, for one that underflows
 * @source the equation for D, which scripts/gammaSlope.py derives; Figurnov, Mohamed and Mnih, Implicit reparameterization gradients (2018),
 *   equation 5, for D itself; DLMF 8.9.2
 */
function logSlope<V>(m: Machine<V>, a: V, x: V, logX?: V): V {
  const [zero, one] = [m.num(0), m.num(1)];
  const steps = pick(m, SIZES);
  const isSmall = m.lt(a, m.num(steps));
  const isLow = m.or(isSmall, m.lt(x, m.mul(a, m.num(Math.exp(RANGE.lower)))));
  const b = m.select(isLow, m.add(a, m.num(steps)), a);
  const near = logRatio(m, x, b);
  const w =
    logX === undefined
      ? near
      : m.when(m.lt(x, m.num(pick(m, LEAST))), () => ({ w: m.sub(logX, log(m, b)) }), { w: near }).w;
  const inverse = m.div(one, b);
  const square = m.mul(inverse, inverse);
  const lag = m.add(m.mul(inverse, m.num(0.5)), m.mul(square, digammaRest(m, square))); // log b - digamma(b)
  const start = { slope: m.mul(inverse, expansion(m, inverse, w, m.mul(m.sub(x, b), inverse))), excess: m.add(w, lag) };
  const { slope, excess } = m.when(isLow, () => downward(m, a, x, steps, start), start);

  const beyond = m.gt(x, m.mul(a, m.num(RANGE.upper)));
  const isFar = m.select(isSmall, m.gt(x, m.add(a, m.num(MARGIN))), beyond);
  const far = (): { slope: V } => {
    const d = dual(m);
    const [by, gap] = [
      { value: a, slope: one },
      { value: m.sub(x, a), slope: m.num(-1) },
    ];
    const fraction = upperFraction(d, by, gap, { value: isFar, slope: undefined });
    return { slope: m.add(m.mul(fraction.value, excess), fraction.slope ?? zero) };
  };
  return m.when(isFar, far, { slope }).slope;
}

/** The same at a instead of a + steps, and log x - digamma(a). */
function downward<V>(m: Machine<V>, a: V, x: V, steps: number, start: SlopeAndExcess<V>): SlopeAndExcess<V> {
  let { slope, excess } = start;
  for (let n = steps - 1; n >= 0; n--) {
    const inverse = m.div(m.num(1), m.add(a, m.num(n)));
    slope = m.mul(inverse, m.sub(m.mul(x, slope), excess));
    excess = m.add(excess, inverse);
  }
  return { slope, excess };
}

interface SlopeAndExcess<V> extends State<V> {
  readonly slope: V;
  /** log x - digamma(a). */
  readonly excess: V;
}

/** (digamma(b) - log(b) + 1 / (2b)) b², negated, in 1 / b². */
const digammaRest = <V>(m: Machine<V>, square: V): V =>
  m.neg(polynomial(m, square, DIGAMMA.slice(0, m.precision === "float32" ? 3 : DIGAMMA.length)));

/** d_0 + d_1 / b + d_2 / b² + ..., given 1 / b, w, and u = e^w - 1. */
function expansion<V>(m: Machine<V>, inverse: V, w: V, u: V): V {
  const [one, lower] = [m.num(1), m.num(RANGE.lower)];
  const tiny = pick(m, { float32: 2 ** -9, float64: 2 ** -17 });
  const isTiny = m.lt(m.abs(u), m.num(tiny));
  const ratio = m.div(w, m.select(isTiny, one, u));
  const first = m.select(isTiny, polynomial(m, u, [1, -1 / 2, 1 / 3]), ratio);
  const within = m.select(m.lt(w, lower), lower, w); // what lies below hardly counts where a was raised
  let sum = m.num(0);
  for (const row of [...pick(m, ROWS)].reverse()) sum = m.mul(inverse, m.add(sum, polynomial(m, within, row)));
  return m.add(first, sum);
}

/** dx/da of a draw x. */
export function gammaDrawSlope<V>(m: Machine<V>, a: V, x: V): V {
  const isPositive = m.gt(x, m.num(0));
  const at = m.select(isPositive, x, m.num(1));
  return m.select(isPositive, m.mul(x, logSlope(m, a, at)), m.num(0));
}

/** dy/da of the logarithm y of a draw. */
export const logGammaDrawSlope = <V>(m: Machine<V>, a: V, y: V): V => logSlope(m, a, exp(m, y), y);
