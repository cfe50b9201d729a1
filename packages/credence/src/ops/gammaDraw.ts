import type { Arithmetic } from "./boxMuller.js";
import { boxMuller } from "./boxMuller.js";
import { exp } from "./functions/exp.js";
import { log, logOfSum } from "./functions/log.js";
import { log1pmx } from "./functions/log1pmx.js";
import type { Machine } from "./machine.js";

type Words<V> = readonly [V, V, V, V];

/** Block number `part` of an attempt's random words: 0 and 1 for candidates, 2 for small concentrations. */
export type WordsOf<V> = (attempt: V, part: number) => Words<V>;

/** A candidate is refused with probability 0.05 at most: all of them, with 1e-39. */
const ATTEMPTS = 30;

/** Two values side by side, of two numbers that share their blocks. */
type Two<V> = readonly [V, V];

/** From (0, 1/2): the lower 31 bits of a word, or 63 of two. */
function halfFraction<V>({ ints, floats: m, toFloat }: Arithmetic<V>, high: V, low: V): V {
  const upper = toFloat(ints.bitAnd(high, ints.num(0x7fffffff)));
  if (m.precision === "float32") return m.mul(m.add(upper, m.num(0.5)), m.num(2 ** -32));
  const lower = m.mul(m.add(toFloat(low), m.num(2 ** 31 + 0.5)), m.num(2 ** -32));
  return m.mul(m.add(upper, lower), m.num(2 ** -32));
}

/** A level in (0, 1/2) and the side it lies on, as a sign, for each of two numbers: from two words, or four. */
function signedLevels<V>(arithmetic: Arithmetic<V>, [a, b, c, d]: readonly [V, V, V?, V?]): Two<V> {
  const { ints, floats: m } = arithmetic;
  const signed = (high: V, low: V): V => {
    const half = halfFraction(arithmetic, high, low);
    return m.select(ints.lt(high, ints.num(0)), m.neg(half), half);
  };
  return c === undefined || d === undefined ? [signed(a, a), signed(b, b)] : [signed(a, b), signed(c, d)];
}

/** Two normal numbers, and a level to accept each by. */
function candidates<V>(
  arithmetic: Arithmetic<V>,
  wordsOf: WordsOf<V>,
  attempt: V,
): { normals: Two<V>; levels: Two<V> } {
  const { floats: m } = arithmetic;
  const [a, b, c, d] = wordsOf(attempt, 0);
  const narrow = m.precision === "float32";
  const levels = signedLevels(arithmetic, narrow ? [c, d] : wordsOf(attempt, 1));
  const doubled = (level: V): V => m.mul(m.abs(level), m.num(2));
  return {
    normals: boxMuller(arithmetic, narrow ? [a, b] : [a, b, c, d]),
    levels: [doubled(levels[0]), doubled(levels[1])],
  };
}

/** z / sqrt(9d) if it is accepted, else -1; NaN where d is. */
function accepted<V>(m: Machine<V>, d: V, spread: V, z: V, level: V): V {
  const [zero, one, sixth] = [m.num(0), m.num(1), m.num(1 / 6)];
  const t = m.mul(spread, z);
  const square = m.mul(z, z);
  const bound = m.sub(one, m.mul(m.mul(t, t), m.mul(square, sixth)));
  const clear = m.and(m.gt(t, m.num(-0.5)), m.le(level, bound));
  const bend = m.mul(m.mul(m.num(3), d), log1pmx(m, t));
  const exponent = m.add(m.mul(square, m.sub(sixth, m.mul(t, m.num(1 / 9)))), bend);
  const short = m.rarely(m.not(clear), m.sub(log(m, level), exponent), zero);
  const rejected = m.num(-1);
  return m.select(m.or(m.gt(short, zero), m.le(t, rejected)), rejected, t);
}

/** A standard exponential number from a signed level, as fine where it is small as where it is large. */
function exponential<V>(m: Machine<V>, signed: V): V {
  const tail = m.abs(signed);
  const isUpper = m.lt(signed, m.num(0));
  const head = m.select(isUpper, m.sub(m.num(1), tail), tail);
  const rest = m.select(isUpper, m.sub(m.sub(m.num(1), head), tail), m.num(0));
  return m.neg(logOfSum(m, head, rest));
}

/**
 * Two numbers from gamma distributions with rate 1, or their logarithms, for concentrations a > 0; NaN elsewhere.
 *
 * For a >= 1 it is d (1 + t)³ with d = a - 1/3 and t = z / sqrt(9d), z a normal number that is accepted with probability
 * exp(z²/2 + d - d (1 + t)³ + d log (1 + t)³). That exponent is 3d (log(1 + t) - t + t²/2 - t³/3), hence at least -3d t⁴/2 for t > -1/2. For
 * a < 1 it is a number of concentration a + 1 times u^(1/a), u uniform. What becomes of a number does not depend on the other's concentration.
 *
 * @source Marsaglia and Tsang, A simple method for generating gamma variables (2000)
 */
export function gammaPair<V>(
  arithmetic: Arithmetic<V>,
  concentrations: Two<V>,
  wordsOf: WordsOf<V>,
  asLogarithm: boolean,
): Two<V> {
  const { ints, floats: m } = arithmetic;
  const [one, rejected] = [m.num(1), m.num(-1)];
  const shapes = concentrations.map((a) => {
    const isSmall = m.lt(a, one);
    const d = m.add(a, m.select(isSmall, m.num(2 / 3), m.num(-1 / 3)));
    return { a, isSmall, d, spread: m.div(m.num(1 / 3), m.sqrt(d)) };
  });
  const [first, second] = shapes as [(typeof shapes)[0], (typeof shapes)[0]];
  const found = m.iterate(
    { t: rejected, u: rejected, attempt: ints.num(0) },
    ({ t, u }) => m.or(m.eq(t, rejected), m.eq(u, rejected)),
    ({ t, u, attempt }) => {
      const { normals, levels } = candidates(arithmetic, wordsOf, attempt);
      const [next, other] = [
        accepted(m, first.d, first.spread, normals[0], levels[0]),
        accepted(m, second.d, second.spread, normals[1], levels[1]),
      ];
      return {
        t: m.select(m.eq(t, rejected), next, t),
        u: m.select(m.eq(u, rejected), other, u),
        attempt: ints.add(attempt, ints.num(1)),
      };
    },
    ATTEMPTS,
  );
  const cubes = [found.t, found.u].map((t, i) => {
    const { a, d } = shapes[i]!;
    const root = m.add(one, t);
    const cube = m.mul(d, m.mul(root, m.mul(root, root)));
    return m.select(m.gt(a, m.num(0)), cube, m.num(Number.NaN));
  });
  const [x, y] = cubes.map((cube) => (asLogarithm ? log(m, cube) : cube)) as [V, V];
  const lowered = (): { x: V; y: V } => {
    const words = wordsOf(ints.num(0), 2);
    const levels = signedLevels(arithmetic, m.precision === "float32" ? [words[0], words[1]] : words);
    const lower = (value: V, { a, isSmall }: (typeof shapes)[0], level: V): V => {
      const shift = m.div(exponential(m, level), a);
      const moved = asLogarithm ? m.sub(value, shift) : m.mul(value, exp(m, m.neg(shift)));
      return m.select(isSmall, moved, value);
    };
    return { x: lower(x, first, levels[0]), y: lower(y, second, levels[1]) };
  };
  const out = m.when(m.or(first.isSmall, second.isSmall), lowered, { x, y });
  return [out.x, out.y];
}
