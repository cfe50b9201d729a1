import { whileLoop } from "../autodiff/whileLoop.js";
import { tensor } from "../graph/literal.js";
import { broadcastShapes } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { log1p, ndtr, ndtri, stopGradient, where } from "../ops/index.js";
import { millsRatio } from "./normalArea.js";
import { NormalPiece, type Position } from "./normalPiece.js";

/** Newton's steps double the digits; the start has one or two. */
const STEPS = 6;

/** Up to this change of the logarithm of the density a limit's height serves for the first step from there. */
const FLAT = 0.01;

/** Lest it be 0 / 0 at a limit of 0. */
const TINY = 1e-30;

export interface Place {
  /** Is the lower limit the nearer one? */
  readonly fromLow: Tensor;
  /** From the nearer limit. */
  readonly distance: Tensor;
  readonly z: Tensor;
}

/**
 * Where the mass below, or above where `isUpper`, is `tail` <= 1/2. It is found as a distance from the nearer limit, with all its
 * digits, by Newton's method on the logarithm of the mass, which grows ever more slowly: so that no step goes astray.
 *
 * @shape  broadcast(tail, the limits); no gradient
 */
export function pieceQuantile(given: NormalPiece, tail: Tensor, isUpper: Tensor): Place {
  const piece = new NormalPiece(stopGradient(given.from), stopGradient(given.to), stopGradient(given.width));
  const level = stopGradient(tail);
  const start = firstGuess(piece, level, isUpper);
  const fromLow = start.above.le(start.below);
  const target = level.mul(piece.area);
  const shape = broadcastShapes("quantile", [level.shape, isUpper.shape, target.shape]);
  const positionAt = (distance: Tensor): Position => {
    const other = piece.width.sub(distance);
    return {
      z: where(fromLow, piece.from.add(distance), piece.to.sub(distance)),
      above: where(fromLow, distance, other),
      below: where(fromLow, other, distance),
    };
  };
  const guessed = where(fromLow, start.above, start.below).maximum(0);
  // beside the limit from which the mass is counted it is height times distance
  const end = where(fromLow, piece.from, piece.to);
  const straight = target.mul(piece.depth(positionAt(level.mul(0))).exp());
  const isStraight = straight.mul(end.abs().add(straight)).lt(FLAT).and(fromLow.eq(isUpper.not()));
  const least = tensor(FLAT).div(end.abs().add(1)).minimum(piece.width.mul(FLAT));
  const first = where(isStraight, straight, guessed.maximum(least)).broadcastTo(shape);
  const found = whileLoop(
    ({ count }) => count.lt(STEPS),
    ({ distance, count }) => {
      const at = positionAt(distance);
      const { depth, area } = piece.beyond(at, isUpper);
      const excess = area.div(target).log().sub(depth);
      const step = excess.mul(area).mul(piece.depth(at).sub(depth).exp());
      // more mass counted from the other side means a greater distance
      const next = where(fromLow.eq(isUpper), distance.add(step), distance.sub(step));
      return {
        distance: next.maximum(distance.mul(0.1)).minimum(distance.add(piece.width).mul(0.5)),
        count: count.add(1),
      };
    },
    { distance: first, count: tensor(new Int32Array([0]), { shape: [] }) },
    { limit: STEPS },
  );
  const { distance } = found;
  const limit = where(isUpper, piece.to, piece.from);
  const isEnd = target.eq(0);
  const { z } = positionAt(distance);
  const free = where(isUpper, ndtri(level).neg(), ndtri(level));
  const unbounded = piece.width.eq(Number.POSITIVE_INFINITY).and(distance.lt(Number.POSITIVE_INFINITY).not());
  return {
    fromLow: where(isEnd, isUpper.not(), fromLow),
    distance: where(isEnd, 0, distance),
    z: where(isEnd, limit, where(unbounded, free, z)),
  };
}

/** A position near the one that is looked for. */
function firstGuess(piece: NormalPiece, tail: Tensor, isUpper: Tensor): Position {
  const { from, to, width } = piece;
  const share = piece.area.mul(tail);
  const isRight = from.ge(0);
  const isLeft = to.le(0);
  const aside = isRight.or(isLeft);
  const near = where(isRight, from, where(isLeft, to.neg(), 1));
  // around 0 by the quantile of the whole distribution; aside of it areas are in units of the density at the nearer limit
  const unit = where(aside, near.minimum(AROUND).square().mul(-0.5).exp(), 1).mul(PER_AREA);
  const lower = ndtri(ndtr(from).add(share.mul(unit)).minimum(1));
  const upper = ndtri(ndtr(to.neg()).add(share.mul(unit)).minimum(1)).neg();
  const z = where(isUpper, upper, lower);
  // further out the mass beyond a distance t falls like exp(-near t - t² / 2)
  const whole = millsRatio(near);
  const beyond = whole.sub(piece.area).maximum(0);
  const isNear = isUpper.eq(isLeft);
  const left = where(isNear, log1p(share.div(whole).neg().maximum(-1)), beyond.add(share).div(whole).log());
  const distance = (logMass: Tensor): Tensor => {
    const twice = logMass.mul(-2).maximum(TINY);
    return twice.div(near.add(near.square().add(twice).sqrt())).minimum(width);
  };
  const t = distance(left.add(whole.div(millsRatio(near.add(distance(left)))).log())); // it falls a little faster than that
  const other = width.sub(t);
  const isOut = aside.and(near.gt(AROUND));
  return {
    z,
    above: where(isOut, where(isRight, t, other), z.sub(from)),
    below: where(isOut, where(isRight, other, t), to.sub(z)),
  };
}

/** Up to here a limit is around 0: the correction for the falling density would overshoot. */
const AROUND = 1;

const PER_AREA = 1 / Math.sqrt(2 * Math.PI);
