import type { Tensor } from "credence";
import { type DType, isFloat } from "../../src/graph/dtype.js";
import { tensor } from "../../src/graph/literal.js";
import type { Shape } from "../../src/graph/shape.js";
import * as ops from "../../src/ops/index.js";

/** One step of a random graph: makes a tensor of earlier ones, whatever their shapes are. */
export type Step = (draw: Draw) => Tensor;

/** Larger results are not kept: the search is for corners, which small tensors have as well. */
export const LARGEST = 1500;

/** Choices of one step, taken in order from a list of numbers; 0 where the list ends. */
export class Draw {
  private next = 0;
  private readonly pool: readonly Tensor[];
  private readonly choices: readonly number[];

  constructor(pool: readonly Tensor[], choices: readonly number[]) {
    this.pool = pool;
    this.choices = choices;
  }

  /** 0 to below - 1. */
  number(below: number): number {
    return (this.choices[this.next++] ?? 0) % Math.max(1, below);
  }

  /** 1 to most, seldom 0. */
  size(most: number): number {
    return this.number(16) === 15 ? 0 : Math.min(most, 1 + this.number(most));
  }

  flag(): boolean {
    return this.number(2) === 1;
  }

  /** Mostly one of the newest, so that chains grow. */
  any(): Tensor {
    const count = this.number(3) < 2 ? Math.min(3, this.pool.length) : this.pool.length;
    return this.pool[this.number(count)]!;
  }

  of(dtype: DType): Tensor {
    return ops.cast(this.any(), dtype);
  }

  float(): Tensor {
    const x = this.any();
    return isFloat(x.dtype) ? x : ops.cast(x, this.flag() ? "float32" : "float64");
  }

  /** A tensor with at least `rank` axes. */
  ranked(x: Tensor, rank: number): Tensor {
    return x.rank >= rank ? x : this.ranked(x.expandDims(this.number(x.rank + 1)), rank);
  }

  /**
   * The choices that are left, for a step inside this one.
   *
   * @param skip  so many are left to steps before
   */
  inside(pool: readonly Tensor[], skip = 0): Draw {
    return new Draw(pool, this.choices.slice(this.next + skip));
  }

  axes(rank: number): number[] {
    const bits = this.number(2 ** rank);
    return Array.from({ length: rank }, (_, i) => i).filter((i) => (bits >> i) & 1);
  }

  others(first: Tensor): Tensor[] {
    return [first, ...this.pool];
  }
}

/**
 * `x`, cut so that it broadcasts with `shape`; the last `keep` axes are left alone.
 *
 * @param into  it shall broadcast to `shape` itself
 */
export function fit(x: Tensor, shape: Shape, { keep = 0, into = false } = {}): Tensor {
  let out = x;
  const cut = (axis: number): boolean => {
    if (out.shape[axis] === 0) return false;
    out = ops.slice(out, axis, 0, 1);
    return true;
  };
  while (out.rank > Math.max(shape.length, keep)) {
    if (!cut(0)) return ops.broadcastTo(ops.cast(tensor(1), x.dtype), x.shape.slice(x.rank - keep));
    out = out.squeeze(0);
  }
  for (let axis = 0; axis < out.rank - keep; axis++) {
    const [own, other] = [out.shape[axis]!, shape[axis - out.rank + shape.length]!];
    if (own !== 1 && (into || other !== 1) && own !== other && !cut(axis)) {
      return ops.broadcastTo(ops.cast(tensor(1), x.dtype), x.shape.slice(x.rank - keep));
    }
  }
  return out;
}
