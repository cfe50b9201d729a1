import { fail } from "../errors.js";
import { allocate, type DType } from "../graph/dtype.js";
import { operand, type TensorLike } from "../graph/literal.js";
import type { StructuralRecord, Value } from "../graph/record.js";
import { broadcastShapes, type Shape, showShape, sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { broadcastTo, reshape } from "./movement.js";
import { node, unify } from "./op.js";

export interface MatmulLayout {
  readonly batch: number;
  readonly m: number;
  readonly k: number;
  readonly n: number;
}

/** Sizes of a product of [...batch, m, k] (or [k, m] when transposed) with [...batch, k, n] (or [n, k]). */
export function matmulLayout(a: Shape, b: Shape, transA: boolean, transB: boolean): MatmulLayout {
  const [rows, columns] = a.slice(-2) as [number, number];
  return {
    batch: sizeOf(a.slice(0, -2)),
    m: transA ? columns : rows,
    k: transA ? rows : columns,
    n: b[b.length - (transB ? 2 : 1)] as number,
  };
}

/** Each element is the sum over k of a·b, one term after the other, starting from 0. */
const record: StructuralRecord = {
  kind: "matmul",
  name: "matmul",
  shape: ([a, b], { transA, transB }) => {
    const { m, n } = matmulLayout(a as Shape, b as Shape, transA as boolean, transB as boolean);
    return [...(a as Shape).slice(0, -2), m, n];
  },
  dtype: ([a]) => a as DType,
  grad: ({ inputs, dy, attrs }) => {
    const [a, b] = inputs as [Tensor, Tensor];
    const { transA, transB } = attrs as { transA: boolean; transB: boolean };
    return [
      transA ? product(b, dy, transB, true) : product(dy, b, false, !transB),
      transB ? product(dy, a, true, transA) : product(a, dy, !transA, false),
    ];
  },
  reference: ([a, b], out, { transA, transB }) => {
    const [x, y] = [a as Value, b as Value];
    const { batch, m, k, n } = matmulLayout(x.shape, y.shape, transA as boolean, transB as boolean);
    const round = out.dtype === "float32" ? Math.fround : (v: number) => v;
    const result = allocate(out.dtype, batch * m * n);
    const [ai, ak] = transA ? [1, m] : [k, 1];
    const [bk, bj] = transB ? [1, k] : [n, 1];
    for (let s = 0; s < batch; s++) {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let total = 0;
          for (let l = 0; l < k; l++) {
            const left = x.data[s * m * k + i * ai + l * ak] as number;
            const right = y.data[s * k * n + l * bk + j * bj] as number;
            total = round(total + round(left * right));
          }
          result[(s * m + i) * n + j] = total;
        }
      }
    }
    return result;
  },
};

const product = (a: Tensor, b: Tensor, transA: boolean, transB: boolean): Tensor =>
  node(record, [a, b], { transA, transB });

/**
 * Matrix product over the last two axes; leading axes broadcast.
 *
 * @shape  [...batch, m, k] · [...batch, k, n] = [...batch, m, n]
 * @throws CredenceError `shape`: rank below 2, or inner sizes that differ
 */
export function matmul(x: TensorLike, y: TensorLike): Tensor {
  const [a, b] = unify("matmul", [operand("matmul", x), operand("matmul", y)], "float") as [Tensor, Tensor];
  if (a.rank < 2 || b.rank < 2 || a.shape[a.rank - 1] !== b.shape[b.rank - 2]) {
    fail({
      code: "shape",
      given: `matmul: ${showShape(a.shape)} and ${showShape(b.shape)}`,
      allowed: "[..., m, k] and [..., k, n]",
      mend: a.rank < 2 || b.rank < 2 ? "give vectors a second axis with .expandDims(axis)" : "transpose one of them",
    });
  }
  if (a.rank === 2 && b.rank === 2) return product(a, b, false, false);
  const tail = [a.shape[a.rank - 2] as number, b.shape[b.rank - 1] as number];
  if (b.rank === 2) {
    const flat = product(reshape(a, [sizeOf(a.shape.slice(0, -1)), a.shape[a.rank - 1] as number]), b, false, false);
    return reshape(flat, [...a.shape.slice(0, -1), tail[1] as number]);
  }
  const batch = broadcastShapes("matmul", [a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const spread = (t: Tensor): Tensor => broadcastTo(t, [...batch, ...t.shape.slice(-2)]);
  return product(spread(a), spread(b), false, false);
}
