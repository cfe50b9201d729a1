import { whileLoop } from "../autodiff/whileLoop.js";
import type { FloatType } from "../graph/dtype.js";
import { type TensorLike, tensor } from "../graph/literal.js";
import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { stopGradient, unify, where } from "../ops/index.js";
import type { Distribution } from "./distribution.js";
import { implicitly } from "./implicit.js";

/** What is known of a continuous law whose quantiles are looked for. */
export interface Invertible {
  cdf(x: Tensor): Tensor;
  survival(x: Tensor): Tensor;
  prob(x: Tensor): Tensor;
}

/** Where to look for each quantile. The ends may be infinite. */
export interface Bracket {
  readonly lower: TensorLike;
  readonly upper: TensorLike;
  readonly guess: TensorLike;
  /**
   * How far logarithms of the tails may be off by their own rounding: within that a step that does not shrink ends the search. Default 0,
   * for tails that are exact to a few units in the last place.
   */
  readonly blur?: number;
}

/** Newton's method settles within some ten steps; the other half of the budget is for halving a bracket float by float. */
const NEWTON_STEPS = 40;
const MOST_STEPS = 120;

const limits = {
  float32: { epsilon: 2 ** -23, least: 2 ** -126, most: 3.4e38 },
  float64: { epsilon: 2 ** -52, least: 2 ** -1022, most: 1.7e308 },
} as const;

/**
 * Quantiles of a continuous law without a formula for them, by root finding; the gradient is the implicit one.
 *
 * @param bracket  where they lie, and a first guess
 * @shape  broadcast(p, batch)
 */
export function quantileByRoot(law: Distribution, p: TensorLike, bracket: Bracket): Tensor {
  const level = tensor(p);
  return implicitly(invertCdf(law, level, bracket, law.batchShape), law, level);
}

/**
 * The x with cdf(x) = p, all at once: Newton's steps on log(tail / target) in whichever tail is the smaller, halving the bracket
 * where a step would leave it or does not shrink. Ends when the tail is right to rounding, or the bracket holds no further float.
 * 0 and 1 give the ends of the bracket, levels outside NaN.
 *
 * @source Press et al., Numerical Recipes (2007), section 9.4, for the safeguard
 */
export function invertCdf(law: Invertible, level: Tensor, bracket: Bracket, batch: readonly number[]): Tensor {
  const given = [level, bracket.lower, bracket.upper, bracket.guess].map((t) => tensor(t));
  const shape = broadcastShapes("quantile", [batch, ...given.map((t) => t.shape)]);
  const [p, lower, upper, guess] = unify("quantile", given, "float").map((t) => stopGradient(t.broadcastTo(shape))) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const { epsilon } = limits[p.dtype as FloatType];
  const inLower = p.le(0.5);
  const target = where(inLower, p, p.neg().add(1));
  const sign = where(inLower, tensor(1), -1);
  const isOpen = p.gt(0).and(p.lt(1)).and(lower.lt(upper));
  const start = where(guess.gt(lower).and(guess.lt(upper)), guess, middle(lower, upper, false));
  const found = whileLoop(
    ({ open, count }) => open.sum().gt(0).and(count.lt(MOST_STEPS)),
    ({ x, low, high, last, open, count }) => {
      const tail = where(inLower, law.cdf(x), law.survival(x));
      const error = sign.mul(tail.div(target).log()); // grows with x
      const move = error.mul(tail.div(law.prob(x)));
      const settled = error
        .abs()
        .le(2 * epsilon)
        .or(error.ne(error));
      const [a, b] = [where(error.lt(0), x, low), where(error.lt(0), high, x)];
      const newton = x.sub(move);
      const rests = move.abs().le(x.abs().mul(epsilon));
      const trusted = move.abs().le(last.mul(0.5)).and(newton.gt(a)).and(newton.lt(b)).and(count.lt(NEWTON_STEPS));
      const between = where(count.lt(NEWTON_STEPS), middle(a, b, false), middle(a, b, true));
      const next = where(rests.or(trusted), newton, between);
      const blurred = error
        .abs()
        .le(bracket.blur ?? 0)
        .and(rests.or(trusted).not());
      const going = open.and(settled.or(blurred).not());
      return {
        x: where(going, next, x),
        low: where(going, a, low),
        high: where(going, b, high),
        last: where(going, next.sub(x).abs(), last),
        open: going.and(rests.not()).and(next.ne(a)).and(next.ne(b)),
        count: count.add(1),
      };
    },
    {
      x: start,
      low: lower,
      high: upper,
      last: upper.sub(lower),
      open: isOpen,
      count: tensor(new Int32Array([0]), { shape: [] }),
    },
    { limit: MOST_STEPS },
  );
  const ends = where(p.eq(0).or(lower.ge(upper)), lower, where(p.eq(1), upper, Number.NaN));
  return where(isOpen, found.x, where(p.ge(0).and(p.le(1)), ends, Number.NaN));
}

/** A number between a and b: halfway, or by orders of magnitude, which halves the number of floats between them. */
function middle(a: Tensor, b: Tensor, byMagnitude: boolean): Tensor {
  const { least, most } = limits[a.dtype as FloatType];
  const size = (x: Tensor): Tensor => x.abs().maximum(least).minimum(most).sqrt();
  const geometric = where(a.add(b).lt(0), tensor(-1), 1).mul(size(a)).mul(size(b));
  const straddled = where(a.lt(0).and(b.gt(0)), 0, geometric);
  if (byMagnitude) return straddled;
  const bounded = a.abs().le(most).and(b.abs().le(most));
  return where(
    bounded,
    where(bounded, a, 0)
      .div(2)
      .add(where(bounded, b, 0).div(2)),
    straddled,
  );
}
