import { concat, elu, logSumExp, scan, softmax, stack, type Tensor } from "credence";
import { grad } from "../../src/autodiff/grad.js";
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

  /** The choices that are left, for a step inside this one. */
  inside(pool: readonly Tensor[]): Draw {
    return new Draw(pool, this.choices.slice(this.next));
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
function fit(x: Tensor, shape: Shape, { keep = 0, into = false } = {}): Tensor {
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

type Name = Exclude<keyof typeof ops, "unify" | "reduceTo" | "variable" | "withGradient">;

const unary =
  (op: (x: Tensor) => Tensor): Step =>
  (draw) =>
    op(draw.any());
const binary =
  (op: (x: Tensor, y: Tensor) => Tensor): Step =>
  (draw) => {
    const x = draw.any();
    return op(x, fit(draw.any(), x.shape));
  };
const typed =
  (op: (x: Tensor, y: Tensor) => Tensor, dtype: DType): Step =>
  (draw) => {
    const x = draw.of(dtype);
    return op(x, fit(draw.of(dtype), x.shape));
  };
const lastAxis =
  (op: (x: Tensor) => Tensor): Step =>
  (draw) => {
    const x = draw.ranked(draw.any(), 1);
    return x.shape[x.rank - 1] === 0 ? x : op(x);
  };
const overAxes =
  (op: (x: Tensor, axes: number[], keepDims: boolean) => Tensor): Step =>
  (draw) => {
    const x = draw.any();
    return op(x, draw.axes(x.rank), draw.flag());
  };

/** A step for each op; `compiler/randomGraphs.test.ts` fails where one is missing. */
export const opSteps: Record<Name, Step> = {
  pullMul: binary(ops.pullMul),
  pullBoth: binary(ops.pullBoth),
  pullDiv: binary(ops.pullDiv),
  add: binary(ops.add),
  sub: binary(ops.sub),
  mul: binary(ops.mul),
  div: binary(ops.div),
  minimum: binary(ops.minimum),
  maximum: binary(ops.maximum),
  neg: unary(ops.neg),
  abs: unary(ops.abs),
  sign: unary(ops.sign),
  sqrt: unary(ops.sqrt),
  square: unary(ops.square),
  relu: unary(ops.relu),
  floor: unary(ops.floor),
  ceil: unary(ops.ceil),
  trunc: unary(ops.trunc),
  round: unary(ops.round),
  lt: binary(ops.lt),
  le: binary(ops.le),
  gt: binary(ops.gt),
  ge: binary(ops.ge),
  eq: binary(ops.eq),
  ne: binary(ops.ne),
  and: typed(ops.and, "bool"),
  or: typed(ops.or, "bool"),
  not: (draw) => ops.not(draw.of("bool")),
  bitAnd: typed(ops.bitAnd, "int32"),
  bitOr: typed(ops.bitOr, "int32"),
  bitXor: typed(ops.bitXor, "int32"),
  shiftRight: (draw) => ops.shiftRight(draw.of("int32"), draw.number(32)),
  exp: unary(ops.exp),
  expm1: unary(ops.expm1),
  log: unary(ops.log),
  log1p: unary(ops.log1p),
  tanh: unary(ops.tanh),
  sigmoid: unary(ops.sigmoid),
  softplus: unary(ops.softplus),
  erf: unary(ops.erf),
  erfcx: unary(ops.erfcx),
  ndtr: unary(ops.ndtr),
  logNdtr: unary(ops.logNdtr),
  ndtri: unary(ops.ndtri),
  sin: unary(ops.sin),
  cos: unary(ops.cos),
  sinpi: unary(ops.sinpi),
  cospi: unary(ops.cospi),
  atan: unary(ops.atan),
  log1mexp: unary(ops.log1mexp),
  lgamma: unary(ops.lgamma),
  digamma: unary(ops.digamma),
  trigamma: unary(ops.trigamma),
  polygamma: (draw) => ops.polygamma(draw.number(5), draw.any()),
  cast: (draw) => draw.of((["float32", "float64", "int32", "bool"] as const)[draw.number(4)]!),
  stopGradient: unary(ops.stopGradient),
  quietGradient: unary(ops.quietGradient),
  where: (draw) => {
    const x = draw.any();
    const mask = fit(draw.of("bool"), x.shape);
    return ops.where(mask, x, fit(fit(draw.any(), x.shape), mask.shape));
  },
  sum: overAxes(ops.sum),
  max: overAxes(ops.max),
  argmax: lastAxis(ops.argmax),
  cumsum: lastAxis(ops.cumsum),
  matmul: (draw) => {
    const side = (): Tensor => {
      const x = draw.ranked(draw.any(), 2);
      const axes = x.shape.map((_, i) => i);
      return draw.flag() ? x.transpose([...axes.slice(0, -2), x.rank - 1, x.rank - 2]) : x;
    };
    const [a, b] = [side(), side()];
    const k = Math.min(a.shape[a.rank - 1]!, b.shape[b.rank - 2]!);
    return ops.matmul(
      ops.slice(a, -1, 0, k),
      fit(ops.slice(b, -2, 0, k), [...a.shape.slice(0, -2), 0, 0], { keep: 2 }),
    );
  },
  reshape: (draw) => {
    const x = draw.any();
    const axis = draw.number(x.rank);
    const n = x.shape[axis] ?? 1;
    switch (draw.number(4)) {
      case 0:
        return ops.reshape(x, [x.size]);
      case 1: {
        const factor = [2, 3, 5, 1].find((f) => n % f === 0)!;
        return ops.reshape(x, [...x.shape.slice(0, axis), factor, n / factor, ...x.shape.slice(axis + 1)]);
      }
      case 2:
        return x.rank < 2 ? x : ops.reshape(x, [x.shape[0]! * x.shape[1]!, ...x.shape.slice(2)]);
      default:
        return n === 1 && x.rank > 0 ? x.squeeze(axis) : x.expandDims(axis);
    }
  },
  transpose: (draw) => {
    const x = draw.any();
    const left = x.shape.map((_, i) => i);
    return ops.transpose(
      x,
      x.shape.map(() => left.splice(draw.number(left.length), 1)[0]!),
    );
  },
  broadcastTo: (draw) => {
    const x = draw.any();
    const shape = x.shape.map((n) => (n === 1 ? draw.size(5) : n));
    return ops.broadcastTo(x, draw.flag() ? [draw.size(4), ...shape] : shape);
  },
  slice: (draw) => {
    const x = draw.ranked(draw.any(), 1);
    const axis = draw.number(x.rank);
    const start = draw.number(x.shape[axis]!);
    return ops.slice(x, axis, start, start + draw.size(x.shape[axis]! - start));
  },
  pad: (draw) => {
    const x = draw.any();
    return ops.pad(
      x,
      x.shape.map(() => draw.number(3)),
      x.shape.map(() => draw.number(3)),
    );
  },
  concatNodes: (draw) => {
    const x = draw.ranked(draw.any(), 1);
    const axis = draw.number(x.rank);
    const more = Array.from({ length: draw.number(3) }, () => {
      const shape = x.shape.map((n, i) => (i === axis ? draw.size(6) : n));
      return ops.cast(ops.broadcastTo(fit(draw.any(), shape, { into: true }), shape), x.dtype);
    });
    return ops.concatNodes([x, ...more, x].slice(draw.number(2)), axis);
  },
  gather: (draw) => ops.gather(draw.ranked(draw.any(), 1), draw.flag() ? ops.bitAnd(draw.of("int32"), 3) : draw.any()),
  iota: (draw) => ops.iota(draw.any().shape),
  randomBits: (draw) => {
    const key = ops.reshape(draw.of("int32"), [-1]);
    return key.size < 2 ? key : ops.randomBits(ops.slice(key, 0, 0, 2), draw.number(20), draw.number(2));
  },
};

/** Rows added up where the same number comes twice: what `gather` is differentiated to. */
const scatter: Step = (draw) => {
  const x = draw.ranked(draw.float(), 1);
  const rows = ops.bitAnd(draw.of("int32"), 7);
  return rows.size * x.size > LARGEST ? x : grad((t: Tensor) => ops.gather(t, rows).square().sum())(x);
};

/** What is made of several ops, as callers use them. */
const derivedSteps: readonly Step[] = [
  overAxes((x, axes, keepDims) => x.mean(axes, { keepDims })),
  overAxes((x, axes, keepDims) => x.min(axes, { keepDims })),
  lastAxis((x) => logSumExp(x, -1, true)),
  lastAxis(softmax),
  unary((x) => elu(x)),
  unary((x) => x.isFinite()),
  binary((x, y) => x.add(1).mul(0.5).sub(y)),
  (draw) => {
    const x = draw.any();
    return stack([x, ops.broadcastTo(fit(draw.any(), x.shape, { into: true }), x.shape)], draw.number(x.rank + 1));
  },
  (draw) => {
    const x = draw.ranked(draw.any(), 1);
    return concat([x, x.mul(2)], -1);
  },
];

/** The gradient of the sum of squares of a step, with respect to one of its tensors. */
const gradientStep: Step = (draw) => {
  const x = draw.float();
  const step = draw.number(4) === 0 ? scanStep : plainSteps[draw.number(plainSteps.length)]!;
  const scalar = (t: Tensor): Tensor => {
    const y = step(draw.inside(draw.others(t)));
    return y.size > LARGEST ? t.sum() : ops.cast(ops.square(y).sum(), x.dtype);
  };
  const twice = draw.number(4) === 3;
  return twice ? grad((t: Tensor) => grad(scalar)(t).sum())(x) : grad(scalar)(x);
};

const {
  sum,
  max,
  argmax,
  cumsum,
  matmul,
  reshape,
  transpose,
  broadcastTo,
  slice,
  pad,
  concatNodes,
  gather,
  randomBits,
} = opSteps;
/** Steps with kernels or loops of their own come more often: there are few of them, and they have more ways to go wrong. */
const structural = [
  sum,
  max,
  argmax,
  cumsum,
  matmul,
  reshape,
  transpose,
  broadcastTo,
  slice,
  pad,
  concatNodes,
  gather,
  scatter,
  randomBits,
];
const plainSteps: readonly Step[] = [
  ...Object.values(opSteps),
  ...derivedSteps,
  ...structural,
  ...structural,
  ...structural,
];

/** A few steps along an axis: the state and what is stacked come from any steps, which may read tensors from outside. */
const scanStep: Step = (draw) => {
  const start = draw.any();
  const sequence = draw.ranked(draw.any(), 1);
  const body = draw.number(plainSteps.length);
  const other = draw.number(plainSteps.length);
  const [wantsState, reverse] = [draw.flag(), draw.flag()];
  const small = (t: Tensor, instead: Tensor): Tensor => (t.size > LARGEST / 4 ? instead : t);
  const [state, stacked] = scan(
    (s: Tensor, x: Tensor) => {
      const inside = [x, s, ...draw.others(x)];
      const next = small(plainSteps[body]!(draw.inside(inside)), s);
      const y = small(plainSteps[other]!(draw.inside([next, ...inside])), x);
      return [ops.cast(ops.broadcastTo(fit(next, s.shape, { into: true }), s.shape), s.dtype), y];
    },
    start,
    ops.slice(sequence, 0, 0, Math.min(4, sequence.shape[0]!)),
    { reverse },
  );
  return wantsState ? state : stacked;
};

export const steps: readonly Step[] = [...plainSteps, ...structural.flatMap(() => [gradientStep, scanStep])];
