import { fail } from "../errors.js";
import { tensor } from "../graph/literal.js";
import { sizeOf } from "../graph/shape.js";
import type { Tensor } from "../graph/tensor.js";
import { factorOf, halfLogDeterminant } from "../linalg/cholesky.js";
import { refuseIndefinite } from "../linalg/indefinite.js";
import { requireSystem } from "../linalg/operands.js";
import * as ops from "../ops/index.js";
import { evaluate } from "../tensor/evaluate.js";
import { isTracing } from "../trace.js";

/** How a matrix of scales is given: itself, its inverse, or its lower Cholesky factor. */
export type MatrixForm = "matrix" | "inverse" | "factor";

/** A positive definite matrix Σ = L Lᵀ by its factor: what elliptic laws need of it. */
export interface ScaleMatrix {
  /** L. @shape [...batch, d, d] */
  readonly tril: Tensor;
  /** Σ. @shape [...batch, d, d] */
  matrix(): Tensor;
  /** The diagonal of Σ. @shape [...batch, d] */
  diagonal(): Tensor;
  /** L⁻¹ v. @shape [..., ...batch, d] */
  whiten(v: Tensor): Tensor;
  /** L v. @shape [..., ...batch, d] */
  apply(v: Tensor): Tensor;
  /** log det L. @shape batch */
  halfLogDeterminant(): Tensor;
}

/**
 * @param what   such as "MultivariateNormal: covarianceMatrix", for errors
 * @param given  checked to be symmetric, or to be a factor
 * @throws CredenceError `domain`: known, and not positive definite
 */
export function scaleMatrix(what: string, given: Tensor, form: MatrixForm): ScaleMatrix {
  if (form === "inverse") return fromInverse(what, given);
  const tril = form === "matrix" ? factored(what, given) : ops.tril(given);
  return {
    tril,
    matrix: () => (form === "matrix" ? given : ops.matmul(tril, ops.matrixTranspose(tril))),
    diagonal: () => (form === "matrix" ? ops.diagonal(given) : tril.square().sum(-1)),
    whiten: (v) =>
      columnwise(tril, v, (t, b) =>
        ops.triangularSolve(...requireSystem(what, t, b), { lower: true, transposed: false }),
      ),
    apply: (v) => columnwise(tril, v, ops.matmul),
    halfLogDeterminant: () => halfLogDeterminant(tril),
  };
}

/**
 * With the axes in reverse order, Σ⁻¹ = C Cᵀ gives Σ⁻¹ = Uᵀ U with a lower triangular U: it whitens, and its inverse is L.
 */
function fromInverse(what: string, given: Tensor): ScaleMatrix {
  const d = given.shape[given.rank - 1] as number;
  const identity = ops.diagonalMatrix(tensor(new Float64Array(d).fill(1)).cast(given.dtype));
  const exchange = ops.gather(
    identity,
    Int32Array.from({ length: d }, (_, i) => d - 1 - i),
  );
  const reversed = (x: Tensor): Tensor => ops.matmul(ops.matmul(exchange, x), exchange);
  const whitener = ops.matrixTranspose(reversed(factored(`${what}, with its axes reversed,`, reversed(given))));
  const solve = (t: Tensor, b: Tensor): Tensor =>
    ops.triangularSolve(...requireSystem(what, t, b), { lower: true, transposed: false });
  const tril = solve(whitener, identity);
  return {
    tril,
    matrix: () => ops.matmul(tril, ops.matrixTranspose(tril)),
    diagonal: () => tril.square().sum(-1),
    whiten: (v) => columnwise(whitener, v, ops.matmul),
    apply: (v) => columnwise(whitener, v, solve),
    halfLogDeterminant: () => halfLogDeterminant(whitener).neg(),
  };
}

function factored(what: string, matrix: Tensor): Tensor {
  const factor = factorOf(matrix);
  if (!isTracing()) {
    evaluate([matrix, factor]);
    refuseIndefinite(what, matrix, factor);
  }
  return factor;
}

/**
 * f(matrix, columns) for vectors: axes in front of the matrices' batch become columns, so that one matrix serves all of them.
 *
 * @param matrix  [...batch, d, d]
 * @param v       [..., ...batch, d]
 */
function columnwise(matrix: Tensor, v: Tensor, f: (matrix: Tensor, columns: Tensor) => Tensor): Tensor {
  const batch = matrix.rank - 2;
  const front = v.shape.slice(0, Math.max(0, v.rank - 1 - batch));
  if (front.length === 0) return f(matrix, v.expandDims(-1)).squeeze(-1);
  const rest = v.shape.slice(front.length);
  const own = rest.map((_, axis) => axis);
  const columns = v.reshape([sizeOf(front), ...rest]).transpose([...own.map((axis) => axis + 1), 0]);
  const out = f(matrix, columns);
  const last = out.rank - 1;
  const back = out.transpose([last, ...out.shape.slice(1).map((_, axis) => axis)]);
  return back.reshape([...front, ...back.shape.slice(1)]);
}

/**
 * Which of several names for one parameter is given.
 *
 * @throws CredenceError `argument`: none, or more than one
 */
export function givenOf<K extends string>(
  name: string,
  params: Readonly<Record<string, unknown>>,
  names: readonly K[],
): K {
  const given = names.filter((key) => params[key] !== undefined);
  if (given.length !== 1) {
    fail({
      code: "argument",
      given: `${name}: ${given.length === 0 ? `none of ${names.join(", ")} is` : `${given.join(" and ")} are`} given`,
      allowed: `exactly one of ${names.join(", ")}`,
    });
  }
  return given[0] as K;
}
