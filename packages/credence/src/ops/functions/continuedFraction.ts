import { unsettled } from "../dual.js";
import type { Machine, State } from "../machine.js";

/** Names that the loop itself uses for its state. */
interface Convergents<V> extends State<V> {
  /** 2 / denominator of the last level. */
  readonly inverse: V;
  readonly above: V;
  readonly aboveBefore: V;
  readonly below: V;
  readonly belowBefore: V;
  readonly product: V;
}

interface Level<V, S> {
  readonly numerator: V;
  readonly denominator: V;
  readonly state: S;
}

/**
 * 1 / (d1 + n2 / (d2 + n3 / (d3 + ...))), from the front.
 *
 * Each level is scaled so that its denominator is 2. For the fractions here the numerators then tend to -1, so that the parts of
 * the convergents neither over- nor underflow, and no step has to wait for a division. The product of the numerators tells how far a
 * convergent is from the one before.
 *
 * @param active       where the fraction is wanted
 * @param denominator  d1
 * @param start        what `level` needs to know for the second level
 * @source DLMF 1.12.3 to 1.12.7
 */
export function continuedFraction<V, S extends State<V>>(
  m: Machine<V>,
  { active, denominator, start }: { readonly active: V; readonly denominator: V; readonly start: S },
  level: (state: S) => Level<V, S>,
): V {
  const [zero, one, two] = [m.num(0), m.num(1), m.num(2)];
  const first = m.div(two, denominator);
  const product = m.select(active, first, zero);
  const { above, below } = m.iterate<Convergents<V>>(
    { ...start, inverse: first, above: first, aboveBefore: zero, below: two, belowBefore: one, product },
    (s) => unsettled(m, s.product, m.mul(s.above, s.belowBefore)),
    (s) => {
      const next = level(s as unknown as S);
      const inverse = m.div(two, next.denominator);
      const numerator = m.mul(m.mul(next.numerator, s.inverse), inverse);
      return {
        ...next.state,
        inverse,
        above: m.add(m.add(s.above, s.above), m.mul(numerator, s.aboveBefore)),
        aboveBefore: s.above,
        below: m.add(m.add(s.below, s.below), m.mul(numerator, s.belowBefore)),
        belowBefore: s.below,
        product: m.neg(m.mul(s.product, numerator)),
      };
    },
    MOST_LEVELS,
  );
  return m.div(above, below);
}

/** Far more than are ever needed: 100 or so where convergence is slowest. */
const MOST_LEVELS = 500;
