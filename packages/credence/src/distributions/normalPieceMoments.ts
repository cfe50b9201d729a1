import { tensor } from "../graph/literal.js";
import type { Tensor } from "../graph/tensor.js";
import { eq, where } from "../ops/index.js";
import { NormalPiece } from "./normalPiece.js";
import { panels } from "./quadrature.js";

/** What is deeper than this below the highest point has no share in a float64, not even in a third moment. */
const DEEPEST = 54;

/** So deep the density is this far from 0. */
const FURTHEST = Math.sqrt(2 * DEEPEST);

/** Shares of the interval less 1/2; on each of the six panels the logarithm of the density moves by some 10 at most. */
const { points, weights } = panels([-1 / 2, -1 / 3, -1 / 6, 0, 1 / 6, 1 / 3, 1 / 2]);

/** Up to this product of length and farther end the density is nearly even. */
const NARROW = 0.5;

interface Moments {
  /** What the shift is counted from: the lower limit if 1, the upper one if -1, 0 itself if 0. */
  readonly side: Tensor;
  /** The mean, from there. */
  readonly shift: Tensor;
  readonly deviation: Tensor;
  readonly skewness: Tensor;
  readonly entropy: Tensor;
}

/**
 * Moments of the standard normal distribution between two limits, by Gauss and Legendre's rule: all terms of the variance are
 * positive, while the closed formula is a difference of large numbers where the limits are far out or near each other.
 *
 * @shape  each as the limits
 */
export function momentsOf(given: NormalPiece): Moments {
  const { dtype } = given.area;
  const [from, to, width] = [given.from, given.to, given.width].map((t) => t.cast("float64")) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const side = where(from.ge(0), tensor(1), where(to.le(0), -1, 0));
  const isAside = side.ne(0);
  const near = where(isAside, where(from.ge(0), from, to.neg()), 1);
  const reach = where(isAside, width, 1).minimum(
    tensor(2 * DEEPEST).div(
      near
        .square()
        .add(2 * DEEPEST)
        .sqrt()
        .add(near),
    ),
  );
  const start = from.maximum(-FURTHEST);
  const length = where(isAside, reach, to.minimum(FURTHEST).sub(start));
  const origin = where(isAside, 0, start.div(length));
  const share = tensor(points).add(0.5);
  const each = (t: Tensor): Tensor => t.expandDims(-1);
  // in units of the length, so that no power of a small one underflows
  const at = where(each(isAside), each(side).mul(share), each(origin).add(share));
  const z = each(length).mul(at);
  const out = z.abs();
  const depth = where(each(isAside), out.mul(each(near).add(out.mul(0.5))), z.mul(z.mul(0.5)));
  const mass = depth.neg().exp().mul(tensor(weights));
  const total = mass.sum(-1);
  const mean = (values: Tensor): Tensor => values.mul(mass).sum(-1).div(total);
  const piece = new NormalPiece(from, to, width);
  const centre = where(isAside, mean(at), centreAround(piece).div(length));
  const off = at.sub(each(centre));
  const variance = mean(off.square());
  const isNarrow = length.mul(where(isAside, near, start.abs()).add(length)).lt(NARROW);
  const middle = where(isAside, near, start).add(length.mul(0.5));
  const even = evenSkewness(where(isNarrow, middle, 0), where(isNarrow, length, 0.1)).mul(where(isAside, side, 1));
  const skewness = where(isNarrow, even, mean(off.square().mul(off)).div(variance.mul(variance.sqrt())));
  const [shift, deviation] = [length.mul(centre), length.mul(variance.sqrt())];
  const entropy = piece.area.log().add(mean(depth));
  const back = (t: Tensor): Tensor => t.cast(dtype);
  return {
    side: back(side),
    shift: back(shift),
    deviation: back(deviation),
    skewness: back(skewness),
    entropy: back(entropy),
  };
}

/**
 * The skewness of a piece so narrow that the density is nearly even: from how far it is not, so that the even part, of which
 * nothing may be left, does not enter.
 *
 * @param middle  of the piece, and its length
 */
function evenSkewness(middle: Tensor, length: Tensor): Tensor {
  const s = tensor(points);
  const z = length.expandDims(-1).mul(s);
  const uneven = z
    .mul(middle.expandDims(-1).add(z.mul(0.5)))
    .neg()
    .expm1()
    .mul(tensor(weights));
  const total = uneven.sum(-1).add(1);
  const [first, third] = [s, s.square().mul(s)].map((odd) => uneven.mul(odd).sum(-1).div(total)) as [Tensor, Tensor];
  const second = uneven
    .mul(s.square())
    .sum(-1)
    .add(1 / 12)
    .div(total);
  const variance = second.sub(first.square());
  const central = third.sub(first.mul(second).mul(3)).add(first.square().mul(first).mul(2));
  return central.div(variance.mul(variance.sqrt()));
}

/** (exp(-from² / 2) - exp(-to² / 2)) / area, the mean where the limits are on either side of 0. */
function centreAround({ from, to, width, area }: NormalPiece): Tensor {
  const isFree = eq(from, Number.NEGATIVE_INFINITY).and(eq(to, Number.POSITIVE_INFINITY));
  const balance = where(isFree, 0, from.add(to));
  const leansUp = balance.gt(0);
  const nearer = where(leansUp, from, to);
  const difference = where(isFree, 0, width).mul(balance.abs()).mul(-0.5).expm1().neg();
  const height = nearer.mul(nearer.mul(-0.5)).exp();
  return where(leansUp, height, height.neg()).mul(difference).div(area);
}
