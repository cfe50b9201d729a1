import type { Tensor } from "../graph/tensor.js";
import { where } from "../ops/index.js";
import { logProbability } from "./logTails.js";
import { normalArea } from "./normalArea.js";

/**
 * Where a value lies between the limits: at z, `above` the lower limit and `below` the upper one. The two distances come from the
 * limits themselves, since z has lost their digits where the limits are far out.
 */
export interface Position {
  readonly z: Tensor;
  readonly above: Tensor;
  readonly below: Tensor;
}

/**
 * The standard normal distribution between two limits, however far out. Depths and areas are counted from the point between the
 * limits at which the density is highest.
 */
export class NormalPiece {
  /** ∫ exp(-depth) between the limits. */
  readonly area: Tensor;

  constructor(
    readonly from: Tensor,
    readonly to: Tensor,
    readonly width: Tensor,
  ) {
    this.area = normalArea(from, to, width);
  }

  /** How much lower than its highest point the logarithm of the density is. */
  depth({ z, above, below }: Position): Tensor {
    const right = above.mul(this.from.add(above.mul(0.5)));
    const left = below.mul(below.mul(0.5).sub(this.to));
    return where(this.from.ge(0), right, where(this.to.le(0), left, z.mul(z.mul(0.5))));
  }

  logDensity(at: Position): Tensor {
    return this.depth(at).add(this.area.log()).neg();
  }

  /** The area below a position as exp(-depth) area, with the depth of its own highest point. */
  lower(at: Position): { readonly depth: Tensor; readonly area: Tensor } {
    const rises = at.z.lt(0).and(this.from.lt(0));
    return { depth: where(rises, this.depth(at), 0), area: normalArea(this.from, at.z, at.above) };
  }

  /** The area above a position. */
  upper(at: Position): { readonly depth: Tensor; readonly area: Tensor } {
    const falls = at.z.gt(0).and(this.to.gt(0));
    return { depth: where(falls, this.depth(at), 0), area: normalArea(at.z, this.to, at.below) };
  }

  /** `upper` where asked for, else `lower`: for the price of one. */
  beyond(at: Position, isUpper: Tensor): { readonly depth: Tensor; readonly area: Tensor } {
    const isFar = where(isUpper, at.z, at.z.neg())
      .gt(0)
      .and(where(isUpper, this.to, this.from.neg()).gt(0));
    const [start, end] = [where(isUpper, at.z, this.from), where(isUpper, this.to, at.z)];
    return {
      depth: where(isFar, this.depth(at), 0),
      area: normalArea(start, end, where(isUpper, at.below, at.above)),
    };
  }

  below(at: Position): Tensor {
    const { depth, area } = this.lower(at);
    return depth.neg().exp().mul(area).div(this.area).minimum(1);
  }

  above(at: Position): Tensor {
    const { depth, area } = this.upper(at);
    return depth.neg().exp().mul(area).div(this.area).minimum(1);
  }

  logBelow(at: Position): Tensor {
    const { depth, area } = this.lower(at);
    return logProbability(this.below(at), this.above(at), area.log().sub(depth).sub(this.area.log()));
  }

  logAbove(at: Position): Tensor {
    const { depth, area } = this.upper(at);
    return logProbability(this.above(at), this.below(at), area.log().sub(depth).sub(this.area.log()));
  }
}
