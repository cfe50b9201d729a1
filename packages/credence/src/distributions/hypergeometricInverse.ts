import { whileLoop } from "../autodiff/whileLoop.js";
import type { Tensor } from "../graph/tensor.js";
import { ndtri, stopGradient, where } from "../ops/index.js";
import type { Hypergeometric } from "./hypergeometric.js";

/** More than any guess is off by. */
const MOST_STEPS = 2 ** 20;

/**
 * The least k with P(X <= k) >= level: from a guess by Cornish and Fisher's expansion number by number, so that for many levels of one
 * law few sums are made.
 *
 * @param level  above 0, at most 1/2
 * @param skew   third central moment over the variance
 * @shape  level
 */
export function hypergeometricInverse(law: Hypergeometric, level: Tensor, skew: Tensor): Tensor {
  const shape = level.shape;
  const fixed = (t: Tensor): Tensor => stopGradient(t).broadcastTo(shape);
  const [all, some, taken] = [law.population, law.successes, law.draws].map(fixed) as [Tensor, Tensor, Tensor];
  const rest = all.sub(some).sub(taken); // p(k) / p(k - 1) = (some - k + 1) (taken - k + 1) / (k (rest + k))
  const [lower, upper] = [rest.neg().maximum(0), some.minimum(taken)];
  const z = ndtri(level);
  const bend = where(law.stddev().gt(0), skew, 0)
    .mul(z.square().sub(1))
    .mul(1 / 6);
  // a little low, so that masses are added rather than taken off
  const guess = law.mean().add(law.stddev().mul(z)).add(bend).sub(1).floor();
  const start = fixed(guess).maximum(lower).minimum(upper);
  const low = whileLoop(
    ({ isOver }) => isOver.sum().gt(0),
    ({ k, mass, below, isOver }) => {
      const ratio = k.mul(rest.add(k)).div(some.sub(k).add(1).mul(taken.sub(k).add(1)));
      const next = {
        k: where(isOver, k.sub(1), k),
        mass: where(isOver, mass.mul(ratio), mass),
        below: where(isOver, below.sub(mass), below),
      };
      return { ...next, isOver: over(next, lower, level) };
    },
    started({ k: start, mass: law.prob(start), below: law.cdf(start) }, (at) => ({ isOver: over(at, lower, level) })),
    { limit: MOST_STEPS },
  );
  const found = whileLoop(
    ({ isShort }) => isShort.sum().gt(0),
    ({ k, mass, below, isShort }) => {
      const ratio = some
        .sub(k)
        .mul(taken.sub(k))
        .div(k.add(1).mul(rest.add(k).add(1)));
      const next = where(isShort, mass.mul(ratio), mass);
      const at = { k: where(isShort, k.add(1), k), mass: next, below: where(isShort, below.add(next), below) };
      return { ...at, isShort: at.below.lt(level).and(at.k.lt(upper)) };
    },
    started({ k: low.k, mass: low.mass, below: low.below }, ({ k, below }) => ({
      isShort: below.lt(level).and(k.lt(upper)),
    })),
    { limit: MOST_STEPS },
  );
  return where(all.eq(all), found.k, Number.NaN);
}

interface Walk {
  readonly k: Tensor;
  readonly mass: Tensor;
  readonly below: Tensor;
}

const started = <M>(walk: Walk, mask: (walk: Walk) => M): Walk & M => ({ ...walk, ...mask(walk) });

/** Does a lesser number reach the level too? */
const over = ({ k, mass, below }: Walk, lower: Tensor, level: Tensor): Tensor =>
  below.sub(mass).ge(level).and(k.gt(lower));
