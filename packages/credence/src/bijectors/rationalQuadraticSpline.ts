import { each, real } from "../distributions/constraints.js";
import { check } from "../distributions/parameters.js";
import { fail } from "../errors.js";
import type { TensorLike } from "../graph/literal.js";
import { showShape } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { cumsum, where } from "../ops/index.js";
import { concat, softmax } from "../tensor/derived.js";
import { Bijector } from "./bijector.js";

export interface SplineParams {
  /** Logits of the bins' widths; they share the interval from -bound to bound. @shape [..., bins] */
  readonly widths: TensorLike;
  /** Logits of the bins' heights, which share the same interval. @shape [..., bins] */
  readonly heights: TensorLike;
  /** Slopes at the knots between the bins, before softplus: 0 is a slope of 1. @shape [..., bins - 1] */
  readonly slopes: TensorLike;
  /** Beyond ± bound the map is y = x. Default 4. */
  readonly bound?: number;
}

/** What softmax and softplus may shrink to nothing stays above these: the least width and height, as shares, and slope. */
const LEAST = { share: 1e-3, slope: 1e-3 };

/** Its softplus and the least slope together are 1. */
const SLOPE_OF_ONE = Math.log(Math.expm1(1 - LEAST.slope));

/**
 * Monotone rational-quadratic spline: from -bound to bound in each bin a quotient of quadratics, with the knots' positions and slopes
 * as parameters, and y = x beyond. All parameters may be any numbers; with all of them 0 the map is y = x everywhere.
 *
 * @param widths, heights, slopes  as `SplineParams` says
 * @param bound                    > 0
 * @shape  batch = broadcast(widths, heights, slopes) without the last axis
 * @throws CredenceError `shape`: the last axes are not of bins, bins and bins - 1; `argument`: bound, or more than 500 bins
 * @source Durkan, Bekasov, Murray and Papamakarios, Neural spline flows (2019), section 3.1
 */
export class RationalQuadraticSpline extends Bijector {
  readonly name = "RationalQuadraticSpline";
  readonly domain = real;
  readonly codomain = real;
  readonly increasing = true;
  readonly bound: number;
  /** Where the knots lie, and the slopes there. @shape [..., bins + 1] */
  readonly knots: { readonly x: Tensor; readonly y: Tensor; readonly slope: Tensor };

  constructor({ bound = 4, ...raw }: SplineParams) {
    const vector = each(real, 1);
    const parameters = check("RationalQuadraticSpline", raw, { widths: vector, heights: vector, slopes: vector });
    super({ parameters, parameterAxes: { widths: 1, heights: 1, slopes: 1 }, settings: { bound } });
    if (!(bound > 0 && bound < Number.POSITIVE_INFINITY)) {
      fail({ code: "argument", given: `RationalQuadraticSpline: bound is ${bound}`, allowed: "a finite number > 0" });
    }
    const { widths, heights, slopes } = parameters;
    checkBins(widths, heights, slopes);
    this.bound = bound;
    const inner = slopes.add(SLOPE_OF_ONE).softplus().add(LEAST.slope);
    this.knots = {
      x: knotsOf(widths, bound),
      y: knotsOf(heights, bound),
      slope: bordered(inner, 1, 1),
    };
  }

  override forward(x: TensorLike): Tensor {
    const at = this.value("forward", x, 0);
    const isInside = at.abs().lt(this.bound);
    const { point, left, width, bottom, height, steepness, bend, slope0 } = this.bin(where(isInside, at, 0), "x");
    const t = point.sub(left).div(width);
    const both = t.mul(t.neg().add(1));
    const rise = height.mul(steepness.mul(t.square()).add(slope0.mul(both)));
    return where(isInside, bottom.add(rise.div(steepness.add(bend.mul(both)))), at);
  }

  override inverse(y: TensorLike): Tensor {
    const at = this.value("inverse", y, 0);
    const isInside = at.abs().lt(this.bound);
    const { point, left, width, bottom, height, steepness, bend, slope0 } = this.bin(where(isInside, at, 0), "y");
    const rise = point.sub(bottom);
    // the root of a t² + b t + c, in the form in which nothing cancels
    const a = rise.mul(bend).add(height.mul(steepness.sub(slope0)));
    const b = height.mul(slope0).sub(rise.mul(bend));
    const c = steepness.mul(rise).neg();
    const root = b.square().sub(a.mul(c).mul(4)).maximum(0).sqrt();
    const t = c.mul(-2).div(b.add(root));
    return where(isInside, left.add(t.mul(width)), at);
  }

  override forwardLogDet(x: TensorLike): Tensor {
    const at = this.value("forwardLogDet", x, 0);
    const isInside = at.abs().lt(this.bound);
    const { point, left, width, steepness, bend, slope0, slope1 } = this.bin(where(isInside, at, 0), "x");
    const t = point.sub(left).div(width);
    const rest = t.neg().add(1);
    const both = t.mul(rest);
    const slopes = slope1.mul(t.square()).add(steepness.mul(both).mul(2)).add(slope0.mul(rest.square()));
    const logDet = slopes.log().add(
      steepness
        .div(steepness.add(bend.mul(both)))
        .log()
        .mul(2),
    );
    return where(isInside, logDet, 0);
  }

  /** The bin in which a point lies along one axis. */
  private bin(point: Tensor, axis: "x" | "y") {
    const { x, y, slope } = this.knots;
    const along = axis === "x" ? x : y;
    const inner = along.slice(-1, 1, -1);
    const isPast = point.expandDims(-1).ge(inner); // which knots between bins lie behind
    // the last knot behind, and the first one ahead
    const behind = bordered(isPast.cast(along.dtype), 1, 0);
    const isBin = behind.slice(-1, 0, -1).gt(behind.slice(-1, 1));
    const pick = (knots: Tensor): Tensor => where(isBin, knots, 0).sum(-1);
    const [left, bottom, slope0] = [x, y, slope].map((t) => pick(t.slice(-1, 0, -1))) as [Tensor, Tensor, Tensor];
    const [right, top, slope1] = [x, y, slope].map((t) => pick(t.slice(-1, 1))) as [Tensor, Tensor, Tensor];
    const [width, height] = [right.sub(left), top.sub(bottom)];
    const steepness = height.div(width);
    return {
      point,
      left,
      width,
      bottom,
      height,
      steepness,
      slope0,
      slope1,
      /** slope0 + slope1 - 2 steepness: 0 where the bin is straight. */
      bend: slope0.sub(steepness).add(slope1.sub(steepness)),
    };
  }
}

function checkBins(widths: Tensor, heights: Tensor, slopes: Tensor): void {
  const [bins, rows, between] = [widths, heights, slopes].map((t) => t.shape[t.rank - 1] ?? 0);
  if (bins !== rows || between !== bins! - 1 || bins! < 2) {
    fail({
      code: "shape",
      given: `RationalQuadraticSpline: widths, heights and slopes of shapes ${[widths, heights, slopes].map((t) => showShape(t.shape)).join(", ")}`,
      allowed: "[..., bins], [..., bins] and [..., bins - 1], with two bins at least",
    });
  }
  if (bins! > 0.5 / LEAST.share) {
    fail({ code: "argument", given: `RationalQuadraticSpline: ${bins} bins`, allowed: `2 to ${0.5 / LEAST.share}` });
  }
}

/** Knots from -bound to bound, both of them exact. */
function knotsOf(logits: Tensor, bound: number): Tensor {
  const bins = logits.shape[logits.rank - 1]!;
  const shares = softmax(logits)
    .mul(1 - LEAST.share * bins)
    .add(LEAST.share);
  const inner = cumsum(shares)
    .slice(-1, 0, -1)
    .mul(2 * bound)
    .sub(bound);
  return bordered(inner, -bound, bound);
}

/** With one number before and one after along the last axis. */
function bordered(t: Tensor, first: number, last: number): Tensor {
  const edge = t.slice(-1, 0, 1).mul(0);
  return concat([edge.add(first), t, edge.add(last)], -1);
}
