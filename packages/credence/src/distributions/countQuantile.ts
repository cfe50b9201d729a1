import { whileLoop } from "../autodiff/whileLoop.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { stopGradient, unify, where } from "../ops/index.js";
import type { Distribution } from "./distribution.js";

/** Where to look for the quantiles of a law of whole numbers. */
export interface CountBracket {
  /** Least and greatest number of the support; may be infinite. */
  readonly lower: TensorLike;
  readonly upper: TensorLike;
  readonly guess: TensorLike;
  /** About the standard deviation: the first stride away from the guess. */
  readonly stride: TensorLike;
}

/** Doubling strides cross all floats, and halving ends within the 53 bits of a whole number. */
const MOST_STEPS = 2200;

/**
 * cdf(k) >= level. Levels above 1/2 are compared by what they leave of 1, which is exact where the cdf is not. Then a level that is
 * itself a cdf, rounded, is forgiven the rounding; but not where that is as large as a step of the cdf.
 */
function reaches(law: Distribution, k: Tensor, level: Tensor): Tensor {
  const rounding = level.dtype === "float32" ? 2 ** -19 : 2 ** -48;
  const slack = law.prob(k).mul(1e-4).minimum(rounding);
  const leaves = level.neg().add(1);
  return where(level.le(0.5), law.cdf(k).ge(level), law.survival(k).sub(slack).le(leaves));
}

/**
 * The least whole number k of the support with cdf(k) >= p: strides that double until k is bracketed, then halving. No gradient:
 * it is a step function.
 *
 * @shape  broadcast(p, batch)
 */
export function countQuantile(law: Distribution, p: TensorLike, bracket: CountBracket): Tensor {
  const given = [tensor(p), ...[bracket.lower, bracket.upper, bracket.guess, bracket.stride].map((t) => tensor(t))];
  const shape = broadcastShapes(`${law.name}.quantile`, [law.batchShape, ...given.map((t) => t.shape)]);
  const [level, lower, upper, guess, stride] = unify(`${law.name}.quantile`, given, "float").map((t) =>
    stopGradient(t.broadcastTo(shape)),
  ) as [Tensor, Tensor, Tensor, Tensor, Tensor];
  const isOpen = level.gt(0).and(level.lt(1)).and(lower.lt(upper));
  const start = guess.floor().maximum(lower).minimum(upper);
  const found = whileLoop(
    ({ open }) => open.sum().gt(0),
    ({ x, below, reached, step, open }) => {
      const isReached = reaches(law, x, level);
      const low = where(isReached, below, x); // cdf(low) < p <= cdf(high)
      const high = where(isReached, x, reached);
      const isBracketed = low.gt(Number.NEGATIVE_INFINITY).and(high.lt(Number.POSITIVE_INFINITY));
      const halved = where(isBracketed, low, 0)
        .div(2)
        .add(where(isBracketed, high, 0).div(2))
        .floor();
      const away = where(isReached, x.sub(step).maximum(low), x.add(step).minimum(high)).floor();
      const next = where(isBracketed.and(step.mul(4).gt(high.sub(low))), halved, away);
      const inside = next.maximum(low.add(1)).minimum(high.sub(1));
      // floats beyond 2^53 skip whole numbers, so the bracket may close without a 1 between its ends
      const going = open.and(high.sub(low).gt(1)).and(inside.gt(low)).and(inside.lt(high));
      return {
        x: where(going, inside, x),
        below: where(open, low, below),
        reached: where(open, high, reached),
        step: step.mul(2),
        open: going,
      };
    },
    { x: start, below: lower.sub(1), reached: upper, step: stride.floor().maximum(1), open: isOpen },
    { limit: MOST_STEPS },
  );
  const ends = where(level.eq(0).or(lower.ge(upper)), lower, where(level.eq(1), upper, Number.NaN));
  return where(isOpen, found.reached, where(level.ge(0).and(level.le(1)), ends, Number.NaN));
}
