import type { Machine } from "../machine.js";
import { decay, exp, FAINT, LN2 } from "./exp.js";
import { logBend } from "./log.js";
import { fastTwoSum, pick } from "./sums.js";

/** As log's table, for |s| <= 0.2: minimax.py, "log wide". */
export const WIDE_CUBIC = {
  float32: [0.666669487953186, 0.3995761573314667, 0.3036571443080902],
  float64: [
    0.666666666666666, 0.4000000000005675, 0.28571428555791306, 0.22222224302316576, 0.18181665450035062,
    0.1539112774149729, 0.1317330882356969, 0.13845140749320717,
  ],
};

/**
 * log(1 + e^-|x|) as whole + f - bend, where `whole` is 0 or the high part of log 2.
 *
 * For |x| up to FAINT; beyond, what it is there. With e = e^-|x|: from 1/2 on, (1 + e) / 2 = 1 + f without loss; below, f is e itself.
 */
export function log1pDecay<V>(m: Machine<V>, x: V): { readonly whole: V; readonly f: V; readonly bend: V } {
  const [zero, half] = [m.num(0), m.num(0.5)];
  const { high, low } = pick(m, LN2);
  const { head: e, tail } = decay(m, x);
  const large = m.ge(e, half);
  const f = m.select(large, m.mul(m.sub(e, m.num(1)), half), e);
  const slope = m.sub(m.num(1), m.mul(half, e)); // near enough to 1 / (1 + e) for the tail
  const correction = m.add(m.mul(tail, slope), m.select(large, m.num(low), zero));
  return { whole: m.select(large, m.num(high), zero), f, bend: logBend(m, f, correction, pick(m, WIDE_CUBIC)) };
}

/** log(1 + e^x) = max(x, 0) + log(1 + e^-|x|). */
export function softplus<V>(m: Machine<V>, x: V): V {
  const zero = m.num(0);
  const positive = m.select(m.lt(x, zero), zero, x);
  const { whole, f, bend } = log1pDecay(m, x);
  const { head, tail } = fastTwoSum(m, whole, positive); // x < log 2 wherever `whole` is not 0
  const sum = m.add(head, m.sub(f, m.sub(bend, tail)));
  // e^x far below 0; above, an infinite x has no tail
  const far = m.select(m.lt(x, zero), exp(m, x), x);
  return m.rarely(m.gt(m.abs(x), m.num(pick(m, FAINT))), far, sum);
}

/** log(sigmoid(x)) = -softplus(-x). */
export function logSigmoid<V>(m: Machine<V>, x: V): V {
  return m.neg(softplus(m, m.neg(x)));
}
