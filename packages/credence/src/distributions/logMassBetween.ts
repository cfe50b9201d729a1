import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { log1mexp, where } from "../ops/index.js";
import type { Distribution } from "./distribution.js";
import { panels } from "./quadrature.js";

const RULE = panels([0, 1]);
/** Below this ratio of the two tails' logarithms their difference has too few digits; the density then is smooth over the interval. */
const NARROW = 1e-2;

/**
 * log P(a < X <= b) of a continuous law: by the smaller tail, and of a narrow interval by its density, at 20 points.
 *
 * @shape  broadcast(a, b, batch)
 */
export function logMassBetween(law: Distribution, a: Tensor, b: Tensor): Tensor {
  const isUpper = law.survival(a).lt(0.5);
  const whole = where(isUpper, law.logSurvival(a), law.logCdf(b));
  const less = where(isUpper, law.logSurvival(b), law.logCdf(a));
  const difference = less.sub(whole);
  const isNarrow = difference.gt(-NARROW).and(whole.gt(Number.NEGATIVE_INFINITY));
  const byTails = where(
    isNarrow,
    0,
    whole.add(log1mexp(where(isNarrow.or(difference.eq(difference).not()), -1, difference))),
  );
  const nowhere = where(whole.eq(Number.NEGATIVE_INFINITY), Number.NEGATIVE_INFINITY, byTails);
  return where(isNarrow, byDensity(law, a, b, isNarrow), nowhere);
}

function byDensity(law: Distribution, a: Tensor, b: Tensor, isNarrow: Tensor): Tensor {
  const width = where(isNarrow, b.sub(a), 1).expandDims(0);
  const shape = [RULE.points.length, ...new Array<number>(isNarrow.rank).fill(1)];
  const like = (numbers: readonly number[]): Tensor => tensor(Float64Array.from(numbers), { shape }).cast(a.dtype);
  const start = where(isNarrow, a, 0).expandDims(0);
  const logs = law.logProb(start.add(width.mul(like(RULE.points)))).add(like(RULE.weights.map((w) => Math.log(w))));
  return logs.logSumExp(0).add(width.squeeze(0).log());
}
