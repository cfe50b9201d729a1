import type { Tensor } from "credence";
import * as ops from "../../src/ops/index.js";
import { type Draw, fit, LARGEST, type Step } from "./draw.js";

/** As much of the last two axes as makes matrices square. */
const square = (draw: Draw, any: Tensor): Tensor => {
  const x = draw.ranked(any, 2);
  const n = Math.min(x.shape[x.rank - 1]!, x.shape[x.rank - 2]!);
  return ops.slice(ops.slice(x, -1, 0, n), -2, 0, n);
};

/** Steps of ops on square matrices. */
export const matrixSteps = {
  cholesky: (draw) => {
    const x = square(draw, draw.float());
    return ops.cholesky(draw.flag() ? x : ops.matmul(x, ops.matrixTranspose(x)));
  },
  triangularSolve: (draw) => {
    const [t, x] = [square(draw, draw.float()), draw.ranked(draw.any(), 2)];
    const n = Math.min(t.shape[t.rank - 1]!, x.shape[x.rank - 2]!);
    const batch = t.shape.slice(0, -2);
    const right = fit(ops.slice(ops.cast(x, t.dtype), -2, 0, n), [...batch, 0, 0], { keep: 2, into: true });
    return ops.triangularSolve(
      ops.slice(ops.slice(t, -1, 0, n), -2, 0, n),
      ops.broadcastTo(right, [...batch, n, right.shape[right.rank - 1]!]),
      { lower: draw.flag(), transposed: draw.flag() },
    );
  },
  tril: (draw) => ops.tril(square(draw, draw.any())),
  triu: (draw) => ops.triu(square(draw, draw.any())),
  diagonal: (draw) => ops.diagonal(square(draw, draw.any())),
  diagonalMatrix: (draw) => {
    const x = draw.ranked(draw.any(), 1);
    return ops.diagonalMatrix(x.size * x.shape[x.rank - 1]! > LARGEST ? ops.slice(x, 0, 0, 1) : x);
  },
  matrixTranspose: (draw) => ops.matrixTranspose(draw.ranked(draw.any(), 2)),
} satisfies Record<string, Step>;
