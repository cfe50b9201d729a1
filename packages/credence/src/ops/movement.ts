import { fail } from "../errors.js";
import { allocate, type Data } from "../graph/dtype.js";
import type { StructuralRecord, Value } from "../graph/record.js";
import {
  broadcastShapes,
  checkNumbers,
  checkShape,
  normalizeAxis,
  type Shape,
  sameShape,
  showShape,
  sizeOf,
  stridesOf,
} from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { node } from "./op.js";
import { reduceTo } from "./reduce.js";

/** Ops that move elements and compute nothing. */

const first = <T>(list: readonly T[]): T => list[0] as T;
const numbers = (value: unknown): readonly number[] => value as readonly number[];

/** Copies elements of `x` read at `offset + Σ index·stride` for each index of `shape`. */
export function gatherStrided(x: Value, shape: Shape, strides: readonly number[], offset: number): Data {
  const out = allocate(x.dtype, sizeOf(shape));
  const index = new Array<number>(shape.length).fill(0);
  let at = offset;
  for (let i = 0; i < out.length; i++) {
    out[i] = x.data[at] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      at += strides[axis] as number;
      const next = (index[axis] as number) + 1;
      if (next < (shape[axis] as number)) {
        index[axis] = next;
        break;
      }
      at -= next * (strides[axis] as number);
      index[axis] = 0;
    }
  }
  return out;
}

const reshapeRecord: StructuralRecord = {
  kind: "reshape",
  name: "reshape",
  shape: (_, attrs) => numbers(attrs.shape),
  dtype: first,
  grad: ({ inputs: [x], dy }) => [reshape(dy, (x as Tensor).shape)],
  reference: ([x]) => (x as Value).data,
};

/** The same elements in row-major order under another shape; one size may be -1 (what is left). */
export function reshape(x: Tensor, shape: Shape): Tensor {
  checkNumbers("reshape", shape);
  const known = shape.filter((n) => n !== -1).reduce((a, b) => a * b, 1);
  const target = shape.map((n) => (n === -1 ? x.size / (known || 1) : n));
  if (
    sizeOf(target) !== x.size ||
    !target.every((n) => Number.isInteger(n) && n >= 0) ||
    shape.filter((n) => n === -1).length > 1
  ) {
    fail({
      code: "shape",
      given: `reshape: from ${showShape(x.shape)} (${x.size} elements) to ${showShape(shape)}`,
      allowed: "the same number of elements; at most one size -1",
    });
  }
  return sameShape(target, x.shape) ? x : node(reshapeRecord, [x], { shape: target });
}

const transposeRecord: StructuralRecord = {
  kind: "transpose",
  name: "transpose",
  shape: ([x], attrs) => numbers(attrs.axes).map((axis) => (x as Shape)[axis] as number),
  dtype: first,
  grad: ({ dy, attrs }) => {
    const inverse: number[] = [];
    numbers(attrs.axes).forEach((axis, i) => {
      inverse[axis] = i;
    });
    return [transpose(dy, inverse)];
  },
  reference: ([x], out, attrs) => {
    const strides = stridesOf((x as Value).shape);
    return gatherStrided(
      x as Value,
      out.shape,
      numbers(attrs.axes).map((axis) => strides[axis] as number),
      0,
    );
  },
};

/** Axes in another order; by default reversed. */
export function transpose(x: Tensor, axes: readonly number[] = x.shape.map((_, i) => x.rank - 1 - i)): Tensor {
  const order = axes.map((axis) => normalizeAxis("transpose", axis, x.rank));
  if (order.length !== x.rank || new Set(order).size !== x.rank) {
    fail({ code: "axis", given: `transpose: axes [${axes.join(", ")}] for rank ${x.rank}`, allowed: "each axis once" });
  }
  return order.every((axis, i) => axis === i) ? x : node(transposeRecord, [x], { axes: order });
}

const expandRecord: StructuralRecord = {
  kind: "expand",
  name: "expand",
  shape: (_, attrs) => numbers(attrs.shape),
  dtype: first,
  grad: ({ inputs: [x], dy }) => [reduceTo(dy, (x as Tensor).shape)],
  reference: ([x], out) => gatherStrided(x as Value, out.shape, broadcastStrides((x as Value).shape, out.shape), 0),
};

/** Strides that read `from` as if it had shape `to`: 0 along repeated axes. */
export function broadcastStrides(from: Shape, to: Shape): number[] {
  const strides = stridesOf(from);
  const lead = to.length - from.length;
  return to.map((n, i) => (i < lead || (from[i - lead] === 1 && n !== 1) ? 0 : (strides[i - lead] as number)));
}

/** Repeats axes of size 1 (and adds leading ones) up to `shape`, by NumPy's rule. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  checkShape("broadcastTo", shape);
  if (!sameShape(broadcastShapes("broadcastTo", [x.shape, shape]), shape)) {
    fail({
      code: "shape",
      given: `broadcastTo: ${showShape(x.shape)} to ${showShape(shape)}`,
      allowed: "axes that are equal, or 1 in the first",
    });
  }
  return node(expandRecord, [x], { shape });
}

const sliceRecord: StructuralRecord = {
  kind: "slice",
  name: "slice",
  shape: (_, attrs) => numbers(attrs.start).map((start, i) => (numbers(attrs.end)[i] as number) - start),
  dtype: first,
  grad: ({ inputs: [x], dy, attrs }) => {
    const end = (x as Tensor).shape.map((n, i) => n - (numbers(attrs.end)[i] as number));
    return [pad(dy, numbers(attrs.start), end)];
  },
  reference: ([x], out, attrs) => {
    const strides = stridesOf((x as Value).shape);
    const offset = numbers(attrs.start).reduce((sum, start, i) => sum + start * (strides[i] as number), 0);
    return gatherStrided(x as Value, out.shape, strides, offset);
  },
};

/** Elements `start` up to, not including, `end` along one axis; negative positions count from the back. */
export function slice(x: Tensor, axis: number, start: number, end?: number): Tensor {
  const at = normalizeAxis("slice", axis, x.rank);
  const n = x.shape[at] as number;
  checkNumbers("slice", end === undefined ? [start] : [start, end]);
  const from = start < 0 ? start + n : start;
  const to = end === undefined ? n : end < 0 ? end + n : end;
  if (!(Number.isInteger(from) && Number.isInteger(to) && 0 <= from && from <= to && to <= n)) {
    fail({
      code: "argument",
      given: `slice: ${start} to ${end ?? n} of axis ${axis} with size ${n}`,
      allowed: `0 <= start <= end <= ${n}`,
    });
  }
  if (from === 0 && to === n) return x;
  const starts = x.shape.map((_, i) => (i === at ? from : 0));
  const ends = x.shape.map((size, i) => (i === at ? to : size));
  return node(sliceRecord, [x], { start: starts, end: ends });
}

const padRecord: StructuralRecord = {
  kind: "pad",
  name: "pad",
  shape: ([x], attrs) =>
    (x as Shape).map((n, i) => n + (numbers(attrs.before)[i] as number) + (numbers(attrs.after)[i] as number)),
  dtype: first,
  grad: ({ inputs: [x], dy, attrs }) => {
    let out = dy;
    (x as Tensor).shape.forEach((n, axis) => {
      const start = numbers(attrs.before)[axis] as number;
      out = slice(out, axis, start, start + n);
    });
    return [out];
  },
  reference: ([x], out, attrs) => {
    const data = allocate(out.dtype, sizeOf(out.shape));
    scatterStrided(data, x as Value, out.shape, numbers(attrs.before));
    return data;
  },
};

/** Writes `x` as a block of `data` (of `shape`) that begins at index `start`. */
function scatterStrided(data: Data, x: Value, shape: Shape, start: readonly number[]): void {
  const strides = stridesOf(shape);
  const inner = stridesOf(x.shape);
  for (let i = 0; i < x.data.length; i++) {
    let at = 0;
    let rest = i;
    for (let axis = 0; axis < shape.length; axis++) {
      const index = Math.floor(rest / (inner[axis] as number));
      rest -= index * (inner[axis] as number);
      at += (index + (start[axis] as number)) * (strides[axis] as number);
    }
    data[at] = x.data[i] as number;
  }
}

/** Zeros before and after each axis. */
export function pad(x: Tensor, before: readonly number[], after: readonly number[]): Tensor {
  return [...before, ...after].every((n) => n === 0) ? x : node(padRecord, [x], { before, after });
}

const concatRecord: StructuralRecord = {
  kind: "concat",
  name: "concat",
  shape: (shapes, attrs) => {
    const axis = attrs.axis as number;
    return first(shapes).map((n, i) => (i === axis ? shapes.reduce((sum, s) => sum + (s[axis] as number), 0) : n));
  },
  dtype: first,
  grad: ({ inputs, dy, attrs }) => {
    let at = 0;
    return inputs.map((x) => {
      const start = at;
      at += x.shape[attrs.axis as number] as number;
      return slice(dy, attrs.axis as number, start, at);
    });
  },
  reference: (inputs, out, attrs) => {
    const data = allocate(out.dtype, sizeOf(out.shape));
    const start = out.shape.map(() => 0);
    for (const x of inputs) {
      scatterStrided(data, x, out.shape, start);
      start[attrs.axis as number] = (start[attrs.axis as number] as number) + (x.shape[attrs.axis as number] as number);
    }
    return data;
  },
};

/** Joins tensors of one element type along an axis; the other sizes must be equal. */
export function concatNodes(inputs: readonly Tensor[], axis: number): Tensor {
  const [head, ...rest] = inputs;
  if (head === undefined) return fail({ code: "argument", given: "concat: no tensors", allowed: "at least one" });
  const at = normalizeAxis("concat", axis, head.rank);
  for (const t of rest) {
    if (t.rank !== head.rank || t.shape.some((n, i) => i !== at && n !== head.shape[i])) {
      fail({
        code: "shape",
        given: `concat along axis ${axis}: ${inputs.map((x) => showShape(x.shape)).join(", ")}`,
        allowed: "equal sizes on the other axes",
      });
    }
  }
  return rest.length === 0 ? head : node(concatRecord, inputs, { axis: at });
}
