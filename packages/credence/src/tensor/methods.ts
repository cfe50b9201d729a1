import { fail } from "../errors.js";
import { type Data, type DType, isFloat } from "../graph/dtype.js";
import type { Nested, TensorLike } from "../graph/literal.js";
import { normalizeAxes, normalizeAxis, type Shape, showShape } from "../graph/shape.js";
import { Tensor } from "../graph/tensor.js";
import * as ops from "../ops/index.js";
import { logSumExp } from "./derived.js";
import { dataOf, evaluate } from "./evaluate.js";

type Axes = number | readonly number[];
interface ReduceOptions {
  readonly keepDims?: boolean;
}

/** The chained methods of a tensor. Axes count from the front, or with negative numbers from the back. */
export interface TensorMethods {
  /** The numbers in row-major order, in an array of the tensor's type (bool: 0 and 1 in a Uint8Array). Do not change it. */
  data(): Data;
  /** The only number of a tensor of size 1. @throws CredenceError `shape`: another size */
  item(): number;
  /** Nested arrays; a number for a scalar. */
  toArray(): number | Nested;

  add(y: TensorLike): Tensor;
  sub(y: TensorLike): Tensor;
  mul(y: TensorLike): Tensor;
  div(y: TensorLike): Tensor;
  minimum(y: TensorLike): Tensor;
  maximum(y: TensorLike): Tensor;
  neg(): Tensor;
  abs(): Tensor;
  sign(): Tensor;
  sqrt(): Tensor;
  square(): Tensor;
  floor(): Tensor;
  ceil(): Tensor;
  trunc(): Tensor;
  round(): Tensor;
  exp(): Tensor;
  expm1(): Tensor;
  log(): Tensor;
  log1p(): Tensor;
  tanh(): Tensor;
  sigmoid(): Tensor;
  softplus(): Tensor;
  relu(): Tensor;
  erf(): Tensor;

  lt(y: TensorLike): Tensor;
  le(y: TensorLike): Tensor;
  gt(y: TensorLike): Tensor;
  ge(y: TensorLike): Tensor;
  eq(y: TensorLike): Tensor;
  ne(y: TensorLike): Tensor;
  and(y: TensorLike): Tensor;
  or(y: TensorLike): Tensor;
  not(): Tensor;

  sum(axes?: Axes, options?: ReduceOptions): Tensor;
  mean(axes?: Axes, options?: ReduceOptions): Tensor;
  max(axes?: Axes, options?: ReduceOptions): Tensor;
  min(axes?: Axes, options?: ReduceOptions): Tensor;
  /** log Σ exp x over one axis (default: the last), without overflow and exact near 0. */
  logSumExp(axis?: number, options?: ReduceOptions): Tensor;
  /** Position of the first greatest element along the last axis. */
  argmax(): Tensor;
  cumsum(): Tensor;
  /** Are all elements finite? */
  isFinite(): Tensor;

  matmul(y: TensorLike): Tensor;
  reshape(shape: Shape): Tensor;
  transpose(axes?: readonly number[]): Tensor;
  expandDims(axis: number): Tensor;
  squeeze(axis: number): Tensor;
  broadcastTo(shape: Shape): Tensor;
  slice(axis: number, start: number, end?: number): Tensor;
  gather(rows: TensorLike): Tensor;
  cast(dtype: DType): Tensor;
}

const methods: {
  [K in keyof TensorMethods]: (this: Tensor, ...args: Parameters<TensorMethods[K]>) => ReturnType<TensorMethods[K]>;
} = {
  data() {
    return numbersOf(this, "data");
  },
  item() {
    if (this.size !== 1) {
      fail({
        code: "shape",
        given: `item: a tensor of shape ${showShape(this.shape)}`,
        allowed: "one element",
        mend: "use toArray()",
      });
    }
    return numbersOf(this, "item")[0]!;
  },
  toArray() {
    return nest(numbersOf(this, "toArray"), this.shape, 0, 0);
  },

  add(y) {
    return ops.add(this, y);
  },
  sub(y) {
    return ops.sub(this, y);
  },
  mul(y) {
    return ops.mul(this, y);
  },
  div(y) {
    return ops.div(this, y);
  },
  minimum(y) {
    return ops.minimum(this, y);
  },
  maximum(y) {
    return ops.maximum(this, y);
  },
  neg() {
    return ops.neg(this);
  },
  abs() {
    return ops.abs(this);
  },
  sign() {
    return ops.sign(this);
  },
  sqrt() {
    return ops.sqrt(this);
  },
  square() {
    return ops.square(this);
  },
  floor() {
    return ops.floor(this);
  },
  ceil() {
    return ops.ceil(this);
  },
  trunc() {
    return ops.trunc(this);
  },
  round() {
    return ops.round(this);
  },
  exp() {
    return ops.exp(this);
  },
  expm1() {
    return ops.expm1(this);
  },
  log() {
    return ops.log(this);
  },
  log1p() {
    return ops.log1p(this);
  },
  tanh() {
    return ops.tanh(this);
  },
  sigmoid() {
    return ops.sigmoid(this);
  },
  softplus() {
    return ops.softplus(this);
  },
  relu() {
    return ops.relu(this);
  },
  erf() {
    return ops.erf(this);
  },

  lt(y) {
    return ops.lt(this, y);
  },
  le(y) {
    return ops.le(this, y);
  },
  gt(y) {
    return ops.gt(this, y);
  },
  ge(y) {
    return ops.ge(this, y);
  },
  eq(y) {
    return ops.eq(this, y);
  },
  ne(y) {
    return ops.ne(this, y);
  },
  and(y) {
    return ops.and(this, y);
  },
  or(y) {
    return ops.or(this, y);
  },
  not() {
    return ops.not(this);
  },

  sum(axes, { keepDims = false } = {}) {
    return ops.sum(this, axes, keepDims);
  },
  mean(axes, { keepDims = false } = {}) {
    const list = normalizeAxes("mean", axes, this.rank);
    const total = ops.sum(isFloat(this.dtype) ? this : ops.cast(this, "float64"), list, keepDims);
    return ops.div(
      total,
      list.reduce((n, axis) => n * this.shape[axis]!, 1),
    );
  },
  max(axes, { keepDims = false } = {}) {
    return ops.max(this, axes, keepDims);
  },
  min(axes, { keepDims = false } = {}) {
    const list = normalizeAxes("min", axes, this.rank);
    if (isFloat(this.dtype)) return ops.sub(0, ops.max(ops.neg(this), list, keepDims)); // no -0: a zero is 0
    const flip = (x: Tensor): Tensor => ops.bitXor(x, -1); // -1 - x, which unlike -x exists for every int32
    return flip(ops.max(flip(ops.cast(this, "int32")), list, keepDims));
  },
  logSumExp(axis = -1, { keepDims = false } = {}) {
    return logSumExp(this, axis, keepDims);
  },
  argmax() {
    return ops.argmax(this);
  },
  cumsum() {
    return ops.cumsum(this);
  },
  isFinite() {
    return ops.lt(ops.abs(this), Number.POSITIVE_INFINITY);
  },

  matmul(y) {
    return ops.matmul(this, y);
  },
  reshape(shape) {
    return ops.reshape(this, shape);
  },
  transpose(axes) {
    return ops.transpose(this, axes);
  },
  expandDims(axis) {
    const at = normalizeAxis("expandDims", axis, this.rank + 1);
    return ops.reshape(this, [...this.shape.slice(0, at), 1, ...this.shape.slice(at)]);
  },
  squeeze(axis) {
    const at = normalizeAxis("squeeze", axis, this.rank);
    if (this.shape[at] !== 1) {
      fail({
        code: "shape",
        given: `squeeze: axis ${axis} of shape ${showShape(this.shape)}`,
        allowed: "an axis of size 1",
      });
    }
    return ops.reshape(this, [...this.shape.slice(0, at), ...this.shape.slice(at + 1)]);
  },
  broadcastTo(shape) {
    return ops.broadcastTo(this, shape);
  },
  slice(axis, start, end) {
    return ops.slice(this, axis, start, end);
  },
  gather(rows) {
    return ops.gather(this, rows);
  },
  cast(dtype) {
    return ops.cast(this, dtype);
  },
};

function numbersOf(t: Tensor, asked: string): Data {
  if (t.source.kind === "data") return t.source.data;
  return t.source.kind === "resident" ? dataOf(t) : evaluate([t], asked)[0]!;
}

function nest(data: Data, shape: Shape, depth: number, at: number): number | Nested {
  if (depth === shape.length) return data[at]!;
  const step = shape.slice(depth + 1).reduce((a, b) => a * b, 1);
  return Array.from({ length: shape[depth]! }, (_, i) => nest(data, shape, depth + 1, at + i * step));
}

for (const [name, method] of Object.entries(methods)) {
  Object.defineProperty(Tensor.prototype, name, { value: method, writable: true, configurable: true });
}
