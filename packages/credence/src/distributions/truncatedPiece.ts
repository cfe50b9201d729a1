import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { cast, ceil, floor, iota, log1mexp, where } from "../ops/index.js";
import type { Distribution } from "./distribution.js";
import { logMassBetween } from "./logMassBetween.js";
import { isWhole } from "./onSupport.js";

const ALL = Number.POSITIVE_INFINITY;

/** So few counts are summed up: of a law that is wide beside them, the difference of two tails would have lost its digits. */
const FEW = 16;

/** A law between two limits, from its functions as a whole; without gradient trouble where a limit is infinite. */
export class TruncatedPiece {
  private readonly logMass: Tensor;
  private readonly isKnown: Tensor;

  /** @param low, high  of counts both belong to the piece */
  constructor(
    private readonly base: Distribution,
    private readonly low: Tensor,
    private readonly high: Tensor,
  ) {
    this.isKnown = low.le(high);
    this.logMass = this.between(low, high);
  }

  logProb(x: Tensor): Tensor {
    const inside = x.ge(this.low).and(x.le(this.high)).and(x.abs().lt(ALL));
    const isThere = this.base.support.discrete ? inside.and(isWhole(x)) : inside;
    const density = this.base.logProb(where(isThere, x, this.anchor())).sub(this.logMass);
    return where(isThere, density, where(this.isKnown.and(x.eq(x)), Number.NEGATIVE_INFINITY, Number.NaN));
  }

  cdf(x: Tensor): Tensor {
    return this.sides(x, 0, 1, ({ isUpper, logBelow, logAbove }) =>
      where(isUpper, logAbove.expm1().neg(), logBelow.exp()),
    );
  }

  survival(x: Tensor): Tensor {
    return this.sides(x, 1, 0, ({ isUpper, logBelow, logAbove }) =>
      where(isUpper, logAbove.exp(), logBelow.expm1().neg()),
    );
  }

  logCdf(x: Tensor): Tensor {
    return this.sides(x, Number.NEGATIVE_INFINITY, 0, ({ isUpper, logBelow, logAbove }) =>
      where(isUpper, log1mexp(where(isUpper, logAbove, -1)), logBelow),
    );
  }

  logSurvival(x: Tensor): Tensor {
    return this.sides(x, 0, Number.NEGATIVE_INFINITY, ({ isUpper, logBelow, logAbove }) =>
      where(isUpper, logAbove, log1mexp(where(isUpper, -1, logBelow))),
    );
  }

  /** About the level of the whole law at which the piece has this one. */
  levelOfWhole(level: Tensor): Tensor {
    const below = this.base.cdf(this.base.support.discrete ? ceil(this.low).sub(1) : this.low);
    return below.add(level.mul(this.base.cdf(this.high).sub(below))).minimum(1);
  }

  /** A number of the piece. */
  private anchor(): Tensor {
    const inner = this.base.quantile(0.5).maximum(this.low).minimum(this.high);
    return this.base.support.discrete ? ceil(inner).minimum(floor(this.high)) : inner;
  }

  /** A function of the logarithms of the masses of the piece up to x and beyond, of which the smaller has the digits. */
  private sides(
    x: Tensor,
    below: number,
    above: number,
    formula: (at: { isUpper: Tensor; logBelow: Tensor; logAbove: Tensor }) => Tensor,
  ): Tensor {
    const isInside = x.ge(this.low).and(x.lt(this.high));
    const at = where(isInside, x, this.anchor());
    const logBelow = this.between(this.low, at).sub(this.logMass).minimum(0);
    const logAbove = this.between(this.above(at), this.high).sub(this.logMass).minimum(0);
    const inner = formula({ isUpper: logAbove.lt(logBelow), logBelow, logAbove });
    const isLow = this.base.support.discrete ? x.lt(this.low) : x.le(this.low);
    const beside = where(isLow, tensor(below), above);
    return where(isInside.and(isLow.not()), inner, where(this.isKnown.and(x.eq(x)), beside, Number.NaN));
  }

  /** Where what is beyond x begins. */
  private above(x: Tensor): Tensor {
    return this.base.support.discrete ? floor(x).add(1) : x;
  }

  /** log P(from <= X <= to). */
  private between(from: Tensor, to: Tensor): Tensor {
    const { base } = this;
    const [hasFrom, hasTo] = [from.gt(-ALL), to.lt(ALL)];
    const hasBoth = hasFrom.and(hasTo);
    const a = where(hasFrom, from, where(hasTo, where(hasTo, to, 0).sub(1), 0));
    const b = where(hasTo, to, a.add(1));
    const before = base.support.discrete ? ceil(a).sub(1) : a; // of counts, from itself has mass
    const both = base.support.discrete ? this.count(before, b, hasBoth) : logMassBetween(base, a, b);
    const one = where(hasFrom, base.logSurvival(before), base.logCdf(b));
    return where(hasBoth, both, where(hasFrom.or(hasTo), one, 0));
  }

  /** log P(before < X <= to) of counts. */
  private count(before: Tensor, to: Tensor, isTaken: Tensor): Tensor {
    const { base } = this;
    const isFew = floor(to).sub(before).le(FEW);
    const offsets = cast(iota([FEW]), before.dtype).add(1);
    const k = before.expandDims(0).add(offsets.reshape([FEW, ...new Array<number>(isTaken.rank).fill(1)]));
    const isIn = k.le(to.expandDims(0));
    const sum = where(
      isIn,
      base.logProb(where(isIn, k, before.expandDims(0).add(1))),
      Number.NEGATIVE_INFINITY,
    ).logSumExp(0);
    const isUpper = base.survival(before).lt(0.5);
    const whole = where(isUpper, base.logSurvival(before), base.logCdf(to));
    const less = where(isUpper, base.logSurvival(to), base.logCdf(before));
    const difference = less.sub(where(whole.gt(-ALL), whole, 0));
    const isProper = isFew.not().and(difference.lt(0));
    return where(isFew, sum, whole.add(log1mexp(where(isProper, difference, -1))));
  }
}
