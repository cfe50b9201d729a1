import { fail } from "../errors.js";
import { allocate, type Data, type DType, isFloat } from "../graph/dtype.js";
import type { StructuralRecord, Value } from "../graph/record.js";
import { normalizeAxes, normalizeAxis, type Shape, sameShape, showShape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { pullDiv, pullMul } from "./adjoint.js";
import { eq } from "./arithmetic.js";
import { cast } from "./cast.js";
import { broadcastTo, reshape } from "./movement.js";
import { node } from "./op.js";

/**
 * Reductions of neighbouring axes. A reduction sees its input as [outer, n, inner]; the order of the additions is part of
 * what it means, so that every engine gives the same bits:
 * - inner > 1: the n terms one after the other;
 * - inner = 1: term i goes to partial sum i mod L (L = `lanesOf(n)`), and the partial sums are folded in halves.
 * The order of a maximum does not matter, since a zero is 0 whatever its sign.
 */
export type ReduceKind = "sum" | "max";

/** Number of partial results of a reduction over n neighbouring elements. */
export const lanesOf = (n: number): number => (n >= 256 ? 16 : 4);

export const startOf = (kind: ReduceKind, dtype: DType): number =>
  kind === "sum" ? 0 : dtype === "int32" ? -(2 ** 31) : Number.NEGATIVE_INFINITY;

/** The input of a reduction over the axes `from` up to `to` as [outer, n, inner]. */
export function reduceLayout(shape: Shape, from: number, to: number): { outer: number; n: number; inner: number } {
  return { outer: sizeOf(shape.slice(0, from)), n: sizeOf(shape.slice(from, to)), inner: sizeOf(shape.slice(to)) };
}

const record: StructuralRecord = {
  kind: "reduce",
  name: "reduce",
  shape: ([x], attrs) => (x as Shape).filter((_, i) => i < (attrs.from as number) || i >= (attrs.to as number)),
  dtype: ([x]) => x as DType,
  grad: ({ inputs: [x], out, dy, attrs }) => {
    const input = x as Tensor;
    const kept = input.shape.map((n, i) => (i >= (attrs.from as number) && i < (attrs.to as number) ? 1 : n));
    const spread = (t: Tensor): Tensor => broadcastTo(reshape(t, kept), input.shape);
    if (attrs.kind === "sum") return [spread(dy)];
    // The greatest elements share the gradient evenly.
    const winners = cast(eq(input, spread(out)), input.dtype);
    const count = node(record, [winners], { ...attrs, kind: "sum" });
    return [pullMul(spread(pullDiv(dy, count)), winners)];
  },
  reference: ([x], out, attrs) => {
    const { data, shape, dtype } = x as Value;
    const kind = attrs.kind as ReduceKind;
    const { outer, n, inner } = reduceLayout(shape, attrs.from as number, attrs.to as number);
    const lanes = inner === 1 ? lanesOf(n) : 1;
    const combine = combiner(kind, dtype);
    const result = allocate(out.dtype, outer * inner);
    const partial = new Array<number>(lanes);
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) {
        partial.fill(startOf(kind, dtype));
        for (let k = 0; k < n; k++) {
          const lane = k % lanes;
          partial[lane] = combine(partial[lane] as number, data[(o * n + k) * inner + i] as number);
        }
        for (let half = lanes / 2; half >= 1; half /= 2) {
          for (let l = 0; l < half; l++) partial[l] = combine(partial[l] as number, partial[l + half] as number);
        }
        result[o * inner + i] = kind === "max" ? (partial[0] as number) + 0 : (partial[0] as number); // -0 + 0 is 0
      }
    }
    return result;
  },
};

function combiner(kind: ReduceKind, dtype: DType): (a: number, b: number) => number {
  if (kind === "max") return Math.max;
  if (dtype === "float32") return (a, b) => Math.fround(a + b);
  return dtype === "int32" ? (a, b) => (a + b) | 0 : (a, b) => a + b;
}

type Axes = number | readonly number[] | undefined;

function reduce(name: string, kind: ReduceKind, x: Tensor, axes: Axes, keepDims: boolean): Tensor {
  const list = normalizeAxes(name, axes, x.rank);
  let out = x.dtype === "bool" ? cast(x, "int32") : x;
  // From the back, a run of neighbouring axes at a time, so that earlier axis numbers stay true.
  for (let end = list.length; end > 0; ) {
    let start = end - 1;
    while (start > 0 && list[start - 1] === (list[start] as number) - 1) start--;
    out = node(record, [out], { kind, from: list[start] as number, to: (list[end - 1] as number) + 1 });
    end = start;
  }
  return keepDims
    ? reshape(
        out,
        x.shape.map((n, i) => (list.includes(i) ? 1 : n)),
      )
    : out;
}

/** Sum over the axes (default: all). Bools count as 0 and 1. @shape x without the axes, or with them as 1 */
export const sum = (x: Tensor, axes?: Axes, keepDims = false): Tensor => reduce("sum", "sum", x, axes, keepDims);

/** Greatest element over the axes (default: all), 0 for -0; NaN if there is one; -Infinity of nothing. @shape as `sum` */
export const max = (x: Tensor, axes?: Axes, keepDims = false): Tensor => reduce("max", "max", x, axes, keepDims);

/** Sums a gradient over the axes along which an operand of `shape` was repeated. */
export function reduceTo(dy: Tensor, shape: Shape): Tensor {
  if (sameShape(dy.shape, shape)) return dy;
  const lead = dy.rank - shape.length;
  const axes = dy.shape.map((_, i) => i).filter((i) => i < lead || (shape[i - lead] === 1 && dy.shape[i] !== 1));
  return reshape(sum(dy, axes), shape);
}

const argmaxRecord: StructuralRecord = {
  kind: "argmax",
  name: "argmax",
  shape: ([x]) => (x as Shape).slice(0, -1),
  dtype: () => "int32",
  grad: () => [null],
  reference: ([x], out) => {
    const { data, shape } = x as Value;
    const n = shape[shape.length - 1] as number;
    return Int32Array.from({ length: sizeOf(out.shape) }, (_, row) => {
      let best = 0;
      for (let i = 1; i < n; i++) if ((data[row * n + i] as number) > (data[row * n + best] as number)) best = i;
      return best;
    });
  },
};

/** Position of the first greatest element along the last axis. @shape x without its last axis; int32 */
export function argmax(x: Tensor): Tensor {
  if (x.rank === 0 || x.shape[x.rank - 1] === 0) {
    fail({
      code: "shape",
      given: `argmax: a tensor of shape ${showShape(x.shape)}`,
      allowed: "a last axis of at least 1",
    });
  }
  return node(argmaxRecord, [x.dtype === "bool" ? cast(x, "int32") : x]);
}

const cumsumRecord: StructuralRecord = {
  kind: "cumsum",
  name: "cumsum",
  shape: ([x]) => x as Shape,
  dtype: ([x]) => x as DType,
  // d/dx_i of every running sum from i on: the same sum from the other end.
  grad: ({ dy, attrs }) => [node(cumsumRecord, [dy], { reverse: attrs.reverse !== true })],
  reference: ([x], out, attrs) => {
    const { data, shape, dtype } = x as Value;
    const n = shape[shape.length - 1] as number;
    const combine = combiner("sum", dtype);
    const result: Data = allocate(out.dtype, data.length);
    for (let row = 0; row < data.length; row += n) {
      let total = 0;
      for (let i = 0; i < n; i++) {
        const at = row + (attrs.reverse === true ? n - 1 - i : i);
        total = combine(total, data[at] as number);
        result[at] = total;
      }
    }
    return result;
  },
};

function runningSums(name: string, x: Tensor, reverse: boolean): Tensor {
  normalizeAxis(name, -1, x.rank);
  return node(cumsumRecord, [isFloat(x.dtype) || x.dtype === "int32" ? x : cast(x, "int32")], { reverse });
}

/** Running sums along the last axis, one after the other. @shape x */
export const cumsum = (x: Tensor): Tensor => runningSums("cumsum", x, false);

/** For each element the sum of itself and those after it along the last axis, added from the end. @shape x */
export const cumsumFromEnd = (x: Tensor): Tensor => runningSums("cumsumFromEnd", x, true);
